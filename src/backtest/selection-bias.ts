import { independentTrials } from '#numeric/independent-trials.ts'
import { overfittingProbability, type OverfittingProbability } from '#numeric/overfitting-probability.ts'
import { realityCheck, type RealityCheck } from '#numeric/reality-check.ts'
import { deflatedSharpe, expectedMaximumSharpe, minimumTrackLength, sharpeSample, type SharpeSample } from '#numeric/sharpe-statistics.ts'
import { standardDeviation } from '#numeric/standard-deviation.ts'
import type { Uniform } from '#numeric/stationary-bootstrap.ts'

/** What is left of a result once the search that found it is counted. Sharpe ratios here are per day. */
export interface SelectionBias {
  readonly sample: SharpeSample
  /** N: clusters of trials whose returns correlate by 0.5 on average, and the raw number of trials. */
  readonly independentTrials: number
  readonly rawTrials: number
  /** V: variance (ddof 1) of the trials' Sharpe ratios. 0 with one trial: there was no search. */
  readonly sharpeVariance: number
  /** SR*: the best to expect from N trials without skill. */
  readonly expectedMaximum: number
  readonly deflatedSharpe: number
  /** The same with the raw count in place of N: the strictest reading. */
  readonly deflatedSharpeRaw: number
  /** Days needed to beat Sharpe 0 at 95 %. */
  readonly minimumTrackLength: number
  /** PBO; absent with fewer than two trials or fewer than 16 days. */
  readonly overfitting?: OverfittingProbability
  /** White and SPA against the benchmark; absent with 20 trials or fewer. */
  readonly realityCheck?: RealityCheck
}

/**
 * DSR, MinTRL, PBO and, above 20 trials, the reality check (spec backtest §7). `selected` are the excess returns of the result; `trials` the
 * returns of every trial of the strategy family over its life, the selected one among them, on common days; a NaN in them counts as 0 (no
 * position). `benchmark` of the same days defaults to cash at 0, and a day it does not know counts as 0. `rng` serves the reality check alone.
 */
export function selectionBias(selected: Float64Array, trials: readonly Float64Array[], rng: Uniform, benchmark?: Float64Array): SelectionBias {
  const sample = sharpeSample(selected)
  const known = trials.map((returns) => returns.map((value) => (Number.isNaN(value) ? 0 : value)))
  const { count } = independentTrials(known)
  const spread = standardDeviation(Float64Array.from(known, (returns) => sharpeSample(returns).sharpe))
  const sharpeVariance = Number.isNaN(spread) ? 0 : spread * spread
  const independent = Math.max(1, count)
  const raw = Math.max(1, trials.length)
  const days = known[0]?.length ?? 0
  const excess = known.map((returns) => returns.map((value, day) => value - (benchmark?.[day] || 0)))
  return {
    sample,
    independentTrials: independent,
    rawTrials: raw,
    sharpeVariance,
    expectedMaximum: expectedMaximumSharpe(sharpeVariance, independent),
    deflatedSharpe: deflatedSharpe(sample, sharpeVariance, independent),
    deflatedSharpeRaw: deflatedSharpe(sample, sharpeVariance, raw),
    minimumTrackLength: minimumTrackLength(sample),
    ...(known.length >= 2 && days >= 16 ? { overfitting: overfittingProbability(known) } : {}),
    ...(known.length > 20 && days >= 2 ? { realityCheck: realityCheck(excess, rng) } : {}),
  }
}
