import { lineFit } from '#numeric/line-fit.ts'
import { standardDeviation } from '#numeric/standard-deviation.ts'
import { dailyRate } from './daily-returns.ts'
import { DEFAULT_CONVENTIONS, sharpeOf, type ReturnConventions } from './return-metrics.ts'

/** One value per day over the `window` days that end there; NaN before the first full window. Annualised as the whole-run metrics are. */
export interface RollingMetrics {
  readonly window: number
  readonly sharpe: Float64Array
  readonly volatility: Float64Array
  /** All NaN without a benchmark. */
  readonly beta: Float64Array
}

/** 60/120-day Sharpe, volatility and beta (spec backtest §5). Each window is summed afresh. Throws RangeError on a window below 2. */
export function rollingMetrics(
  returns: Float64Array,
  window: number,
  benchmark: Float64Array = new Float64Array(returns.length).fill(NaN),
  { periodsPerYear, riskFree }: ReturnConventions = DEFAULT_CONVENTIONS,
): RollingMetrics {
  if (!(Number.isInteger(window) && window >= 2)) throw new RangeError(`Cannot roll: the window must be at least 2 days, found ${window}`)
  const rf = dailyRate(riskFree, periodsPerYear)
  const excess = returns.map((value) => value - rf)
  const sharpe = new Float64Array(returns.length).fill(NaN)
  const volatility = sharpe.slice()
  const beta = sharpe.slice()
  for (let day = window - 1; day < returns.length; day++) {
    const own = excess.subarray(day - window + 1, day + 1)
    sharpe[day] = sharpeOf(own, periodsPerYear)
    volatility[day] = standardDeviation(own) * Math.sqrt(periodsPerYear)
    beta[day] = lineFit(benchmark.subarray(day - window + 1, day + 1), own).slope
  }
  return { window, sharpe, volatility, beta }
}
