import { firstAbove, firstAtLeast } from '#numeric/first-place.ts'
import type { Series } from './kline-series.ts'

/** Which bars are wanted: labels within [from, to], keys beyond a cursor's, the first or the last so many of them. */
export interface Wanted {
  readonly forward: boolean
  readonly limit: number
  /** Bounds on the label, epoch ms, included. */
  readonly from: number
  readonly to: number
  /** Bounds on the key, epoch ms, excluded. */
  readonly after: number
  readonly before: number
}

/** A page: rows [first, end) of a series, and whether the range asked for goes on at either side as far as the series shows. */
export interface Page {
  readonly first: number
  readonly end: number
  readonly hasOlder: boolean
  readonly hasNewer: boolean
}

/** Cut a page out of a series. `range` are labels that paging as a whole stays within. Keys and labels ascend. */
export function pageOf({ key, time }: Series, wanted: Wanted, range: readonly [number, number] = [-Infinity, Infinity]): Page {
  const from = Math.max(firstAtLeast(time, wanted.from), firstAbove(key, wanted.after))
  const to = Math.max(from, Math.min(firstAbove(time, wanted.to), firstAtLeast(key, wanted.before)))
  const first = wanted.forward ? from : Math.max(from, to - wanted.limit)
  const end = wanted.forward ? Math.min(to, from + wanted.limit) : to
  const lowest = firstAtLeast(time, range[0])
  const highest = firstAbove(time, range[1])
  return { first, end, hasOlder: first > lowest, hasNewer: end < highest }
}
