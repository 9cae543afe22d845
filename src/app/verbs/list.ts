import { nearest, UsageError } from '#core/errors.ts'
import { detectors } from '#detectors/index.ts'
import { importKinds } from '#imports/kinds/index.ts'
import { sources } from '#sources/index.ts'
import { tables } from '#warehouse/tables.ts'
import { z } from 'zod'
import { systemClock } from '../system-clock.ts'
import { defineVerb } from '../verb.ts'

const registries: Readonly<
  Record<string, () => readonly { readonly name: string; readonly label: { readonly zh: string; readonly en: string }; readonly about: string }[]>
> = {
  tables: () => tables.map(({ name, label, about, layer }) => ({ name, label, about: `${layer}: ${about}` })),
  imports: () => importKinds.map(({ name, label, about }) => ({ name, label, about })),
  detectors: () => detectors.map(({ name, label, version }) => ({ name, label, about: `version ${version}` })),
  sources: () => sources.map((make) => make(NOTHING)).map(({ name, label, datasets }) => ({ name, label, about: datasets.join(', ') })),
}

/** Settings that make any source, of which nothing is then asked. */
const NOTHING = {
  seed: 1,
  size: 1,
  dates: [],
  token: '',
  callsPerMinute: 1,
  clock: systemClock,
  transport: () => Promise.reject(new Error('a source that is only listed asks nothing')),
}

/** 清单: what is registered: tables, import kinds, detectors, sources. */
export const list = defineVerb({
  name: 'list',
  args: z.strictObject({ what: z.string().default('tables') }),
  async run(_app, { what }) {
    const registry = registries[what]
    if (registry === undefined) {
      const near = nearest(what, Object.keys(registries))
      throw new UsageError(`Cannot list ${what}: the lists are ${Object.keys(registries).join(', ')}${near === undefined ? '' : ` (did you mean ${near}?)`}`)
    }
    return { exitCode: 0, data: { what, rows: registry() } }
  },
})
