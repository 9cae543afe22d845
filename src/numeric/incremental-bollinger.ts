/** 布林带 of the last `window` whole prices (厘), from exact running sums of distances to the first price seen. */
export interface IncrementalBollinger {
  readonly window: number
  readonly width: number
  readonly ring: Float64Array
  count: number
  next: number
  origin: number
  sum: number
  squares: number
  /** 厘; NaN until the window is full. */
  mid: number
  upper: number
  lower: number
  /** 0 to 100 nominal, unclipped; NaN while the window is flat. */
  position: number
}

export function createBollinger(window = 20, width = 2): IncrementalBollinger {
  if (!Number.isInteger(window) || window < 2) throw new RangeError(`Cannot keep a band: a window is a whole number of at least 2, found ${window}`)
  return { window, width, ring: new Float64Array(window), count: 0, next: 0, origin: 0, sum: 0, squares: 0, mid: NaN, upper: NaN, lower: NaN, position: NaN }
}

/**
 * Take one whole price (厘). The variance is (n Σd² − (Σd)²) / n², whole numbers until the one division, so the band equals the one computed
 * from the window alone whatever came before, as long as n times the largest distance stays below 9.4e7 (4,700 CNY at 20 prices).
 */
export function updateBollinger(state: IncrementalBollinger, price: number): void {
  const { ring, next, window } = state
  if (state.count === 0) state.origin = price
  const d = price - state.origin
  const old = ring[next]!
  const sum = state.sum - old + d
  const squares = state.squares - old * old + d * d
  ring[next] = d
  state.sum = sum
  state.squares = squares
  state.next = next + 1 === window ? 0 : next + 1
  if (++state.count < window) return
  const mid = state.origin + sum / window
  const spread = window * squares - sum * sum
  const half = (state.width * Math.sqrt(spread)) / window
  state.mid = mid
  state.upper = mid + half
  state.lower = mid - half
  // A flat window gives 0 / 0 = NaN; a conditional here would make V8 box the number on every update.
  state.position = 50 + (50 * (d - sum / window)) / half
}
