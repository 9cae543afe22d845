import { CONTINUOUS_MINUTES } from './intraday-profile.ts'
import type { DailyBars } from './daily-bars.ts'
import type { Stream } from './keyed-stream.ts'
import { hush, minuteFactors, minuteShocks } from './minute-factors.ts'
import type { World } from './world.ts'

/**
 * 有效价格路径: the efficient log price of a stock at the end of each minute of continuous trading, relative to the reference price: the common
 * factors' minutes with the stock's loadings, its own shocks, and its burst; it ends at the day's efficient close.
 */
export function minutePath(world: World, bars: DailyBars, day: number, stream: Stream): Float64Array {
  const { stock, path } = bars
  const { market, sectors } = minuteFactors(world, day)
  const sector = sectors[stock.sector]!
  const [openAt, burst, length] = [path.openAt[day]!, path.burst[day]!, path.burstLength[day]!]
  const { factors } = world
  const common = stock.beta * factors.market.session[day]! + stock.gamma * factors.sectors[stock.sector]!.session[day]!
  const own = new Float64Array(CONTINUOUS_MINUTES)
  const isBurst = burst !== 0 && length > 0
  minuteShocks(path.ownSd[day]!, path.closeAt[day]! - openAt - common - (isBurst ? burst : 0), true, stream, own)
  const drop = factors.drops.get(day)
  if (drop !== undefined) hush(own, drop.from, drop.length)
  if (isBurst) {
    const from = Math.min(path.burstFrom[day]!, CONTINUOUS_MINUTES - length)
    for (let minute = from; minute < from + length; minute++) own[minute]! += burst / length
  }
  let at = openAt
  for (let minute = 0; minute < CONTINUOUS_MINUTES; minute++) {
    at += stock.beta * market[minute]! + stock.gamma * sector[minute]! + own[minute]!
    own[minute] = at
  }
  return own
}

/** Where the minutes of a stock come from on a day on which a script lets the market fall: they are known before the day's bar is. */
export function dropStream(world: World, code: string, day: number): Stream {
  return world.stream('truth', `${code}/minutes`, world.dates[day])
}

/** Less than this (log) a path does not stray from the straight way: it is the rounding of the sum. */
const LEAST = 1e-9

/** Straying is stretched by no more than this; what is still missing to an extreme comes as a slope up to it and down again. */
const MOST_STRETCH = 1.5

/** The slope to an extreme takes this part of the path on either side, and the extreme lies this far from its ends. */
const SLOPE = 0.15
const MARGIN = 0.1

/**
 * Bend a path so that its highest becomes `high` and its lowest `low` while it begins at `first` and ends at `last`: what it strays upwards from the straight way between the two ends
 * is stretched by one factor, what it strays downwards by another. Where that would take a large factor, the price slopes up (or down) to the extreme over a part of the day
 * instead, because a small stray stretched far is a spike. In place.
 */
export function bendToRange(prices: Float64Array, first: number, last: number, low: number, high: number): void {
  const n = prices.length
  const [bottom, top] = [Math.min(low, first, last), Math.max(high, first, last)]
  const wayAt = (i: number) => first + ((last - first) * (i + 1)) / n
  let [up, down] = [MOST_STRETCH, MOST_STRETCH]
  for (let i = 0; i < n; i++) {
    const way = wayAt(i)
    const strayed = prices[i]! - way
    if (strayed > LEAST) up = Math.min(up, (top - way) / strayed)
    else if (strayed < -LEAST) down = Math.min(down, (bottom - way) / strayed)
  }
  for (let i = 0; i < n; i++) {
    const way = wayAt(i)
    const strayed = prices[i]! - way
    prices[i] = way + strayed * (strayed > LEAST ? up : strayed < -LEAST ? down : 1)
  }
  if (up === MOST_STRETCH) slopeTo(prices, top, 1)
  if (down === MOST_STRETCH) slopeTo(prices, bottom, -1)
}

/** Let the path slope to an extreme beyond it and back, at where it already comes nearest, away from its ends. Never goes beyond the extreme. */
function slopeTo(prices: Float64Array, extreme: number, side: 1 | -1): void {
  const n = prices.length
  const [from, to] = [Math.floor(MARGIN * n), Math.ceil((1 - MARGIN) * n)]
  let peak = from
  for (let i = from; i < to; i++) if (side * (prices[i]! - prices[peak]!) > 0) peak = i
  const missing = extreme - prices[peak]!
  if (side * missing <= 0) return
  const width = Math.max(1, Math.min(Math.floor(SLOPE * n), peak, n - 1 - peak))
  for (let i = peak - width; i <= peak + width; i++) {
    const sloped = prices[i]! + missing * (1 - Math.abs(i - peak) / width)
    prices[i] = side > 0 ? Math.min(extreme, sloped) : Math.max(extreme, sloped)
  }
}
