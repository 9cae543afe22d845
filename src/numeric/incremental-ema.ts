/** 指数平均 with alpha = 2 / (n + 1), seeded with the first value (as the vendor's stk_factor is). */
export interface IncrementalEma {
  readonly alpha: number
  /** NaN before the first value. */
  value: number
}

export function createEma(periods: number): IncrementalEma {
  if (!(periods >= 1)) throw new RangeError(`Cannot keep an exponential mean: periods must be at least 1, found ${periods}`)
  return { alpha: 2 / (periods + 1), value: NaN }
}

/** Take one value into the average and return it: v += alpha (x − v). A NaN is refused by leaving the average as it is. */
export function updateEma(state: IncrementalEma, x: number): number {
  const value = state.value
  if (value !== value) return (state.value = x)
  if (x !== x) return value
  return (state.value = value + state.alpha * (x - value))
}
