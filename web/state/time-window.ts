import { minutesOf, type Interval } from '#core/kline-interval.ts'
import { dateOf, instantOf } from '#core/shanghai-time.ts'
import type { EpochMs } from '#core/trade-date.ts'

/** What a chart shows, in time: labels from and to, epoch ms. `to` is Infinity while the newest bar is in view: such a view follows the market. */
export interface TimeWindow {
  readonly from: number
  readonly to: number
}

/** More bars than this are a smear at the width of the page: a window that needs them is narrowed. */
const MOST_BARS = 1000
/** Shown when the window cannot be kept, and at first. */
export const USUAL_BARS = 120
const FEWEST_BARS = 30

const DAY_MS = 86_400_000
const SESSION_MINUTES = 240
/** Market days in a calendar day, about: 243 of 365. */
const OPEN_SHARE = 243 / 365

/** About how many bars of an interval a window holds; `newest` stands for an open end. */
export function barsIn({ from, to }: TimeWindow, interval: Interval, newest: number): number {
  const days = Math.max(0, Math.min(to, newest) - from) / DAY_MS
  const minutes = minutesOf(interval)
  if (interval === '1w') return days / 7
  if (interval === '1M') return days / 30.4
  // Within one day the open share of the calendar says nothing.
  const marketDays = Math.max(Math.min(days * 6, 1), days * OPEN_SHARE)
  return minutes === undefined ? marketDays : (marketDays * SESSION_MINUTES) / minutes
}

/** Up to which label bars must be loaded to the left for a window to be whole; undefined when it will not be kept anyway. */
export function coverFrom(window: TimeWindow, interval: Interval, newest: number): number | undefined {
  return barsIn(window, interval, newest) > MOST_BARS ? undefined : window.from
}

/** The `end` to ask for so that the window's right edge is there: the last instant of its day, or of the week or month around it; undefined = the newest. */
export function endOf({ to }: TimeWindow, interval: Interval): number | undefined {
  if (to === Infinity) return undefined
  const days = interval === '1w' ? 7 : interval === '1M' ? 31 : 1
  return instantOf(dateOf(to as EpochMs), 0) + days * DAY_MS - 1
}

/**
 * A window as places of bars (logical range, fractions allowed, `room` free at an open right end). The right edge is kept; a window that
 * holds too few or too many bars is widened or narrowed at the left.
 */
export function placesOf(times: readonly number[], window: TimeWindow, interval: Interval, room: number): { readonly from: number; readonly to: number } {
  const last = times.length - 1
  const newest = times[last] ?? 0
  const isOpen = window.to >= newest
  const to = isOpen ? last : firstFrom(times, window.to)
  const isTooMuch = barsIn(window, interval, newest) > MOST_BARS
  const from = isTooMuch ? to - 2 * USUAL_BARS + 1 : Math.min(firstFrom(times, window.from), to - FEWEST_BARS + 1)
  return { from: from - 0.5, to: to + (isOpen ? room : 0.5) }
}

/** The first place whose label is not before an instant; the last place when all are. */
function firstFrom(times: readonly number[], at: number): number {
  let [low, high] = [0, times.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (times[middle]! >= at) high = middle
    else low = middle + 1
  }
  return Math.min(low, times.length - 1)
}
