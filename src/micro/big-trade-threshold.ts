import { quantileSorted } from '#numeric/quantile.ts'

/** Settings of spec microstructure §4. Money in CNY. */
export interface BigTradeParams {
  readonly quantile: 0.9 | 0.95
  /** From this many days (and trades) of sample on, the percentile stands alone. */
  readonly fullDays: number
  readonly fullTrades: number
  /** Fewer days than this are no sample. */
  readonly minDays: number
  /** Share of mean daily turnover that makes a trade big when there is no sample. */
  readonly advShare: number
  readonly advFloor: number
  readonly advCeiling: number
  /** With neither sample nor daily bars: the vendors' usual lower bound of a "large order". */
  readonly fixed: number
  /** No threshold is lower than this. */
  readonly floor: number
}

/** The defaults of spec microstructure §4. */
export const BIG_TRADE_PARAMS: BigTradeParams = Object.freeze({
  quantile: 0.95,
  fullDays: 20,
  fullTrades: 5000,
  minDays: 5,
  advShare: 5e-4,
  advFloor: 100_000,
  advCeiling: 2_000_000,
  fixed: 200_000,
  floor: 50_000,
})

/** What is known of a stock and grain class before the day. Money in CNY, NaN = not known. */
export interface BigTradeSample {
  readonly p90: number
  readonly p95: number
  /** Days with ticks among the 60 trading days before, and AM/PM ticks on them. */
  readonly days: number
  readonly trades: number
  /** Daily bars before the day, and the mean amount of the last 20 of them. */
  readonly dailyBars: number
  readonly meanAmount: number
}

export interface BigTradeThreshold {
  /** CNY. */
  readonly threshold: number
  readonly method: 'PCT' | 'BLEND' | 'ADV' | 'FIXED'
}

/**
 * 大单阈值: from which value on a trade is big (spec microstructure §4): the percentile of the stock's own trades, leaning on daily turnover while
 * the sample is short. 20 days with fewer than 5,000 trades are a short sample too: the percentile then weighs `trades / 5000`.
 * Without daily bars the vendors' 200,000 CNY stands in for the turnover rule.
 */
export function bigTradeThreshold(sample: BigTradeSample, params: BigTradeParams = BIG_TRADE_PARAMS): BigTradeThreshold {
  const percentile = params.quantile === 0.9 ? sample.p90 : sample.p95
  const hasBars = sample.dailyBars >= params.minDays && sample.meanAmount > 0
  const fallback = hasBars ? Math.min(params.advCeiling, Math.max(params.advFloor, params.advShare * sample.meanAmount)) : params.fixed
  const hasSample = sample.days >= params.minDays && sample.trades > 0 && percentile > 0
  if (!hasSample) return { threshold: Math.max(fallback, params.floor), method: hasBars ? 'ADV' : 'FIXED' }
  const weight = sample.days < params.fullDays ? sample.days / params.fullDays : Math.min(1, sample.trades / params.fullTrades)
  const threshold = weight === 1 ? percentile : weight * percentile + (1 - weight) * fallback
  return { threshold: Math.max(threshold, params.floor), method: weight === 1 ? 'PCT' : 'BLEND' }
}

/** P90 and P95 (type 7) of a sample of trade values, exact; NaN for an empty sample. Sorts `values` in place; the unit of the answer is theirs. */
export function tradeValuePercentiles(values: Float64Array): { readonly p90: number; readonly p95: number } {
  values.sort()
  return { p90: quantileSorted(values, 0.9), p95: quantileSorted(values, 0.95) }
}
