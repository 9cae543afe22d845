import { checkWindow } from './rolling-mean.ts'

/**
 * Largest of the last `window` values at every place; NaN before the window is full and while it holds a NaN.
 * Each value is remembered until a larger one or the window's end passes it, so the cost does not grow with the window. Fills and returns `out`.
 */
export function rollingMax(values: Float64Array, window: number, out: Float64Array = new Float64Array(values.length)): Float64Array {
  checkWindow(values, window, out)
  const standing = new Int32Array(values.length)
  let head = 0,
    tail = 0
  let lastNaN = -1
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (Number.isNaN(value)) lastNaN = i
    while (tail > head && !(values[standing[tail - 1]!]! > value)) tail--
    standing[tail++] = i
    if (standing[head]! <= i - window) head++
    out[i] = i < window - 1 || lastNaN > i - window ? NaN : values[standing[head]!]!
  }
  return out
}
