import { lineFit } from '#numeric/line-fit.ts'
import { mean } from '#numeric/mean.ts'
import { moments } from '#numeric/moments.ts'
import { quantileSorted } from '#numeric/quantile.ts'
import { minimumTrackLength, probabilisticSharpe, sharpeSample } from '#numeric/sharpe-statistics.ts'
import { standardDeviation } from '#numeric/standard-deviation.ts'
import { dailyRate } from './daily-returns.ts'

export interface ReturnConventions {
  /** P: 252 by default; mainland China has about 242 trading days a year. Printed in every report. */
  readonly periodsPerYear: number
  /** rf, annual fraction. */
  readonly riskFree: number
  /** Minimum acceptable return a day, fraction (Sortino). */
  readonly acceptable: number
}

export const DEFAULT_CONVENTIONS: ReturnConventions = { periodsPerYear: 252, riskFree: 0, acceptable: 0 }

/** What daily returns alone say. Fractions unless metric-definitions.ts says otherwise; NaN = not defined, the definition says when. */
export interface ReturnMetrics {
  readonly days: number
  readonly totalReturn: number
  readonly cagr: number
  readonly volatility: number
  readonly sharpe: number
  readonly sortino: number
  readonly maxDrawdown: number
  readonly calmar: number
  readonly valueAtRisk95: number
  readonly conditionalValueAtRisk95: number
  readonly tailRatio: number
  readonly omega: number
  readonly stability: number
  readonly dailyWinRate: number
  readonly dailyProfitFactor: number
  readonly ulcerIndex: number
  readonly skewness: number
  readonly kurtosis: number
  readonly probabilisticSharpe: number
  readonly minimumTrackLength: number
}

/** What they say beside a benchmark over the days where both are known. */
export interface RelativeMetrics {
  readonly excessReturn: number
  readonly alpha: number
  readonly beta: number
  readonly informationRatio: number
  readonly trackingError: number
  readonly upCapture: number
  readonly downCapture: number
}

/** The metrics of spec backtest §5 over simple daily returns. NaN days are left out before anything is counted, so n is the number of known days. */
export function returnMetrics(returns: Float64Array, conventions: ReturnConventions = DEFAULT_CONVENTIONS): ReturnMetrics {
  const { periodsPerYear, riskFree, acceptable } = conventions
  const known = returns.filter((value) => !Number.isNaN(value))
  const days = known.length
  const rf = dailyRate(riskFree, periodsPerYear)
  const excess = known.map((value) => value - rf)
  const sorted = known.toSorted()
  const { total, maxDrawdown, ulcerIndex } = path(known)
  const cagr = annualised(total, days, periodsPerYear)
  const wins = known.reduce((count, value) => count + (value > 0 ? 1 : 0), 0)
  const moved = known.reduce((count, value) => count + (value !== 0 ? 1 : 0), 0)
  const ratio = gainsOverLosses(known)
  const { skewness, kurtosis } = moments(known)
  const sample = sharpeSample(excess)
  return {
    days,
    totalReturn: days === 0 ? NaN : total,
    cagr,
    volatility: standardDeviation(known) * Math.sqrt(periodsPerYear),
    sharpe: sharpeOf(excess, periodsPerYear),
    sortino: sortinoOf(known, acceptable, periodsPerYear),
    maxDrawdown: days === 0 ? NaN : maxDrawdown,
    calmar: maxDrawdown < 0 ? cagr / -maxDrawdown : NaN,
    valueAtRisk95: quantileSorted(sorted, 0.05),
    conditionalValueAtRisk95: mean(sorted.subarray(0, Math.floor((days - 1) * 0.05) + 1)),
    tailRatio: finite(Math.abs(quantileSorted(sorted, 0.95)) / Math.abs(quantileSorted(sorted, 0.05))),
    omega: ratio,
    stability: stabilityOf(known),
    dailyWinRate: wins / moved,
    dailyProfitFactor: ratio,
    ulcerIndex: days === 0 ? NaN : ulcerIndex,
    skewness,
    kurtosis,
    probabilisticSharpe: probabilisticSharpe(sample),
    minimumTrackLength: minimumTrackLength(sample),
  }
}

/** Alpha, beta and the rest of spec backtest §5 against benchmark returns of the same days. Throws RangeError when the lengths differ. */
export function relativeMetrics(returns: Float64Array, benchmark: Float64Array, conventions: ReturnConventions = DEFAULT_CONVENTIONS): RelativeMetrics {
  if (returns.length !== benchmark.length)
    throw new RangeError(`Cannot compare with a benchmark: both must cover the same days, found ${returns.length} and ${benchmark.length}`)
  const { periodsPerYear, riskFree } = conventions
  const both = Array.from(returns.keys()).filter((day) => !Number.isNaN(returns[day]! + benchmark[day]!))
  const own = Float64Array.from(both, (day) => returns[day]!)
  const market = Float64Array.from(both, (day) => benchmark[day]!)
  const rf = dailyRate(riskFree, periodsPerYear)
  const { slope, intercept } = lineFit(
    market.map((value) => value - rf),
    own.map((value) => value - rf),
  )
  const active = own.map((value, day) => value - market[day]!)
  return {
    excessReturn: annualReturn(own, periodsPerYear) - annualReturn(market, periodsPerYear),
    alpha: (1 + intercept) ** periodsPerYear - 1,
    beta: slope,
    informationRatio: sharpeOf(active, periodsPerYear),
    trackingError: standardDeviation(active) * Math.sqrt(periodsPerYear),
    upCapture: captureOf(own, market, periodsPerYear, 1),
    downCapture: captureOf(own, market, periodsPerYear, -1),
  }
}

/** Mean over ddof 1 deviation, annualised by √P. NaN with fewer than two returns or when they do not vary; NaN are left out. */
export function sharpeOf(excess: Float64Array, periodsPerYear: number): number {
  return finite((mean(excess) / standardDeviation(excess)) * Math.sqrt(periodsPerYear))
}

/** (1 + total)^(P/n) − 1. NaN on no days, and after a loss of more than everything (no root of a negative number). */
export function annualised(total: number, days: number, periodsPerYear: number): number {
  return days === 0 || total < -1 ? NaN : (1 + total) ** (periodsPerYear / days) - 1
}

function annualReturn(returns: Float64Array, periodsPerYear: number): number {
  return annualised(path(returns).total, returns.length, periodsPerYear)
}

/** Equity starts at 1 and the start belongs to the running maximum. */
function path(returns: Float64Array) {
  let level = 1
  let peak = 1
  let maxDrawdown = 0
  let squares = 0
  for (let day = 0; day < returns.length; day++) {
    level *= 1 + returns[day]!
    if (level > peak) peak = level
    const drawdown = level / peak - 1
    if (drawdown < maxDrawdown) maxDrawdown = drawdown
    squares += drawdown * drawdown
  }
  return { total: level - 1, maxDrawdown, ulcerIndex: Math.sqrt(squares / returns.length) }
}

function sortinoOf(returns: Float64Array, acceptable: number, periodsPerYear: number): number {
  let sum = 0
  let squares = 0
  for (const value of returns) {
    const beyond = value - acceptable
    sum += beyond
    if (beyond < 0) squares += beyond * beyond
  }
  const n = returns.length
  return finite(((sum / n) * periodsPerYear) / (Math.sqrt(squares / n) * Math.sqrt(periodsPerYear)))
}

function gainsOverLosses(returns: Float64Array): number {
  let gains = 0
  let losses = 0
  for (const value of returns) {
    if (value > 0) gains += value
    else losses -= value
  }
  return finite(gains / losses)
}

/** R² of the cumulative log return on time; NaN when a day loses everything. */
function stabilityOf(returns: Float64Array): number {
  let sum = 0
  const logs = returns.map((value) => (sum += Math.log1p(value)))
  if (!Number.isFinite(sum)) return NaN
  return lineFit(
    logs.map((_, day) => day),
    logs,
  ).rSquared
}

function captureOf(own: Float64Array, market: Float64Array, periodsPerYear: number, sign: 1 | -1): number {
  const chosen = (values: Float64Array): Float64Array => values.filter((_, day) => market[day]! * sign > 0)
  return finite(annualReturn(chosen(own), periodsPerYear) / annualReturn(chosen(market), periodsPerYear))
}

/** A division by nothing has no answer here: Infinity is not a metric. */
function finite(value: number): number {
  return Number.isFinite(value) ? value : NaN
}
