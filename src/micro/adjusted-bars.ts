import { toMilli } from '#core/milli.ts'
import type { LevelBars } from './price-level.ts'

/**
 * 后复权日线 for levels: raw 厘 × factor, shares ÷ factor. Divided by the factor of a day these are the prices adjusted as of that day, so one set
 * of columns serves every calculation day, and equal raw prices under one factor stay equal to the bit.
 */
export interface AdjustedBars {
  readonly length: number
  readonly high: Float64Array
  readonly low: Float64Array
  readonly close: Float64Array
  readonly volume: Float64Array
}

/** The rows [from, to) of a stock in comparable prices. */
export function adjustBars(bars: LevelBars, from: number, to: number): AdjustedBars {
  const length = to - from
  const high = new Float64Array(length)
  const low = new Float64Array(length)
  const close = new Float64Array(length)
  const volume = new Float64Array(length)
  for (let i = 0; i < length; i++) {
    const factor = bars.adjFactor[from + i]!
    high[i] = toMilli(bars.high[from + i]!) * factor
    low[i] = toMilli(bars.low[from + i]!) * factor
    close[i] = toMilli(bars.close[from + i]!) * factor
    volume[i] = bars.volume[from + i]! / factor
  }
  return { length, high, low, close, volume }
}

/** The rows [from, to) of adjusted bars: views, nothing is copied. */
export function adjustedBetween(bars: AdjustedBars, from: number, to: number): AdjustedBars {
  return {
    length: to - from,
    high: bars.high.subarray(from, to),
    low: bars.low.subarray(from, to),
    close: bars.close.subarray(from, to),
    volume: bars.volume.subarray(from, to),
  }
}
