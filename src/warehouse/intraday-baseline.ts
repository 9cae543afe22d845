import type { Frame } from '#core/frame.ts'
import type { TradeDate } from '#core/trade-date.ts'
import { dwsIntradayBaseline } from './dws/dws_intraday_baseline.ts'
import type { Engine } from './engine/engine.ts'
import { sqlOf } from './table-sql.ts'

/**
 * The rows of `dws_intraday_baseline` for any market day of the calendar, built or not, the next one included: the table's own SQL, run now.
 * Ordered by code and bucket; only `codes` when given. A stock with fewer than five days of ticks has no rows.
 */
export function intradayBaselineOn(engine: Engine, date: TradeDate, codes?: readonly string[], signal?: AbortSignal): Promise<Frame> {
  const only = codes === undefined ? '' : ' where ts_code in {codes:Array(String)}'
  return engine.frame(`select * from (\n${sqlOf(dwsIntradayBaseline)}\n)${only} order by ts_code, bucket`, {
    params: { from: date, to: date, ...(codes === undefined ? {} : { codes }) },
    ...(signal === undefined ? {} : { signal }),
  })
}
