import type { Rng } from '#core/rng.ts'

/** Open, high, low, close and limits of a day in ticks of 0.01; a limit of 0 means none. */
export interface DayRange {
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
  readonly limitUp: number
  readonly limitDown: number
}

/** The prices a day passes through and when, as shares of the session's variance clock: 0 at the open, 1 at the close. */
export interface Anchors {
  readonly price: readonly number[]
  readonly at: readonly number[]
}

/**
 * The way from open to close through both extremes (spec simulator §10.1): low first with probability 0.65 on a rising day, else 0.35.
 * At a price limit the path stays: two equal anchors in a row at a limit are a sealed stretch. A close at the limit is sealed to the end,
 * a high at the limit with a lower close is a board that broke (炸板).
 */
export function priceAnchors(range: DayRange, rng: Rng): Anchors {
  const { open, high, low, close, limitUp, limitDown } = range
  const sealedUp = close === limitUp && limitUp > 0
  const sealedDown = close === limitDown && limitDown > 0
  const lowFirst = sealedUp || (!sealedDown && rng.next() < (close >= open ? 0.65 : 0.35))
  const price = [open]
  for (const extreme of lowFirst ? [low, high] : [high, low]) {
    const atLimit = extreme === limitUp || extreme === limitDown
    if (extreme !== price.at(-1)) price.push(extreme)
    if (atLimit) price.push(extreme)
  }
  if (price.length === 1 || price.at(-1) !== close) price.push(close)
  // A day that opens at the limit, leaves it and comes back first stays there for a while.
  if ((sealedUp || sealedDown) && open === close && low !== high) price.unshift(open)
  const spans = price.slice(1).map((next, k) => duration(next - price[k]!, high - low, close === next && k === price.length - 2, rng))
  const total = spans.reduce((sum, span) => sum + span, 0)
  const at = [0]
  for (const span of spans) at.push(at.at(-1)! + span / total)
  at[at.length - 1] = 1
  return { price, at }
}

/** Longer ways take longer; a sealed stretch lasts if it ends the day, else it is short. */
function duration(way: number, span: number, last: boolean, rng: Rng): number {
  const u = rng.next()
  if (way === 0) return last ? 0.3 + 3 * u : 0.03 + 0.3 * u
  return (Math.abs(way) / span + 0.15) * (0.5 + u)
}
