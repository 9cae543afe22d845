import { quantileSorted } from '#numeric/quantile.ts'
import { DEFAULT_RESAMPLING, stationaryBootstrap, type ResamplingOptions, type Uniform } from '#numeric/stationary-bootstrap.ts'
import { DEFAULT_CONVENTIONS, returnMetrics, type ReturnConventions } from './return-metrics.ts'
import { resampledPath } from './resampled-path.ts'

/** An estimate and the percentiles of its resampled values: 2.5 % and 97.5 % at the default level. */
export interface Interval {
  readonly estimate: number
  readonly low: number
  readonly high: number
}

/** 区间: Sharpe (annual), CAGR and maximum drawdown (fractions). */
export interface BootstrapIntervals {
  readonly sharpe: Interval
  readonly cagr: Interval
  readonly maxDrawdown: Interval
  readonly level: number
  readonly draws: number
  readonly meanBlock: number
}

/**
 * Percentile intervals by the stationary bootstrap (spec backtest §7): mean block 10 days, 5,000 draws, NaN days left out. Draws that have no
 * Sharpe (nothing varies) are left out of its interval. All NaN with fewer than two returns. The same `rng` gives the same interval.
 */
export function bootstrapIntervals(
  returns: Float64Array,
  rng: Uniform,
  conventions: ReturnConventions = DEFAULT_CONVENTIONS,
  options: ResamplingOptions = DEFAULT_RESAMPLING,
  level = 0.95,
): BootstrapIntervals {
  const known = returns.filter((value) => !Number.isNaN(value))
  const whole = returnMetrics(known, conventions)
  const sharpes = new Float64Array(options.draws).fill(NaN)
  const cagrs = sharpes.slice()
  const drawdowns = sharpes.slice()
  if (known.length >= 2)
    stationaryBootstrap(known.length, rng, options, (positions, draw) => {
      const { sharpe, cagr, maxDrawdown } = resampledPath(known, positions, conventions)
      sharpes[draw] = sharpe
      cagrs[draw] = cagr
      drawdowns[draw] = maxDrawdown
    })
  return {
    sharpe: interval(whole.sharpe, sharpes, level),
    cagr: interval(whole.cagr, cagrs, level),
    maxDrawdown: interval(whole.maxDrawdown, drawdowns, level),
    level,
    ...options,
  }
}

/** Percentile interval of drawn values around an estimate. NaN draws are left out; both ends are NaN when none is left. */
export function interval(estimate: number, drawn: Float64Array, level: number): Interval {
  const sorted = drawn.filter((value) => !Number.isNaN(value)).toSorted()
  return { estimate, low: quantileSorted(sorted, (1 - level) / 2), high: quantileSorted(sorted, (1 + level) / 2) }
}
