/** Settings of spec microstructure §3.1. */
export interface BulkParams {
  /** Fewest bars the scale is estimated from. */
  readonly minBars: number
  /** Buckets per average day, and how many of the last ones VPIN averages over. */
  readonly bucketsPerDay: number
  readonly buckets: number
}

/** The defaults of spec microstructure §3.1. */
export const BULK_PARAMS: BulkParams = Object.freeze({ minBars: 120, bucketsPerDay: 50, buckets: 50 })

/** One-minute bars of continuous trading: close-to-close change in whole 厘 (the day's first against the opening print) and volume in shares. */
export interface BulkBars {
  readonly priceChange: Float64Array
  readonly volume: Float64Array
}

/** 批量成交分类 of a day: (buy − sell) ÷ volume in [-1, 1], and VPIN in [0, 1]. NaN = not enough history. */
export interface BulkFlow {
  readonly imbalance: number
  readonly vpin: number
}

/** A distribution function of standardised price changes. */
export type Distribution = (x: number) => number

/**
 * 批量成交分类: the buyer-initiated shares of each bar, V·Φ(ΔP/s) (Easley, López de Prado & O'Hara 2012). `scale` is s of each bar in the unit of the
 * changes. A bar that did not move is half bought; with s = 0 any move is all of one side; a NaN scale gives NaN.
 */
export function bulkBuyVolume({ priceChange, volume }: BulkBars, scale: Float64Array, cdf: Distribution): Float64Array {
  return volume.map((shares, i) => shares * (priceChange[i] === 0 ? (Number.isNaN(scale[i]!) ? NaN : 0.5) : cdf(priceChange[i]! / scale[i]!)))
}

/**
 * The standard deviation (ddof 1) of all changes before each bar, NaN while there are fewer than `minBars`.
 * Changes are whole 厘, so the running sums are exact and every entry depends on its window alone.
 */
export function bulkScale(priceChange: Float64Array, minBars: number): Float64Array {
  let sum = 0
  let squares = 0
  return priceChange.map((change, n) => {
    const scale = n < Math.max(2, minBars) ? NaN : Math.sqrt((squares - (sum * sum) / n) / (n - 1))
    sum += change
    squares += change * change
    return scale
  })
}

/**
 * VPIN: the mean of |buy − sell| ÷ bucket size over the last volume buckets, bars being cut where a bucket is full. `bucketSize` in shares.
 * NaN while fewer than `buckets` are full, or when a bar that fills them is unclassified.
 */
export function vpin(buy: Float64Array, volume: Float64Array, bucketSize: number, buckets: number): number {
  if (!(bucketSize > 0)) return NaN
  const lastOnes = new Float64Array(buckets)
  let filled = 0
  const fill = (share: number): void => {
    lastOnes[filled % buckets] = share
    filled++
  }
  let room = bucketSize
  let net = 0
  for (let i = 0; i < volume.length; i++) {
    if (!(volume[i]! > 0)) continue
    const netPerShare = (2 * buy[i]!) / volume[i]! - 1
    if (volume[i]! < room) {
      net += netPerShare * volume[i]!
      room -= volume[i]!
      continue
    }
    fill(Math.abs(net + netPerShare * room) / bucketSize)
    // However large the bar, no more buckets than are averaged need filling one by one.
    const whole = Math.floor((volume[i]! - room) / bucketSize)
    for (let bucket = Math.max(0, whole - buckets); bucket < whole; bucket++) fill(Math.abs(netPerShare))
    const rest = volume[i]! - room - whole * bucketSize
    net = rest > 0 ? netPerShare * rest : 0
    room = bucketSize - rest
  }
  return filled < buckets ? NaN : lastOnes.reduce((total, share) => total + share, 0) / buckets
}

/**
 * The first bar that a part of the last `buckets` buckets lies in: earlier ones need not be classified. The number of bars while fewer are full.
 * The same subtractions as in `vpin`, so that both cut the bars at the same places.
 */
function firstBarOfLastBuckets(volume: Float64Array, bucketSize: number, buckets: number): number {
  // Where each of the last buckets began, and of the one that is filling.
  const began = new Uint32Array(buckets + 1)
  let filled = 0
  let room = bucketSize
  for (let i = 0; i < volume.length; i++) {
    if (!(volume[i]! > 0)) continue
    if (volume[i]! < room) {
      room -= volume[i]!
      continue
    }
    const whole = Math.floor((volume[i]! - room) / bucketSize)
    const rest = volume[i]! - room - whole * bucketSize
    for (let bucket = Math.max(0, whole - buckets) - 1; bucket < whole; bucket++) {
      filled++
      began[filled % (buckets + 1)] = i
    }
    if (!(rest > 0)) began[filled % (buckets + 1)] = i + 1
    room = bucketSize - rest
  }
  return filled < buckets ? volume.length : began[(filled - buckets) % (buckets + 1)]!
}

/**
 * The bulk flow of a day from its bars and those of the previous 20 trading days. Every bar is scaled by all bars before it, so today's take the whole
 * history; VPIN runs over history and today because the last 50 buckets may reach into yesterday. `adv20` is the mean daily volume in shares.
 */
export function bulkFlow(history: BulkBars, today: BulkBars, adv20: number, cdf: Distribution, params: BulkParams = BULK_PARAMS): BulkFlow {
  const bars: BulkBars = { priceChange: join(history.priceChange, today.priceChange), volume: join(history.volume, today.volume) }
  const first = history.volume.length
  const bucketSize = adv20 / params.bucketsPerDay
  // Φ is dear and the history long: only what VPIN and today's imbalance look at is classified.
  const from = bucketSize > 0 ? Math.min(first, firstBarOfLastBuckets(bars.volume, bucketSize, params.buckets)) : first
  const scale = bulkScale(bars.priceChange, params.minBars)
  const buy = new Float64Array(bars.volume.length).fill(NaN)
  buy.set(bulkBuyVolume({ priceChange: bars.priceChange.subarray(from), volume: bars.volume.subarray(from) }, scale.subarray(from), cdf), from)
  let net = 0
  let total = 0
  for (let i = first; i < buy.length; i++) {
    net += 2 * buy[i]! - bars.volume[i]!
    total += bars.volume[i]!
  }
  return { imbalance: total > 0 ? net / total : NaN, vpin: vpin(buy, bars.volume, bucketSize, params.buckets) }
}

function join(a: Float64Array, b: Float64Array): Float64Array {
  const joined = new Float64Array(a.length + b.length)
  joined.set(a)
  joined.set(b, a.length)
  return joined
}
