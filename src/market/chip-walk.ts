import { exp, ln } from '#numeric/fmath.ts'
import type { DailyBars } from './daily-bars.ts'

/** 筹码分布: what the holders of a stock paid, after one day: weights of price buckets that sum to 1. The record and its weights are used again from day to day. */
export interface Chips {
  /** Price at the lower edge of the first bucket in 厘; bucket k lies between `axis × EDGES[k]` and `axis × EDGES[k + 1]`. */
  axis: number
  readonly weight: Float64Array
  /** The first and last bucket that may hold anything. */
  from: number
  to: number
  /** Lowest and highest price ever, on the day's price basis. */
  low: number
  high: number
}

/** 192 buckets of 1.2 %: a factor of ten from the cheapest to the dearest. */
export const BUCKETS = 192
const STEP = 0.012
export const EDGES: Float64Array = Float64Array.from({ length: BUCKETS + 1 }, (_, k) => exp(STEP * k))

/** Where the holders of a stock that was listed before the world begins bought: around its price, up to a quarter away. */
const BEFORE = 0.25

/**
 * Walk the cost distribution of one stock through its bars up to `until`, calling `visit` after each: the day's turnover of the free float passes from all holders alike to
 * buyers at prices between low and high, most of them near the mean (a triangle over low, mean, high; spec simulator §9.8). On an ex-date the whole axis
 * is scaled by reference ÷ close. A new listing begins at its issue price.
 */
export function walkChips(own: DailyBars, until: number, visit: (day: number, chips: Chips) => void): void {
  const { stock, volume, amount, totalShares, preClose } = own
  const free = stock.floatRatio * stock.freeRatio
  const chips = opening(own)
  let close = stock.initialPrice
  for (let day = Math.max(0, stock.listDay); day <= until; day++) {
    if (volume[day] === 0) continue
    const scale = preClose[day]! / close
    if (scale !== 1) {
      chips.axis *= scale
      chips.low *= scale
      chips.high *= scale
    }
    const [low, high] = [own.low[day]!, own.high[day]!]
    close = own.close[day]!
    chips.low = Math.min(chips.low, low)
    chips.high = Math.max(chips.high, high)
    const turned = Math.min(1, volume[day]! / (free * totalShares[day]!))
    reach(chips, low, high)
    for (let k = chips.from; k <= chips.to; k++) chips.weight[k]! *= 1 - turned
    addTriangle(chips, low, amount[day]! / volume[day]!, high, turned)
    visit(day, chips)
  }
}

function opening({ stock }: DailyBars): Chips {
  const price = stock.initialPrice
  const chips: Chips = {
    axis: (2 * price) / (EDGES[BUCKETS / 2]! + EDGES[BUCKETS / 2 + 1]!),
    weight: new Float64Array(BUCKETS),
    from: BUCKETS / 2,
    to: BUCKETS / 2,
    low: price,
    high: price,
  }
  if (stock.listDay >= 0) addTriangle(chips, price, price, price, 1)
  else {
    chips.low = price * (1 - BEFORE)
    chips.high = price * (1 + BEFORE)
    addTriangle(chips, chips.low, price, chips.high, 1)
  }
  return chips
}

/** Move the buckets by whole ones where a price lies outside them; what falls off the other end stays in the last bucket there. */
function reach(chips: Chips, low: number, high: number): void {
  const [bottom, top] = [bucketOf(chips, low), bucketOf(chips, high)]
  if (bottom >= 0 && top < BUCKETS) return
  const by = bottom < 0 ? bottom - 4 : top - BUCKETS + 5
  const { weight } = chips
  const moved = new Float64Array(BUCKETS)
  for (let k = 0; k < BUCKETS; k++) moved[Math.max(0, Math.min(BUCKETS - 1, k - by))]! += weight[k]!
  weight.set(moved)
  chips.axis *= exp(STEP * by)
  chips.from = Math.max(0, Math.min(BUCKETS - 1, chips.from - by))
  chips.to = Math.max(0, Math.min(BUCKETS - 1, chips.to - by))
}

/** The bucket of a price; outside 0 to BUCKETS − 1 when there is none for it. */
function bucketOf({ axis }: Chips, price: number): number {
  return Math.floor(ln(price / axis) / STEP + 1e-9)
}

/** Add `total` with a density that rises from low to mode and falls to high. */
function addTriangle(chips: Chips, low: number, mode: number, high: number, total: number): void {
  const [first, last] = [bucketOf(chips, low), Math.min(BUCKETS - 1, bucketOf(chips, high))]
  chips.from = Math.min(chips.from, first)
  chips.to = Math.max(chips.to, last)
  let below = 0
  for (let k = first; k < last; k++) {
    const upTo = triangleBelow(chips.axis * EDGES[k + 1]!, low, mode, high)
    chips.weight[k]! += total * (upTo - below)
    below = upTo
  }
  chips.weight[last]! += total * (1 - below)
}

/** Distribution function of the triangle. */
function triangleBelow(x: number, low: number, mode: number, high: number): number {
  if (x <= low) return 0
  if (x >= high) return 1
  return x <= mode ? ((x - low) * (x - low)) / ((high - low) * (mode - low)) : 1 - ((high - x) * (high - x)) / ((high - low) * (high - mode))
}

/** 成本分位与胜率: what a vendor tells of the distribution; prices in 厘. */
export interface ChipCosts {
  /** At 5, 15, 50, 85 and 95 %. */
  readonly quantiles: Float64Array
  mean: number
  /** Share of chips that cost at most the close. */
  winners: number
}

const QUANTILES = [0.05, 0.15, 0.5, 0.85, 0.95] as const

/** Sum the distribution up into `out`; inside a bucket chips lie evenly, and none lies outside the lowest and highest price ever. */
export function sumUpChips({ axis, weight, from, to, low, high }: Chips, close: number, out: ChipCosts): void {
  let [below, next] = [0, 0]
  out.mean = 0
  out.winners = 0
  for (let k = from; k <= to; k++) {
    const own = weight[k]!
    if (own === 0) continue
    const [bottom, top] = [axis * EDGES[k]!, axis * EDGES[k + 1]!]
    out.mean += (own * (bottom + top)) / 2
    out.winners += own * Math.max(0, Math.min(1, (close - bottom) / (top - bottom)))
    while (next < QUANTILES.length && below + own >= QUANTILES[next]!) {
      out.quantiles[next] = Math.max(low, Math.min(high, bottom + ((top - bottom) * (QUANTILES[next]! - below)) / own))
      next++
    }
    below += own
  }
  if (close >= high) out.winners = 1
}
