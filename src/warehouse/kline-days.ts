import { labelAt, labels, numbers, type Frame } from '#core/frame.ts'
import { LAST_SLOT } from '#core/session.ts'
import type { TradeDate } from '#core/trade-date.ts'
import { fillMinutes } from '#numeric/minute-bars.ts'
import type { Engine } from './engine/engine.ts'
import { fileBars, type StockDayBars } from './kline-file-bars.ts'
import { tickMinutes } from './kline-tick-minutes.ts'
import { klineFrame } from './kline-frame.ts'
import type { ComputeRequest } from './table.ts'
import { tickDays } from './tick-days.ts'

/** Rows handed on at a time: 60 MB. */
const ROWS = 400_000

/**
 * `market_klines`: of every stock with ticks its 241 minutes, of the others the finest bars a minute file gives. Minutes before the first trade are
 * flat at the reference price of the day where it is known, else absent; a file is filled up to its last bar only, because it may be of half a day.
 */
export async function* klineDays({ engine, dates, codes, signal, progress }: ComputeRequest): AsyncIterable<Frame> {
  const options = { ...(codes === undefined ? {} : { codes }), ...(signal === undefined ? {} : { signal }) }
  for (const [i, date] of dates.entries()) {
    const reference = await referencePrices(engine, date, options)
    const ticked = new Set<string>()
    const waiting: StockDayBars[] = []
    let rows = 0
    for await (const { day, source } of tickDays(engine, date, options)) {
      const traded = tickMinutes(day)
      if (traded.slot.length === 0) continue
      ticked.add(day.code)
      const bars = fillMinutes(traded, reference.get(day.code) ?? NaN, LAST_SLOT)
      waiting.push({ code: day.code, minutes: 1, bars, source })
      rows += bars.slot.length
      if (rows < ROWS) continue
      yield frameOfDay(date, waiting.splice(0))
      rows = 0
    }
    for (const stock of await fileBars(engine, date, options)) {
      if (ticked.has(stock.code)) continue
      const { minutes, bars } = stock
      waiting.push(minutes > 1 ? stock : { ...stock, bars: fillMinutes(bars, reference.get(stock.code) ?? NaN, bars.slot.at(-1)!) })
    }
    progress(i + 1, dates.length, 'days')
    if (waiting.length > 0) yield frameOfDay(date, waiting)
  }
}

/** 昨收 as traded, CNY: the reference price of the day, not a forward-adjusted one. */
async function referencePrices(
  engine: Engine,
  date: TradeDate,
  { codes, signal }: Pick<ComputeRequest, 'codes' | 'signal'>,
): Promise<ReadonlyMap<string, number>> {
  const only = codes === undefined ? '' : ' and ts_code in {codes:Array(String)}'
  const frame = await engine.frame(
    `select ts_code, pre_close from fupan.dwd_daily where trade_date = {date:UInt32} and adjusted_scale = 0 and pre_close > 0${only}`,
    { params: { date, ...(codes === undefined ? {} : { codes }) }, ...(signal === undefined ? {} : { signal }) },
  )
  const [code, price] = [labels(frame, 'ts_code'), numbers(frame, 'pre_close')]
  return new Map(Array.from({ length: frame.length }, (_, row) => [labelAt(code, row)!, price[row]!]))
}

function frameOfDay(date: TradeDate, stocks: readonly StockDayBars[]): Frame {
  const parts = stocks.map(({ code, minutes, source, bars }) => ({ code, date, interval: `${minutes}m`, source, bars }))
  return klineFrame(parts, { is_final: () => 1, auction_merged: ({ slot }) => (slot[0] === 0 ? 0 : 1) })
}
