import { boardOf, exchangeOf, type Code } from '#core/code.ts'
import { labelAt, labels, numbers, type Frame } from '#core/frame.ts'
import { limitsOf } from '#core/price-limit.ts'
import type { TradeDate } from '#core/trade-date.ts'
import type { dwdStockLabelDaily } from './dwd/dwd_stock_label_daily.ts'
import { FrameBuilder } from './frame-builder.ts'
import { sqlOf } from './table-sql.ts'
import type { ComputeRequest } from './table.ts'

const BLOCK = 200_000

/** `dwd_stock_label_daily`: the facts come from SQL, the price limits from the dated rules of core/price-limit.ts. */
export async function* labelDays({ table, engine, dates, codes, signal, progress }: ComputeRequest): AsyncIterable<Frame> {
  const builder = new FrameBuilder(table as typeof dwdStockLabelDaily)
  const wanted = codes === undefined ? undefined : new Set(codes)
  const facts = engine.frames(sqlOf(table), { params: { from: dates[0]!, to: dates.at(-1)! }, ...(signal === undefined ? {} : { signal }) })
  let done = 0
  for await (const frame of facts) {
    const code = labels(frame, 'ts_code')
    const column = (name: string) => numbers(frame, name)
    const [date, close, preClose, listDays, listDate, suspended, st] = [
      'trade_date',
      'close',
      'pre_close',
      'list_days',
      'list_date',
      'suspend_days',
      'is_st',
    ].map(column)
    for (let row = 0; row < frame.length; row++) {
      const name = labelAt(code, row)! as Code
      if (wanted !== undefined && !wanted.has(name)) continue
      const limits = limitsFor(name, date![row]! as TradeDate, preClose![row]!, listDays![row]!, listDate![row]! as TradeDate, st![row] === 1)
      const milli = Math.round(close![row]! * 1000)
      const traded = suspended![row] === 0
      builder.push({
        trade_date: date![row]!,
        ts_code: name,
        board: boardOf(name),
        is_st: st![row]!,
        is_delisting: NaN,
        list_days: listDays![row]!,
        is_suspended: traded ? 0 : 1,
        suspend_days: suspended![row]!,
        limit_pct: limits?.percent === undefined ? NaN : limits.percent / 100,
        no_limit_reason: limits?.noLimit,
        up_limit: limits?.up === undefined ? NaN : limits.up / 1000,
        down_limit: limits?.down === undefined ? NaN : limits.down / 1000,
        is_limit_up: limits === undefined || !traded ? NaN : limits.up === milli ? 1 : 0,
        is_limit_down: limits === undefined || !traded ? NaN : limits.down === milli ? 1 : 0,
      })
    }
    done += frame.length
    progress(done, done, 'rows')
    if (builder.length >= BLOCK) yield builder.take()
  }
  if (builder.length > 0) yield builder.take()
}

/** Nothing when the reference price is not known: suspended, forward-adjusted bars, a vendor without previous closes. */
function limitsFor(code: Code, date: TradeDate, preClose: number, listDays: number, listDate: TradeDate, isSt: boolean) {
  if (!(preClose > 0)) return undefined
  return limitsOf({ prevClose: Math.round(preClose * 1000), board: boardOf(code), exchange: exchangeOf(code), date, isSt, listDays, listDate })
}
