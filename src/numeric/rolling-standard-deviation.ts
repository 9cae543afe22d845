import { checkWindow } from './rolling-mean.ts'

/**
 * Standard deviation of the last `window` values at every place: two passes over each window afresh, on distances from its first value, so a
 * value depends on its window alone, bit for bit, and equal values give exactly 0. `ddof` 1 divides by n − 1, 0 by n.
 * NaN before the window is full, while it holds a NaN, and for a window of one with ddof 1. Fills and returns `out`.
 */
export function rollingStandardDeviation(
  values: Float64Array,
  window: number,
  ddof: 0 | 1 = 1,
  out: Float64Array = new Float64Array(values.length),
): Float64Array {
  checkWindow(values, window, out)
  out.fill(NaN, 0, Math.min(window - 1, values.length))
  for (let end = window; end <= values.length; end++) {
    out[end - 1] = window > ddof ? Math.sqrt(squaredDeviations(values, end - window, end) / (window - ddof)) : NaN
  }
  return out
}

function squaredDeviations(values: Float64Array, from: number, to: number): number {
  const origin = values[from]!
  let even = 0,
    odd = 0
  let i = from
  for (; i + 1 < to; i += 2) {
    even += values[i]! - origin
    odd += values[i + 1]! - origin
  }
  if (i < to) even += values[i]! - origin
  const mean = (even + odd) / (to - from)
  even = odd = 0
  for (i = from; i + 1 < to; i += 2) {
    const x = values[i]! - origin - mean
    const y = values[i + 1]! - origin - mean
    even += x * x
    odd += y * y
  }
  if (i < to) {
    const x = values[i]! - origin - mean
    even += x * x
  }
  return even + odd
}
