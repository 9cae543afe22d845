import { mean } from '#numeric/mean.ts'
import { dailyReturns } from './daily-returns.ts'
import type { RunResult } from './result.ts'
import { DEFAULT_CONVENTIONS, relativeMetrics, returnMetrics, type RelativeMetrics, type ReturnConventions, type ReturnMetrics } from './return-metrics.ts'
import { tradeMetrics, type TradeMetrics } from './trade-metrics.ts'

/** How much was traded and what it cost. */
export interface ExecutionMetrics {
  /** Times a year: Σ|traded|/2 over mean equity. */
  readonly turnover: number
  readonly meanExposure: number
  /** Fraction of mean equity a year. */
  readonly costShare: number
  /** CNY. */
  readonly totalCost: number
}

/** Every metric of a run, flat, by the names of metric-definitions.ts. The relative ones are NaN without a benchmark. */
export interface RunMetrics extends ReturnMetrics, RelativeMetrics, TradeMetrics, ExecutionMetrics {}

/** The metrics of spec backtest §5 of one run. */
export function runMetrics(run: RunResult, conventions: ReturnConventions = DEFAULT_CONVENTIONS): RunMetrics {
  const returns = dailyReturns(run.equity, run.startEquity)
  return {
    ...returnMetrics(returns, conventions),
    ...relativeMetrics(returns, benchmarkReturns(run), conventions),
    ...tradeMetrics(run.trades),
    ...executionMetrics(run, conventions.periodsPerYear),
  }
}

/** Returns of the run's benchmark; all NaN without one. Its first day is NaN: the level of the day before is not part of a run. */
export function benchmarkReturns(run: Pick<RunResult, 'benchmark' | 'dates'>): Float64Array {
  return run.benchmark === undefined ? new Float64Array(run.dates.length).fill(NaN) : dailyReturns(run.benchmark, NaN)
}

/** Turnover, exposure and costs of a run; NaN where mean equity is not positive. */
export function executionMetrics(run: Pick<RunResult, 'equity' | 'exposure' | 'tradedAmount' | 'cost'>, periodsPerYear: number): ExecutionMetrics {
  const years = run.equity.length / periodsPerYear
  const average = mean(run.equity)
  const perYear = (sum: number): number => (average > 0 ? sum / average / years : NaN)
  const total = (values: Float64Array): number => values.reduce((sum, value) => sum + (Number.isNaN(value) ? 0 : value), 0)
  return {
    turnover: perYear(total(run.tradedAmount) / 2),
    meanExposure: mean(run.exposure),
    costShare: perYear(total(run.cost)),
    totalCost: total(run.cost),
  }
}
