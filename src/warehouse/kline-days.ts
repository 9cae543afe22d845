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
  const references = await referencePrices(engine, dates, options)
  const files = fileBars(engine, dates, options)[Symbol.asyncIterator]()
  let file = await files.next()
  for (const [i, date] of dates.entries()) {
    const reference = references.get(date) ?? new Map<string, number>()
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
    if (file.done !== true && file.value.date === date) {
      for (const stock of file.value.stocks) {
        if (ticked.has(stock.code)) continue
        const { minutes, bars } = stock
        waiting.push(minutes > 1 ? stock : { ...stock, bars: fillMinutes(bars, reference.get(stock.code) ?? NaN, bars.slot.at(-1)!) })
      }
      file = await files.next()
    }
    progress(i + 1, dates.length, 'days')
    if (waiting.length > 0) yield frameOfDay(date, waiting)
  }
}

/** 昨收 as traded, CNY, by day and stock: the reference price of the day, not a forward-adjusted one. */
async function referencePrices(
  engine: Engine,
  dates: readonly TradeDate[],
  { codes, signal }: Pick<ComputeRequest, 'codes' | 'signal'>,
): Promise<ReadonlyMap<number, ReadonlyMap<string, number>>> {
  const only = codes === undefined ? '' : ' and ts_code in {codes:Array(String)}'
  const frame = await engine.frame(
    `select trade_date, ts_code, pre_close from fupan.dwd_daily where trade_date in {dates:Array(UInt32)} and adjusted_scale = 0 and pre_close > 0${only}`,
    { params: { dates, ...(codes === undefined ? {} : { codes }) }, ...(signal === undefined ? {} : { signal }) },
  )
  const [date, code, price] = [numbers(frame, 'trade_date'), labels(frame, 'ts_code'), numbers(frame, 'pre_close')]
  const found = new Map<number, Map<string, number>>()
  for (let row = 0; row < frame.length; row++) found.getOrInsertComputed(date[row]!, () => new Map()).set(labelAt(code, row)!, price[row]!)
  return found
}

function frameOfDay(date: TradeDate, stocks: readonly StockDayBars[]): Frame {
  const pieces = stocks.map(({ minutes, bars }, day) => ({ interval: `${minutes}m`, bars: { day: new Int32Array(bars.slot.length).fill(day), ...bars } }))
  const days = stocks.map(({ code, source }) => ({ code, date, source }))
  return klineFrame(pieces, days, { is_final: () => 1, auction_merged: ({ slot }) => (slot[0] === 0 ? 0 : 1) })
}
