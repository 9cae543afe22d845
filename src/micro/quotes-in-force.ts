import type { TickDay } from '#core/tick.ts'

/** A series of book tops of one stock and day in time order. Prices in 厘, 0 = that side is empty. */
export interface QuoteSeries {
  readonly at: Float64Array
  readonly bid1: Float64Array
  readonly ask1: Float64Array
}

/** A quote older than this says nothing about a trade (spec microstructure §3). */
export const QUOTE_MAX_AGE_MS = 6000

/**
 * 有效盘口: the same ticks with the quote in force at each: the last one strictly before the tick and at most 6 s old, NaN where there is none
 * (spec microstructure §3). Of quotes with the same instant the last one counts. Both series must be in time order.
 */
export function withQuotesInForce(day: TickDay, quotes: QuoteSeries, maxAgeMs: number = QUOTE_MAX_AGE_MS): TickDay {
  const bid1 = new Float64Array(day.length).fill(NaN)
  const ask1 = new Float64Array(day.length).fill(NaN)
  let next = 0
  for (let i = 0; i < day.length; i++) {
    const at = day.at[i]!
    while (next < quotes.at.length && quotes.at[next]! < at) next++
    if (next === 0 || at - quotes.at[next - 1]! > maxAgeMs) continue
    bid1[i] = quotes.bid1[next - 1]!
    ask1[i] = quotes.ask1[next - 1]!
  }
  return { ...day, bid1, ask1 }
}
