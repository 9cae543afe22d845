import { toLabels, type Frame } from '#core/frame.ts'
import { DATABASE } from '#warehouse/engine/engine.ts'
import type { App } from './app.ts'

const MOST_ROWS = 100_000

/**
 * Make the ledger's tables readable from a query: those the text names are copied into the engine as they stand now, under their own names.
 * They are small; the copy is made anew for every query.
 */
export async function mirrorLedger(app: App, sql: string): Promise<void> {
  for (const { name, columns } of app.ledger.tables()) {
    if (!new RegExp(`\\b${name}\\b`).test(sql)) continue
    const isText = columns.map(({ type }) => type === 'text' || type === '')
    const types = columns.map(({ name: column }, i) => `\`${column}\` ${isText[i] === true ? 'Nullable(String)' : 'Nullable(Float64)'}`)
    await app.engine.exec(`create or replace table ${DATABASE}.${name} (${types.join(', ')}) engine = MergeTree order by tuple()`)
    const { rows } = app.ledger.readTable(name, MOST_ROWS)
    if (rows.length === 0) continue
    const frame: Frame = {
      length: rows.length,
      columns: Object.fromEntries(
        columns.map(({ name: column }, i) => [
          column,
          isText[i] === true
            ? toLabels(rows.map((row) => (row[i] === null ? undefined : String(row[i] as string | number))))
            : Float64Array.from(rows, (row) => (row[i] === null ? NaN : Number(row[i]))),
        ]),
      ),
    }
    await app.engine.insert(name, frame)
  }
}
