import { defineSource, type Source } from '#core/source.ts'
import { checkRows } from '#imports/check-rows.ts'
import { findTable } from '#warehouse/tables.ts'

/** 校验: a source whose pages have passed the checks of their rows; what fails comes back beside the page with its reason, and is not loaded. */
export function checkedSource(source: Source): Source {
  return defineSource({
    ...source,
    isChecked: true,
    async *fetch(request, signal) {
      for await (const page of source.fetch(request, signal)) {
        const { frame, rejected } = checkRows(page.frame, findTable(page.dataset) ?? { name: page.dataset, grain: [] })
        yield rejected.length === 0 ? page : { ...page, frame, rejected: [...(page.rejected ?? []), ...rejected] }
      }
    },
  })
}
