import { defineCommand } from '../command.ts'
import { textTable } from '../text-table.ts'

export const list = defineCommand({
  name: 'list',
  about: 'What is registered: tables, imports, detectors or sources',
  arguments: [{ name: '[what]', about: 'tables (default), imports, detectors, sources' }],
  options: [],
  examples: ['fupan list', 'fupan list imports'],
  does: 'verb',
  args: ([what]) => (what === undefined ? {} : { what }),
  render(data) {
    const { rows } = data as {
      readonly rows: readonly { readonly name: string; readonly label: { readonly zh: string; readonly en: string }; readonly about: string }[]
    }
    return textTable(
      ['name', '', 'about'],
      rows.map(({ name, label, about }) => [name, label.zh, about]),
      110,
    )
  },
})
