import { labelAt, labels, numbers, type Frame } from '#core/frame.ts'
import { SESSION_SHAPES, slotEnd } from '#core/kline-interval.ts'
import { instantOf } from '#core/shanghai-time.ts'
import type { TradeDate } from '#core/trade-date.ts'
import { fillMinutes } from '#numeric/minute-bars.ts'
import type { Engine } from './engine/engine.ts'
import { fileBars, type StockDayBars } from './kline-file-bars.ts'
import { tickMinutes } from './kline-tick-minutes.ts'
import type { ComputeRequest } from './table.ts'
import { tickDays } from './tick-days.ts'

/** Rows handed on at a time: 60 MB. */
const ROWS = 400_000

const LAST_SLOT = 240

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

const PRICES = ['open', 'high', 'low', 'close', 'volume', 'amount', 'trades'] as const

function frameOfDay(date: TradeDate, stocks: readonly StockDayBars[]): Frame {
  const length = stocks.reduce((sum, { bars }) => sum + bars.slot.length, 0)
  const intervals = [...new Set(stocks.map(({ minutes }) => minutes))]
  const sources = [...new Set(stocks.map(({ source }) => source))]
  const midnight = instantOf(date, 0)
  const columns = Object.fromEntries(PRICES.map((name) => [name, new Float64Array(length)]))
  const [code, interval, from] = [new Uint32Array(length), new Uint32Array(length), new Uint32Array(length)]
  const time = new Float64Array(length)
  const merged = new Uint8Array(length)
  let at = 0
  for (const [stock, { minutes, bars, source }] of stocks.entries()) {
    const end = at + bars.slot.length
    code.fill(stock, at, end)
    interval.fill(intervals.indexOf(minutes), at, end)
    from.fill(sources.indexOf(source), at, end)
    merged.fill(bars.slot[0] === 0 ? 0 : 1, at, end)
    for (const name of PRICES) columns[name]!.set(bars[name], at)
    for (const [k, slot] of bars.slot.entries()) time[at + k] = midnight + slotEnd(SESSION_SHAPES.cn, slot)
    at = end
  }
  return {
    length,
    columns: {
      trade_date: new Uint32Array(length).fill(date),
      ts_code: { index: code, values: stocks.map((stock) => stock.code) },
      interval: { index: interval, values: intervals.map((minutes) => `${minutes}m`) },
      time,
      ...columns,
      is_final: new Uint8Array(length).fill(1),
      auction_merged: merged,
      source: { index: from, values: sources },
    },
  }
}
