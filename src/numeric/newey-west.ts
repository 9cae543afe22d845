import { mean } from './mean.ts'

/** A mean with the standard error that serial correlation leaves. `t` = mean / standardError. */
export interface NeweyWestMean {
  readonly mean: number
  readonly standardError: number
  readonly t: number
  readonly count: number
}

/**
 * Newey & West (1987): the variance of the mean of a series with autocovariances up to `lag`, Bartlett weights 1 − j/(lag + 1), no
 * small-sample factor: γ_j = Σ e_t e_{t−j} / n, Var = (γ_0 + 2 Σ w_j γ_j) / n. NaN are left out and the rest taken as consecutive.
 * `standardError` and `t` are NaN with fewer than two known values or when nothing varies. Throws RangeError on a lag that is not whole and ≥ 0.
 */
export function neweyWest(values: Float64Array, lag: number): NeweyWestMean {
  if (!(Number.isInteger(lag) && lag >= 0)) throw new RangeError(`Cannot apply Newey–West: the lag must be a whole number ≥ 0, found ${lag}`)
  const known = values.filter((value) => !Number.isNaN(value))
  const count = known.length
  const centre = mean(known)
  const autocovariance = (j: number): number => {
    let sum = 0
    for (let t = j; t < count; t++) sum += (known[t]! - centre) * (known[t - j]! - centre)
    return sum / count
  }
  let variance = autocovariance(0)
  for (let j = 1; j <= Math.min(lag, count - 1); j++) variance += 2 * (1 - j / (lag + 1)) * autocovariance(j)
  const standardError = count >= 2 && variance > 0 ? Math.sqrt(variance / count) : NaN
  return { mean: centre, standardError, t: centre / standardError, count }
}
