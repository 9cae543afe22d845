/** Minute bars of one stock and day in slot order. `slot` 0 is the opening print (label 09:30), 1 is 09:31, 240 is 15:00. Any price unit. */
export interface MinuteBars {
  readonly slot: Int32Array | Uint8Array
  readonly open: Float64Array
  readonly high: Float64Array
  readonly low: Float64Array
  readonly close: Float64Array
  /** 股. */
  readonly volume: Float64Array
  /** CNY. */
  readonly amount: Float64Array
}

/** Bars of `minutes` minutes, `slot` being the last minute slot of the bucket (its end label), whether or not that minute traded. */
export interface Resampled extends MinuteBars {
  readonly slot: Int32Array
  /** 1 once the bucket's last slot is at most `lastSlot`. */
  readonly isFinal: Uint8Array
}

/**
 * K 线聚合 by trading-minute counting (spec simulator §17.3–17.4): bucket j holds slots (j − 1) n + 1 … j n, slot 0 joins the first bucket, the last
 * bucket may be a stub. Flat minutes without volume give neither open nor extremes unless the whole bucket is flat. `slots` is the number of
 * minutes in a session (240), `lastSlot` the last minute that has passed. Throws RangeError when slots do not ascend or the interval is not a
 * positive whole number. Aggregating finer buckets of the same day gives the same bars.
 */
export function resampleBars(bars: MinuteBars, minutes: number, slots = 240, lastSlot = slots): Resampled {
  if (!Number.isInteger(minutes) || minutes < 1)
    throw new RangeError(`Cannot resample bars: an interval is a positive whole number of minutes, found ${minutes}`)
  const buckets = bucketStarts(bars.slot, minutes, slots)
  const count = buckets.length - 1
  const out = {
    slot: new Int32Array(count),
    open: new Float64Array(count),
    high: new Float64Array(count),
    low: new Float64Array(count),
    close: new Float64Array(count),
    volume: new Float64Array(count),
    amount: new Float64Array(count),
    isFinal: new Uint8Array(count),
  }
  for (let k = 0; k < count; k++) {
    const from = buckets[k]!
    out.slot[k] = Math.min(bucketOf(bars.slot[from]!, minutes) * minutes, slots)
    out.isFinal[k] = out.slot[k]! <= lastSlot ? 1 : 0
    fold(bars, from, buckets[k + 1]!, out, k)
  }
  return out
}

/** Bucket number of a slot, from 1. */
function bucketOf(slot: number, minutes: number): number {
  return Math.max(1, Math.ceil(slot / minutes))
}

function bucketStarts(slot: Int32Array | Uint8Array, minutes: number, slots: number): number[] {
  const starts: number[] = []
  let bucket = 0
  for (let i = 0; i < slot.length; i++) {
    const at = slot[i]!
    if (at < 0 || at > slots || (i > 0 && at <= slot[i - 1]!))
      throw new RangeError(`Cannot resample bars: slots ascend within 0 to ${slots}, found ${at} after ${i > 0 ? slot[i - 1]! : 'nothing'}`)
    const own = bucketOf(at, minutes)
    if (own !== bucket) starts.push(i)
    bucket = own
  }
  return [...starts, slot.length]
}

function fold(bars: MinuteBars, from: number, to: number, out: Resampled, k: number): void {
  let open = NaN
  let close = NaN
  let high = -Infinity
  let low = Infinity
  let volume = 0
  let amount = 0
  for (let i = from; i < to; i++) {
    volume += bars.volume[i]!
    amount += bars.amount[i]!
    if (!(bars.volume[i]! > 0)) continue
    if (Number.isNaN(open)) open = bars.open[i]!
    high = Math.max(high, bars.high[i]!)
    low = Math.min(low, bars.low[i]!)
    close = bars.close[i]!
  }
  const flat = bars.close[to - 1]!
  const traded = !Number.isNaN(close)
  out.open[k] = traded ? open : flat
  out.high[k] = traded ? high : flat
  out.low[k] = traded ? low : flat
  out.close[k] = traded ? close : flat
  out.volume[k] = volume
  out.amount[k] = amount
}
