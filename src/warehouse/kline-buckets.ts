import type { Frame } from '#core/frame.ts'
import { INTERVALS, minutesOf, segmentMinutes, SESSION_SHAPES } from '#core/kline-interval.ts'
import { LAST_SLOT } from '#core/session.ts'
import type { TradeDate } from '#core/trade-date.ts'
import { BAR_COLUMNS, type Bars } from '#numeric/fold-bars.ts'
import type { TradedMinutes } from '#numeric/minute-bars.ts'
import { minuteBuckets } from '#numeric/minute-buckets.ts'
import { resampleBars } from '#numeric/resample-bars.ts'
import type { StockDayBars } from './kline-file-bars.ts'
import { klineFrame } from './kline-frame.ts'

/** What a day of minutes is folded into, and how many minutes of the session each bar covers. */
const FOLDED = INTERVALS.filter((interval) => interval !== '1m' && interval !== '1w' && interval !== '1M').map((interval) => {
  const minutes = minutesOf(interval) ?? LAST_SLOT
  return { interval, minutes, buckets: minuteBuckets(segmentMinutes(SESSION_SHAPES.cn), minutes) }
})

/** A stock's day to fold; buckets that end by slot `storedTo` are left out. */
export interface FoldedStock extends StockDayBars {
  readonly date: TradeDate
  readonly storedTo?: number
}

/**
 * Rows of `market_kline_buckets`: every stock-day folded into each coarser interval its bars divide. A bar is final when the session has passed its last minute slot
 * (`passed`; 240 = the day is over). In the order of the stock-days, then by interval and time.
 */
export function bucketFrame(stocks: readonly FoldedStock[], passed = LAST_SLOT): Frame {
  const parts = stocks.flatMap(({ code, date, minutes, source, bars, storedTo = -1 }) =>
    FOLDED.filter((to) => to.minutes > minutes && to.minutes % minutes === 0).map(({ interval, buckets }) => ({
      code,
      date,
      interval,
      source,
      bars: barsAfter(storedTo, resampleBars({ day: new Int32Array(bars.slot.length), ...bars }, buckets)),
    })),
  )
  return klineFrame(parts, { is_final: ({ slot }, bar) => (slot[bar]! <= passed ? 1 : 0) })
}

function barsAfter(slot: number, bars: TradedMinutes): TradedMinutes {
  const from = bars.slot.findIndex((last) => last > slot)
  if (from === 0) return bars
  const kept = from < 0 ? bars.slot.length : from
  const columns = Object.fromEntries(BAR_COLUMNS.map((name) => [name, bars[name].subarray(kept)])) as unknown as Bars
  return { slot: bars.slot.subarray(kept), ...columns }
}
