import { DEFAULT_RESAMPLING, stationaryBootstrap, type ResamplingOptions, type Uniform } from './stationary-bootstrap.ts'

/** Is the best of several strategies better than the benchmark, given that it was the best of so many? Both p-values are one-sided. */
export interface RealityCheck {
  /** Position of the trial with the largest mean excess return. */
  readonly best: number
  /** White (2000): max √n f̄. */
  readonly whiteP: number
  /** Hansen (2005), consistent version: max √n f̄/ω, poor trials recentred out. */
  readonly spaP: number
}

/**
 * White's reality check and Hansen's SPA over `excess`: per-period returns of each trial minus the benchmark, over the same days.
 * The deviations ω come from the same stationary bootstrap; a trial that does not vary takes no part in the SPA.
 * p counts the observed sample as one draw, (1 + hits) / (1 + draws), so it is never 0. Throws RangeError on no trials, unequal lengths or NaN.
 */
export function realityCheck(excess: readonly Float64Array[], rng: Uniform, options: ResamplingOptions = { ...DEFAULT_RESAMPLING, draws: 1000 }): RealityCheck {
  const days = excess[0]?.length ?? 0
  if (days < 2 || excess.some((returns) => returns.length !== days || returns.some(Number.isNaN)))
    throw new RangeError(`Cannot run the reality check: every trial needs the same two or more known days, found ${excess.map((x) => x.length).join(', ')}`)
  const count = excess.length
  const means = Float64Array.from(excess, (returns) => returns.reduce((sum, value) => sum + value, 0) / days)
  const drawn = drawnMeans(excess, days, rng, options)
  const root = Math.sqrt(days)
  const omega = Float64Array.from({ length: count }, (_, trial) => {
    let square = 0
    for (let draw = 0; draw < options.draws; draw++) square += (drawn[draw * count + trial]! - means[trial]!) ** 2
    return root * Math.sqrt(square / options.draws)
  })
  const moves = omega.map((value, trial) => (value > 1e-12 * Math.abs(means[trial]!) * root ? 1 : 0))
  // Hansen's threshold: a trial this far below the benchmark cannot be the best even by luck and keeps its own mean.
  const poor = -Math.sqrt(2 * Math.log(Math.log(Math.max(days, 3))))
  const centres = means.map((mean, trial) => (moves[trial] === 1 && (root * mean) / omega[trial]! <= poor ? 0 : mean))
  const white = Math.max(...means) * root
  const spa = Math.max(0, ...means.map((mean, trial) => (moves[trial] === 1 ? (root * mean) / omega[trial]! : 0)))
  let whiteHits = 0
  let spaHits = 0
  for (let draw = 0; draw < options.draws; draw++) {
    let whiteDraw = -Infinity
    let spaDraw = 0
    for (let trial = 0; trial < count; trial++) {
      const mean = drawn[draw * count + trial]!
      whiteDraw = Math.max(whiteDraw, root * (mean - means[trial]!))
      if (moves[trial] === 1) spaDraw = Math.max(spaDraw, (root * (mean - centres[trial]!)) / omega[trial]!)
    }
    if (whiteDraw >= white) whiteHits++
    if (spaDraw >= spa) spaHits++
  }
  return { best: means.indexOf(Math.max(...means)), whiteP: (1 + whiteHits) / (1 + options.draws), spaP: (1 + spaHits) / (1 + options.draws) }
}

/** Mean of every trial in every draw, draw by draw. A draw is how often each day occurs: one weighted sum per trial. */
function drawnMeans(excess: readonly Float64Array[], days: number, rng: Uniform, options: ResamplingOptions): Float64Array {
  const drawn = new Float64Array(options.draws * excess.length)
  const times = new Float64Array(days)
  stationaryBootstrap(days, rng, options, (positions, draw) => {
    times.fill(0)
    for (let i = 0; i < days; i++) times[positions[i]!]!++
    excess.forEach((returns, trial) => {
      let sum = 0
      for (let day = 0; day < days; day++) sum += times[day]! * returns[day]!
      drawn[draw * excess.length + trial] = sum / days
    })
  })
  return drawn
}
