import { createEma, updateEma, type IncrementalEma } from './incremental-ema.ts'

/** 指数平滑异同 MACD: DIF = fast − slow average, DEA = average of DIF, histogram = 2 (DIF − DEA) as Chinese terminals print it. */
export interface IncrementalMacd {
  readonly fast: IncrementalEma
  readonly slow: IncrementalEma
  readonly signal: IncrementalEma
  /** In the unit of the price; NaN before the first. */
  dif: number
  dea: number
  histogram: number
}

export function createMacd(fast = 12, slow = 26, signal = 9): IncrementalMacd {
  return { fast: createEma(fast), slow: createEma(slow), signal: createEma(signal), dif: NaN, dea: NaN, histogram: NaN }
}

/** Take one price. All three averages are seeded with their first value, so the first DIF, DEA and histogram are 0. */
export function updateMacd(state: IncrementalMacd, price: number): void {
  const dif = updateEma(state.fast, price) - updateEma(state.slow, price)
  const dea = updateEma(state.signal, dif)
  state.dif = dif
  state.dea = dea
  state.histogram = 2 * (dif - dea)
}
