import type { TradeDate } from '#core/trade-date.ts'

/** Place of the first market day at or after a date; the number of days when there is none. */
export function firstAtOrAfter(days: readonly TradeDate[], date: TradeDate): number {
  let low = 0
  let high = days.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (days[middle]! < date) low = middle + 1
    else high = middle
  }
  return low
}
