import { labelAt, labels, numbers } from '#core/frame.ts'
import type { TickDay } from '#core/tick.ts'
import type { TradeDate } from '#core/trade-date.ts'
import { admitTicks } from '#micro/admit-ticks.ts'
import { classifySides, type ClassifiedDay } from '#micro/classify-sides.ts'
import { withQuotesInForce, type QuoteSeries } from '#micro/quotes-in-force.ts'
import type { Engine } from './engine/engine.ts'
import { segmentsOfDay } from './tick-segments.ts'

/** The stocks with a recorded book on a day; `codes` narrows the search, absent = all. */
export async function quotedStocks(engine: Engine, date: TradeDate, codes?: readonly string[]): Promise<ReadonlySet<string>> {
  const only = codes === undefined ? '' : ' and ts_code in {codes:Array(String)}'
  const frame = await engine.frame(`select distinct ts_code from fupan.ods_quote where trade_date = {date:UInt32}${only}`, {
    params: { date, ...(codes === undefined ? {} : { codes }) },
  })
  const code = labels(frame, 'ts_code')
  return new Set(Array.from({ length: frame.length }, (_, row) => labelAt(code, row)!))
}

/** 判定一日: a stock's raw ticks with the recorded book in force where there is one, admitted, and each given its segment and side. One judgement for every table. */
export async function classifiedDay(engine: Engine, raw: TickDay, quoted: ReadonlySet<string>): Promise<ClassifiedDay> {
  const withBook = quoted.has(raw.code) ? withQuotesInForce(raw, await quotesOf(engine, raw)) : raw
  const { day, segments } = admitTicks(withBook, segmentsOfDay(withBook))
  return { day, segments, sides: classifySides(day, segments) }
}

async function quotesOf(engine: Engine, { code, date }: TickDay): Promise<QuoteSeries> {
  const frame = await engine.frame(
    `select at, toFloat64(ifNull(bid1, nan)) as bid1, toFloat64(ifNull(ask1, nan)) as ask1 from fupan.ods_quote
     where trade_date = {date:UInt32} and ts_code = {code:String} order by source, seq`,
    { params: { date, code } },
  )
  return { at: numbers(frame, 'at') as Float64Array, bid1: numbers(frame, 'bid1') as Float64Array, ask1: numbers(frame, 'ask1') as Float64Array }
}
