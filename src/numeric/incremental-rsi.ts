/** 相对强弱 RSI of Wilder (1978): the first averages are plain means of `periods` changes, then each change weighs 1 / periods. */
export interface IncrementalRsi {
  readonly periods: number
  /** Changes seen; −1 before the first price. */
  count: number
  previous: number
  gain: number
  loss: number
  /** 0 to 100; NaN until `periods` changes are known. */
  value: number
}

export function createRsi(periods = 14): IncrementalRsi {
  if (!Number.isInteger(periods) || periods < 1) throw new RangeError(`Cannot keep an RSI: periods are a positive whole number, found ${periods}`)
  return { periods, count: -1, previous: NaN, gain: 0, loss: 0, value: NaN }
}

/** Take one price and return the RSI: 100 G / (G + L), 50 when nothing has moved. */
export function updateRsi(state: IncrementalRsi, price: number): number {
  const change = price - state.previous
  state.previous = price
  const count = ++state.count
  if (count === 0) return NaN
  const up = change > 0 ? change : 0
  const down = change < 0 ? -change : 0
  const { periods } = state
  if (count <= periods) {
    state.gain += up
    state.loss += down
    if (count < periods) return NaN
    state.gain /= periods
    state.loss /= periods
  } else {
    state.gain += (up - state.gain) / periods
    state.loss += (down - state.loss) / periods
  }
  const moved = state.gain + state.loss
  return (state.value = moved === 0 ? 50 : (100 * state.gain) / moved)
}
