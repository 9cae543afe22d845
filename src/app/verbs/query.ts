import { UsageError } from '#core/errors.ts'
import { EngineError } from '#warehouse/engine/engine.ts'
import { isReadOnlySelect, readOnlySettings } from '#warehouse/engine/guard.ts'
import { z } from 'zod'
import { mirrorLedger } from '../mirror-ledger.ts'
import { defineVerb } from '../verb.ts'

const MOST_ROWS = 10_000

/** 查询: one read-only SELECT over any table of the warehouse or the ledger, bounded in rows, bytes and time. */
export const query = defineVerb({
  name: 'query',
  args: z.strictObject({ sql: z.string().min(1).max(100_000), limit: z.number().int().min(1).max(100_000).default(MOST_ROWS) }),
  async run(app, { sql, limit }, { signal }) {
    const allowed = isReadOnlySelect(sql)
    if (!allowed.ok) throw new UsageError(`Cannot run this query: ${allowed.reason}. One SELECT over the tables of \`fupan list tables\` is what can be asked`)
    const text = sql.trim().replace(/;\s*$/, '')
    const isSelect = /^(?:\(|select|with)\b/i.test(text.replace(/^(?:--[^\n]*\n|\/\*[\s\S]*?\*\/|\s)+/, ''))
    await mirrorLedger(app, text)
    const started = app.clock.now()
    try {
      const described = isSelect ? await app.engine.describe(text, { signal }) : undefined
      const rows = await app.engine.rows<Record<string, unknown>>(isSelect ? `select * from (${text}\n) limit ${limit + 1}` : text, {
        signal,
        settings: readOnlySettings,
      })
      const columns = described?.map(({ name }) => name) ?? Object.keys(rows[0] ?? {})
      return {
        exitCode: 0,
        data: {
          columns,
          rows: rows.slice(0, limit).map((row) => columns.map((column) => cellOf(row[column]))),
          truncated: rows.length > limit,
          milliseconds: app.clock.now() - started,
        },
      }
    } catch (error) {
      // Expected: what a person typed does not parse, names no table, or asks for too much.
      if (error instanceof EngineError && error.kind !== 'unavailable' && error.kind !== 'locked') throw new UsageError(error.message, { cause: error })
      throw error
    }
  },
})

/** Lists and nested values of an ad-hoc query as JSON text: a cell is a number, a text or nothing. */
function cellOf(value: unknown): string | number | boolean | null {
  return value === null || value === undefined ? null : typeof value === 'object' ? JSON.stringify(value) : (value as string | number | boolean)
}
