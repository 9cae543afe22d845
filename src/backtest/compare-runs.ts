import { benjaminiHochberg } from '#numeric/benjamini-hochberg.ts'
import { holm } from '#numeric/holm.ts'
import { DEFAULT_RESAMPLING, stationaryBootstrap, type ResamplingOptions, type Uniform } from '#numeric/stationary-bootstrap.ts'
import { interval, type Interval } from './bootstrap-intervals.ts'
import { resampledPath } from './resampled-path.ts'
import { DEFAULT_CONVENTIONS, returnMetrics, type ReturnConventions, type ReturnMetrics } from './return-metrics.ts'

/** A run as the comparison sees it: simple daily returns by date (YYYYMMDD ascending). */
export interface ComparedRun {
  readonly name: string
  readonly dates: Uint32Array
  readonly returns: Float64Array
}

/** `a` minus `b`, resampled on the same days for both. */
export interface PairDifference {
  readonly a: string
  readonly b: string
  readonly sharpe: Interval
  readonly cagr: Interval
  readonly maxDrawdown: Interval
  /** Two-sided, that the Sharpe ratios are equal: 2 min(P(d* ≤ 0), P(d* ≥ 0)), counting the sample as one draw. */
  readonly p: number
  /** The same adjusted for the number of pairs (Holm). */
  readonly adjustedP: number
}

/** One run of the comparison. `p` = 1 − PSR(0): that its Sharpe is not positive; adjusted over the runs compared (Holm: family, BH: false discovery). */
export interface ComparedMetrics {
  readonly name: string
  readonly returns: Float64Array
  readonly metrics: ReturnMetrics
  readonly p: number
  readonly holmP: number
  readonly benjaminiHochbergP: number
}

export interface RunComparison {
  /** Days all runs know; everything below is over these. */
  readonly dates: Uint32Array
  readonly runs: readonly ComparedMetrics[]
  readonly pairs: readonly PairDifference[]
}

/**
 * 对比 2 to 8 runs with a paired stationary bootstrap (spec backtest §10). Days missing or NaN in any run are left out of all. Throws RangeError
 * on fewer than 2 or more than 8 runs, or two of the same name.
 */
export function compareRuns(
  runs: readonly ComparedRun[],
  rng: Uniform,
  conventions: ReturnConventions = DEFAULT_CONVENTIONS,
  options: ResamplingOptions = DEFAULT_RESAMPLING,
): RunComparison {
  if (runs.length < 2 || runs.length > 8 || new Set(runs.map(({ name }) => name)).size < runs.length)
    throw new RangeError(`Cannot compare: 2 to 8 runs with different names are needed, found ${runs.map(({ name }) => name).join(', ') || 'none'}`)
  const { dates, columns } = aligned(runs)
  const metrics = columns.map((returns) => returnMetrics(returns, conventions))
  const drawn = resampled(columns, rng, conventions, options)
  const found = runs.flatMap((_, a) =>
    runs.slice(a + 1).map((_, offset) => {
      const b = a + 1 + offset
      const difference = (key: 'sharpe' | 'cagr' | 'maxDrawdown'): Interval =>
        interval(
          metrics[a]![key] - metrics[b]![key],
          drawn[key][a]!.map((value, draw) => value - drawn[key][b]![draw]!),
          0.95,
        )
      const gaps = drawn.sharpe[a]!.map((value, draw) => value - drawn.sharpe[b]![draw]!).filter((value) => !Number.isNaN(value))
      const below = gaps.reduce((count, gap) => count + (gap <= 0 ? 1 : 0), 0)
      const above = gaps.reduce((count, gap) => count + (gap >= 0 ? 1 : 0), 0)
      const p = gaps.length === 0 ? NaN : Math.min(1, (2 * (1 + Math.min(below, above))) / (1 + gaps.length))
      return { a: runs[a]!.name, b: runs[b]!.name, sharpe: difference('sharpe'), cagr: difference('cagr'), maxDrawdown: difference('maxDrawdown'), p }
    }),
  )
  const adjusted = holm(Float64Array.from(found, ({ p }) => p))
  const p = Float64Array.from(metrics, ({ probabilisticSharpe }) => 1 - probabilisticSharpe)
  const [family, rate] = [holm(p), benjaminiHochberg(p)]
  return {
    dates,
    runs: runs.map(({ name }, i) => ({ name, returns: columns[i]!, metrics: metrics[i]!, p: p[i]!, holmP: family[i]!, benjaminiHochbergP: rate[i]! })),
    pairs: found.map((pair, i) => ({ ...pair, adjustedP: adjusted[i]! })),
  }
}

function aligned(runs: readonly ComparedRun[]) {
  const known = runs.map(({ dates, returns }) => new Map(Array.from(dates, (date, day) => [date, returns[day]!])))
  const dates = runs[0]!.dates.filter((date) => known.every((run) => !Number.isNaN(run.get(date) ?? NaN)))
  return { dates, columns: known.map((run) => Float64Array.from(dates, (date) => run.get(date)!)) }
}

/** Sharpe, CAGR and maximum drawdown of every run in every draw, all runs on the same resampled days. */
function resampled(columns: readonly Float64Array[], rng: Uniform, conventions: ReturnConventions, options: ResamplingOptions) {
  const empty = (): Float64Array[] => columns.map(() => new Float64Array(options.draws).fill(NaN))
  const drawn = { sharpe: empty(), cagr: empty(), maxDrawdown: empty() }
  const days = columns[0]!.length
  if (days < 2) return drawn
  stationaryBootstrap(days, rng, options, (positions, draw) => {
    columns.forEach((returns, run) => {
      const { sharpe, cagr, maxDrawdown } = resampledPath(returns, positions, conventions)
      drawn.sharpe[run]![draw] = sharpe
      drawn.cagr[run]![draw] = cagr
      drawn.maxDrawdown[run]![draw] = maxDrawdown
    })
  })
  return drawn
}
