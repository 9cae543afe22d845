import type { ReturnConventions } from './return-metrics.ts'
import { dailyRate } from './daily-returns.ts'

/** Sharpe (annual), CAGR and maximum drawdown of one resampled history. */
export interface ResampledPath {
  readonly sharpe: number
  readonly cagr: number
  readonly maxDrawdown: number
}

/** The three in one pass over `returns[positions[i]]`; `sharpe` is NaN when nothing varies. The definitions are those of return-metrics.ts. */
export function resampledPath(returns: Float64Array, positions: Int32Array, { periodsPerYear, riskFree }: ReturnConventions): ResampledPath {
  const n = positions.length
  let sum = 0
  let square = 0
  let equity = 1
  let peak = 1
  let worst = 1
  for (let i = 0; i < n; i++) {
    const value = returns[positions[i]!]!
    sum += value
    square += value * value
    equity *= 1 + value
    if (equity > peak) peak = equity
    else if (equity < worst * peak) worst = equity / peak
  }
  const mean = sum / n
  const variance = (square - sum * mean) / (n - 1)
  // What rounding leaves of equal returns is no variance.
  const varies = variance > 1e-13 * mean * mean
  return {
    sharpe: varies ? ((mean - dailyRate(riskFree, periodsPerYear)) / Math.sqrt(variance)) * Math.sqrt(periodsPerYear) : NaN,
    cagr: equity ** (periodsPerYear / n) - 1,
    maxDrawdown: worst - 1,
  }
}
