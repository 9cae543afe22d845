import type { Dataset } from '#core/source.ts'
import type { TradeDate } from '#core/trade-date.ts'
import { absentRows } from '#imports/check-rows.ts'
import { DATABASE } from '#warehouse/engine/engine.ts'
import type { App } from './app.ts'
import type { VerbEvent } from './verb.ts'

const TABLES = ['ods_daily', 'ods_adj_factor', 'ods_suspend_d'] as const

/** Days looked at together: what is read of them fits into memory for any market. */
const DAYS_AT_ONCE = 60

/**
 * 缺行检查 (spec pipeline §8.3): days that were fetched, against each other's tables: which stocks have neither a bar nor a suspension, or no factor. Found ones are in the quality log
 * and told; a later fetch of the day brings them. Days of which one of the tables was never fetched are not judged.
 */
export async function checkAbsent(app: App, dates: readonly TradeDate[], run: string, emit: (event: VerbEvent) => void): Promise<void> {
  const stateOf = app.ledger.partitions.reader()
  const judged = dates.filter((date) => TABLES.every((table) => stateOf(table, date) !== undefined))
  for (let at = 0; at < judged.length; at += DAYS_AT_ONCE) {
    const part = judged.slice(at, at + DAYS_AT_ONCE)
    const rowsOf = async (table: Dataset, more = '') => [
      await app.engine.frame(
        `select trade_date, ts_code${more} from ${DATABASE}.${table} final where trade_date between {from:UInt32} and {to:UInt32} order by trade_date, ts_code`,
        { params: { from: part[0]!, to: part.at(-1)! } },
      ),
    ]
    const wanted = new Set<number>(part)
    const absent = absentRows({
      bars: await rowsOf('ods_daily'),
      factors: await rowsOf('ods_adj_factor'),
      suspended: await rowsOf('ods_suspend_d', ', suspend_type'),
    }).filter(({ date }) => wanted.has(date))
    for (const [key, rows] of Map.groupBy(absent, ({ table, date }) => `${table} ${date}`)) {
      const { table, date } = rows[0]!
      const sample = rows.slice(0, 20).map(({ code }) => code)
      app.ledger.checks.record([
        {
          checkId: 'QC-FETCH-ABSENT',
          target: table,
          date: date as TradeDate,
          runId: run,
          severity: 'WARN',
          passed: false,
          metric: rows.length,
          threshold: 0,
          sample,
        },
      ])
      emit({ type: 'message', level: 'warning', text: `${key}: ${rows.length} stocks are absent, such as ${sample[0]}. Other tables of the day know them` })
    }
  }
}
