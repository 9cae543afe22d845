import { explain as explainTarget } from '#warehouse/explain.ts'
import { z } from 'zod'
import { defineVerb } from '../verb.ts'

/** 说明: a table or one of its columns: meaning, unit, formula, lineage, last build, last failed audit. */
export const explain = defineVerb({
  name: 'explain',
  args: z.strictObject({ target: z.string() }),
  async run(app, { target }) {
    const [table = ''] = target.split('.')
    const explanation = explainTarget(target)
    const covered = app.ledger.partitions.coverage().find((each) => each.table === table)
    return {
      exitCode: 0,
      data: {
        ...explanation,
        built: covered === undefined ? undefined : { from: covered.from, to: covered.to, days: covered.days, rows: covered.rows, version: covered.version },
        failedAudits: app.ledger.checks.about(table, { failedOnly: true, limit: 5 }),
      },
    }
  },
})
