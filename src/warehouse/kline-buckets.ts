import type { Frame } from '#core/frame.ts'
import { INTERVALS, minutesOf, segmentMinutes, SESSION_SHAPES, slotEnd, type Interval } from '#core/kline-interval.ts'
import { instantOf } from '#core/shanghai-time.ts'
import type { TradeDate } from '#core/trade-date.ts'
import type { Bars } from '#numeric/fold-bars.ts'
import type { TradedMinutes } from '#numeric/minute-bars.ts'
import { minuteBuckets } from '#numeric/minute-buckets.ts'
import { resampleBars, type Resampled } from '#numeric/resample-bars.ts'

/** Bars of one stock-day at one length in minutes, CNY and shares, `slot` the last minute of each. */
export interface StockDay {
  readonly code: string
  readonly minutes: number
  readonly bars: TradedMinutes
  readonly source: string
}

const DAY_MINUTES = 240
const LAST_SLOT = 240

/** What a day of minutes is folded into, and how many minutes of the session each bar covers. */
const FOLDED = INTERVALS.filter((interval) => interval !== '1m' && interval !== '1w' && interval !== '1M').map((interval) => {
  const minutes = minutesOf(interval) ?? DAY_MINUTES
  return { interval, minutes, buckets: minuteBuckets(segmentMinutes(SESSION_SHAPES.cn), minutes) }
})

const VALUES = ['open', 'high', 'low', 'close', 'volume', 'amount', 'trades'] as const satisfies readonly (keyof Bars)[]

/**
 * Rows of `market_kline_buckets` of one day: every stock folded into each coarser interval its bars divide. A bar is final when the session has passed its last minute slot
 * (`passed`; 240 = the day is over). By stock, then interval, then time.
 */
export function bucketFrame(date: TradeDate, stocks: readonly StockDay[], passed = LAST_SLOT): Frame {
  const parts: { readonly stock: number; readonly interval: Interval; readonly bars: Resampled }[] = []
  for (const [k, { minutes, bars }] of stocks.entries())
    for (const { interval, minutes: length, buckets } of FOLDED)
      if (length > minutes && length % minutes === 0)
        parts.push({ stock: k, interval, bars: resampleBars({ day: new Int32Array(bars.slot.length), ...bars }, buckets) })
  const length = parts.reduce((sum, { bars }) => sum + bars.slot.length, 0)
  const intervals: readonly Interval[] = FOLDED.map(({ interval }) => interval)
  const sources = [...new Set(stocks.map(({ source }) => source))]
  const columns = Object.fromEntries(VALUES.map((name) => [name, new Float64Array(length)]))
  const [code, interval, source, final] = [new Uint32Array(length), new Uint32Array(length), new Uint32Array(length), new Uint8Array(length)]
  const time = new Float64Array(length)
  const midnight = instantOf(date, 0)
  let at = 0
  for (const { stock, interval: name, bars } of parts) {
    const end = at + bars.slot.length
    code.fill(stock, at, end)
    interval.fill(intervals.indexOf(name), at, end)
    source.fill(sources.indexOf(stocks[stock]!.source), at, end)
    for (const column of VALUES) columns[column]!.set(bars[column], at)
    for (let k = 0; k < bars.slot.length; k++) {
      time[at + k] = midnight + slotEnd(SESSION_SHAPES.cn, bars.slot[k]!)
      final[at + k] = bars.slot[k]! <= passed ? 1 : 0
    }
    at = end
  }
  return {
    length,
    columns: {
      trade_date: new Uint32Array(length).fill(date),
      ts_code: { index: code, values: stocks.map((stock) => stock.code) },
      interval: { index: interval, values: intervals },
      time,
      ...columns,
      is_final: final,
      source: { index: source, values: sources },
    },
  }
}
