import { averageLinkage } from './average-linkage.ts'

/** How many different things were tried. `clusters` names the group of each trial. */
export interface IndependentTrials {
  readonly count: number
  readonly clusters: Int32Array
  readonly rawCount: number
}

/**
 * N for the deflated Sharpe ratio (spec backtest §7): trials whose return correlation averages at least `correlation` are one idea (average
 * linkage on 1 − ρ). Days where a trial is NaN count as its mean; a trial that does not vary correlates with nothing.
 * Throws RangeError when the trials do not cover the same days.
 */
export function independentTrials(trials: readonly Float64Array[], correlation = 0.5): IndependentTrials {
  const days = trials[0]?.length ?? 0
  const odd = trials.find((returns) => returns.length !== days)
  if (odd !== undefined) throw new RangeError(`Cannot count independent trials: all must cover the same days, found ${days} and ${odd.length}`)
  const units = trials.map(unitVector)
  const count = trials.length
  const distances = new Float64Array(count * count)
  for (let a = 0; a < count; a++) {
    for (let b = a + 1; b < count; b++) {
      const [x, y] = [units[a]!, units[b]!]
      let dot = 0
      for (let day = 0; day < days; day++) dot += x[day]! * y[day]!
      distances[a * count + b] = 1 - dot
      distances[b * count + a] = 1 - dot
    }
  }
  const clusters = averageLinkage(distances, count, 1 - correlation + 1e-12)
  return { count: clusters.reduce((most, cluster) => Math.max(most, cluster + 1), 0), clusters, rawCount: count }
}

/** Deviations from the mean, scaled to length 1; all zero when nothing varies. */
function unitVector(values: Float64Array): Float64Array {
  let sum = 0
  let known = 0
  for (const value of values) {
    if (Number.isNaN(value)) continue
    sum += value
    known++
  }
  const centre = sum / known
  let largest = 0
  const unit = values.map((value) => {
    largest = Math.max(largest, Math.abs(value) || 0)
    return Number.isNaN(value) ? 0 : value - centre
  })
  let square = 0
  for (const value of unit) square += value * value
  // What rounding leaves of equal returns is no variation.
  const flat = !(Math.sqrt(square / known) > 1e-14 * largest)
  const length = Math.sqrt(square)
  return unit.map((value) => (flat ? 0 : value / length))
}
