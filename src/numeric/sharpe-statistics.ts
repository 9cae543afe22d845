import { moments } from './moments.ts'
import { normalCdf, normalQuantile } from './normal-distribution.ts'

const EULER_GAMMA = 0.5772156649015329

/** What the distribution of a Sharpe estimate needs. `sharpe` is per period (never annualised), `kurtosis` raw (normal = 3). */
export interface SharpeSample {
  readonly sharpe: number
  readonly count: number
  readonly skewness: number
  readonly kurtosis: number
}

/**
 * The sample of a series of excess returns: Sharpe with the ddof 1 standard deviation, population skewness and raw kurtosis.
 * NaN are left out; all but `count` are NaN with fewer than two values or when nothing varies.
 */
export function sharpeSample(returns: Float64Array): SharpeSample {
  const { count, mean, variance, skewness, kurtosis } = moments(returns)
  const sharpe = count >= 2 && variance > 0 ? mean / Math.sqrt((variance * count) / (count - 1)) : NaN
  return { sharpe, count, skewness, kurtosis }
}

/**
 * PSR, the probability that the true Sharpe exceeds `threshold` (Bailey & López de Prado 2012, spec backtest §7):
 * Φ[(SR − SR*) √(n−1) / √(1 − γ3 SR + (γ4−1)/4 SR²)]. All per period. NaN when the sample is, or with fewer than two returns.
 */
export function probabilisticSharpe(sample: SharpeSample, threshold = 0): number {
  if (sample.count < 2) return NaN
  return normalCdf(((sample.sharpe - threshold) * Math.sqrt(sample.count - 1)) / Math.sqrt(estimateVariance(sample)))
}

/**
 * SR*, the largest per-period Sharpe to expect from `trials` independent trials without skill whose Sharpe ratios have this variance
 * (Bailey & López de Prado 2014). One trial has nothing to be the best of: 0. Throws RangeError when `trials` is below 1.
 */
export function expectedMaximumSharpe(variance: number, trials: number): number {
  if (!(trials >= 1)) throw new RangeError(`Cannot expect a maximum: the number of trials must be at least 1, found ${trials}`)
  if (trials === 1) return 0
  return Math.sqrt(variance) * ((1 - EULER_GAMMA) * normalQuantile(1 - 1 / trials) + EULER_GAMMA * normalQuantile(1 - 1 / (trials * Math.E)))
}

/** DSR: the PSR against the best that chance alone would have shown among `trials` trials. `variance` is of their per-period Sharpe ratios. */
export function deflatedSharpe(sample: SharpeSample, variance: number, trials: number): number {
  return probabilisticSharpe(sample, expectedMaximumSharpe(variance, trials))
}

/**
 * MinTRL: how many returns it takes to say at `confidence` that the true Sharpe exceeds `threshold` (Bailey & López de Prado 2012).
 * Infinity when the estimate does not exceed it; NaN when the sample is.
 */
export function minimumTrackLength(sample: SharpeSample, threshold = 0, confidence = 0.95): number {
  if (Number.isNaN(sample.sharpe)) return NaN
  if (sample.sharpe <= threshold) return Infinity
  return 1 + estimateVariance(sample) * (normalQuantile(confidence) / (sample.sharpe - threshold)) ** 2
}

/** (n − 1) times the variance of the Sharpe estimate. Below 0 only for moments no distribution has (γ4 ≥ γ3² + 1): NaN then. */
function estimateVariance({ sharpe, skewness, kurtosis }: SharpeSample): number {
  const variance = 1 - skewness * sharpe + ((kurtosis - 1) / 4) * sharpe * sharpe
  return variance > 0 ? variance : NaN
}
