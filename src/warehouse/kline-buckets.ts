import type { Frame } from '#core/frame.ts'
import { INTERVALS, minutesOf, segmentMinutes, SESSION_SHAPES } from '#core/kline-interval.ts'
import { LAST_SLOT } from '#core/session.ts'
import { BAR_COLUMNS } from '#numeric/fold-bars.ts'
import type { TradedMinutes } from '#numeric/minute-bars.ts'
import { minuteBuckets } from '#numeric/minute-buckets.ts'
import { resampleBars, type MinuteBars } from '#numeric/resample-bars.ts'
import { klineFrame, type KlineDay } from './kline-frame.ts'

/** What a day of minutes is folded into, and how many minutes of the session each bar covers. */
const FOLDED = INTERVALS.filter((interval) => interval !== '1m' && interval !== '1w' && interval !== '1M').map((interval) => {
  const minutes = minutesOf(interval) ?? LAST_SLOT
  return { interval, minutes, buckets: minuteBuckets(segmentMinutes(SESSION_SHAPES.cn), minutes) }
})

/** A stock's day among bars of many: rows `start` up to `end`. */
export interface DayToFold extends KlineDay {
  /** How many minutes its bars cover. */
  readonly minutes: number
  readonly start: number
  readonly end: number
  /** Buckets that end by this slot are left out; absent = none. */
  readonly storedTo?: number
}

/**
 * Rows of `market_kline_buckets`: every stock-day folded into each coarser interval its bars divide. A bar is final when the session has passed its last minute slot
 * (`passed`; 240 = the day is over). Days follow each other in the bars without gaps. By interval, then in the order of the days.
 */
export function bucketFrame(bars: TradedMinutes, days: readonly DayToFold[], passed = LAST_SLOT): Frame {
  const day = new Int32Array(bars.slot.length)
  for (const [k, { start, end }] of days.entries()) day.fill(k, start, end)
  const rows = { day, ...bars }
  const pieces = FOLDED.map(({ interval, minutes, buckets }) => {
    const fits = days.map((each) => each.minutes < minutes && minutes % each.minutes === 0)
    const folded = resampleBars(
      rowsWhere(rows, (row) => fits[day[row]!]!),
      buckets,
    )
    return { interval, bars: rowsWhere(folded, (row) => folded.slot[row]! > (days[folded.day[row]!]!.storedTo ?? -1)) }
  })
  return klineFrame(pieces, days, { is_final: ({ slot }, bar) => (slot[bar]! <= passed ? 1 : 0) })
}

/** The bars for which something holds: the same columns where it holds for all. */
function rowsWhere(bars: MinuteBars, isKept: (row: number) => boolean): MinuteBars {
  const kept = new Uint32Array(bars.slot.length)
  let count = 0
  for (let row = 0; row < kept.length; row++) if (isKept(row)) kept[count++] = row
  if (count === kept.length) return bars
  const rows = kept.subarray(0, count)
  const pick = (column: ArrayLike<number>) => Float64Array.from(rows, (row) => column[row]!)
  const columns = Object.fromEntries(BAR_COLUMNS.map((name) => [name, pick(bars[name])])) as Record<(typeof BAR_COLUMNS)[number], Float64Array>
  return { day: pick(bars.day), slot: pick(bars.slot), ...columns }
}
