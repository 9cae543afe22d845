/** 移动平均 of the last `window` whole numbers, kept by an exact running sum. Reuse one object per stock: `update` allocates nothing. */
export interface IncrementalMean {
  readonly window: number
  readonly ring: Float64Array
  /** Values seen, and the place in the ring the next one takes. */
  count: number
  next: number
  sum: number
  /** The mean; NaN until the window is full. */
  value: number
}

export function createMean(window: number): IncrementalMean {
  if (!Number.isInteger(window) || window < 1) throw new RangeError(`Cannot keep a mean: a window is a positive whole number, found ${window}`)
  return { window, ring: new Float64Array(window), count: 0, next: 0, sum: 0, value: NaN }
}

/**
 * Take one whole number (厘, shares) into the mean and return it. Equal to the mean of the window summed afresh, because sums of whole
 * numbers below 2^53 are exact; fractions would drift and are not for this kernel.
 */
export function updateMean(state: IncrementalMean, x: number): number {
  const { ring, next } = state
  const sum = state.sum - ring[next]! + x
  ring[next] = x
  state.sum = sum
  state.next = next + 1 === state.window ? 0 : next + 1
  state.count++
  return (state.value = state.count >= state.window ? sum / state.window : NaN)
}
