import { numbers, labels, labelAt } from '#core/frame.ts'
import type { TradeDate } from '#core/trade-date.ts'
import { WHOLE } from '#dag/fingerprint.ts'
import type { BuiltDay } from '#ledger/partition-states.ts'
import type { Ledger } from '#ledger/ledger.ts'
import { DATABASE, type Engine } from '#warehouse/engine/engine.ts'
import type { Table } from '#warehouse/table.ts'
import { isWhole } from './night-graph.ts'

/** Write down that days of a raw table arrived or changed: from then on what reads them is stale. A table without days has one state. */
export async function recordArrival(engine: Engine, ledger: Ledger, table: Table, version: number, batch: string, dates: readonly TradeDate[]): Promise<void> {
  const days = await contentOf(engine, table, dates)
  if (days.length > 0) ledger.partitions.record({ table: table.name, version, runId: batch, days })
}

/** Rows and content hash per day of a table, the day with which they arrive. Days without rows are listed with 0 rows, so that "built and empty" differs from "never built". */
export async function contentOf(engine: Engine, table: Table, dates: readonly TradeDate[]): Promise<readonly BuiltDay[]> {
  const digest = `hex(groupBitXor(cityHash64(tuple(${Object.keys(table.columns).join(', ')}))))`
  if (isWhole(table)) {
    const [row] = await engine.rows<{ rows: number; digest: string }>(`select toUInt32(count()) as rows, ${digest} as digest from ${DATABASE}.${table.name}`)
    return [{ date: WHOLE, rows: row!.rows, digest: row!.digest }]
  }
  if (dates.length === 0) return []
  const frame = await engine.frame(
    `select ${table.arrivesWith ?? 'trade_date'} as day, toUInt32(count()) as rows, ${digest} as digest from ${DATABASE}.${table.name} where day between {from:UInt32} and {to:UInt32} group by day`,
    { params: { from: dates[0]!, to: dates.at(-1)! } },
  )
  const [date, rows, digests] = [numbers(frame, 'day'), numbers(frame, 'rows'), labels(frame, 'digest')]
  const found = new Map(Array.from({ length: frame.length }, (_, i) => [date[i]!, { rows: rows[i]!, digest: labelAt(digests, i)! }]))
  return dates.map((day) => ({ date: day, ...(found.get(day) ?? { rows: 0, digest: '' }) }))
}
