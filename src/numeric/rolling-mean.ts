/**
 * Mean of the last `window` values at every place; NaN before the window is full and while it holds a NaN.
 * Every window is summed afresh in four lanes counted from its first value, so a value depends on its window alone, bit for bit.
 * Fills and returns `out`.
 */
export function rollingMean(values: Float64Array, window: number, out: Float64Array = new Float64Array(values.length)): Float64Array {
  checkWindow(values, window, out)
  out.fill(NaN, 0, Math.min(window - 1, values.length))
  for (let end = window; end <= values.length; end++) out[end - 1] = windowSum(values, end - window, end) / window
  return out
}

/** Sum of values[from … to) in four lanes: a fixed order that the machine can overlap. NaN when one of them is. */
export function windowSum(values: Float64Array, from: number, to: number): number {
  let a = 0,
    b = 0,
    c = 0,
    d = 0
  let i = from
  for (; i + 3 < to; i += 4) {
    a += values[i]!
    b += values[i + 1]!
    c += values[i + 2]!
    d += values[i + 3]!
  }
  for (; i < to; i++) a += values[i]!
  return a + b + (c + d)
}

/** Throws RangeError when the window is not a positive whole number or the result is not as long as the values. */
export function checkWindow(values: Float64Array, window: number, out: Float64Array): void {
  if (!Number.isInteger(window) || window < 1) throw new RangeError(`Cannot roll: a window is a positive whole number of places, found ${window}`)
  if (out.length !== values.length) throw new RangeError(`Cannot roll over ${values.length} values: the result must be as long, found ${out.length}`)
}
