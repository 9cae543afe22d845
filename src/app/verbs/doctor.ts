import { z } from 'zod'
import { differences } from '#warehouse/schema.ts'
import { tables } from '#warehouse/tables.ts'
import { statfsSync } from 'node:fs'
import type { Setting } from '../config.ts'
import { defineVerb } from '../verb.ts'

/** 体检: every setting with where it came from (secrets masked), the engine, the disk, the tables. */
export const doctor = defineVerb({
  name: 'doctor',
  args: z.strictObject({}),
  async run(app) {
    const { threadPoolSize, ...settings } = app.config
    const disk = statfsSync(app.folders.root)
    const free = disk.bavail * disk.bsize
    const odd = await differences(app.engine, tables)
    const checks = [
      { check: 'node', ok: Number(process.versions.node.split('.')[0]) >= 26, found: process.versions.node, rule: 'Node 26 or newer' },
      { check: 'engine', ok: true, found: `${app.engine.flavour} ${await app.engine.version()}`, rule: 'answers' },
      {
        check: 'tables',
        ok: odd.length === 0,
        found: odd.length === 0 ? `${tables.length} as defined` : odd.map(({ table, column }) => `${table}.${column}`).join(', '),
        rule: 'columns equal the definitions',
      },
      { check: 'disk', ok: free > 2e9, found: `${(free / 1e9).toFixed(1)} GB free`, rule: 'at least 2 GB free' },
      {
        check: 'calendar',
        ok: app.calendar.to > app.calendar.lastCompleted(app.clock.now()),
        found: `${app.calendar.from}..${app.calendar.to}`,
        rule: 'reaches beyond today',
      },
    ]
    return {
      exitCode: checks.every(({ ok }) => ok) ? 0 : 69,
      data: {
        world: app.world,
        checks,
        settings: Object.entries(settings as Readonly<Record<string, Setting<unknown>>>).map(([name, { value, from, secret }]) => ({
          name,
          value: value === undefined ? undefined : secret ? '••••' : value,
          from,
        })),
        threadPoolSize,
      },
    }
  },
})
