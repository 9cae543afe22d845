import { pearson } from '#numeric/pearson.ts'
import { findPullbacks, PULLBACK_PARAMS, supportRatio, type Pullback, type PullbackParams } from './pullbacks.ts'

/** One stock's rise window, day by day, oldest first, all columns equally long. NaN = no summary that day. Spec microstructure §7.2. */
export interface FundWindow {
  /** Closes adjusted as of the last day. */
  readonly close: Float64Array
  /** Cumulative adjustment factor F of each day. */
  readonly adjFactor: Float64Array
  /** Columns of stock_microstructure_daily: CNY, shares as traded. */
  readonly bigNet: Float64Array
  readonly totalValue: Float64Array
  readonly bigBuyValue: Float64Array
  readonly bigBuyVolume: Float64Array
}

/** 自由流通市值 on the last day, CNY, and which share count it rests on; NaN when neither is known. */
export interface FreeFloat {
  readonly value: number
  readonly source: 'free' | 'float'
}

export interface FundQualityParams {
  /** Smallest share of the window's days that must have a summary. */
  readonly minAvailable: number
  /** Fewest days a correlation is computed from. */
  readonly minCorrelationDays: number
  readonly pullback: PullbackParams
}

/** The defaults of spec microstructure §7.2. */
export const FUND_QUALITY_PARAMS: FundQualityParams = Object.freeze({ minAvailable: 0.8, minCorrelationDays: 5, pullback: PULLBACK_PARAMS })

/** The numeric columns of `stock_fund_quality` before standardisation: fractions, CNY and CNY per share. */
export const FUND_QUALITY_FIELDS = [
  'price_return',
  'big_net_sum',
  'big_net_ratio_w',
  'turnover_ratio',
  'pos_days_ratio',
  'trend_corr',
  'trend_corr_diff',
  'big_buy_vwap',
  'big_cost_gain',
  'support_ratio',
  'n_pullbacks',
] as const

export type FundQualityField = (typeof FUND_QUALITY_FIELDS)[number]

/** 资金质量 of one stock and window. INSUFFICIENT: too few days with ticks, or none today; only price_return is known then. */
export interface FundQuality {
  readonly status: 'OK' | 'INSUFFICIENT'
  readonly values: Readonly<Record<FundQualityField, number>>
  readonly floatSource: FreeFloat['source']
  readonly pullbacks: readonly Pullback[]
}

/** 自由流通市值: free-float shares × close, or the float shares where the free float is not known (NaN). Shares and CNY per share. */
export function freeFloatValue(freeShares: number, floatShares: number, rawClose: number): FreeFloat {
  return freeShares > 0 ? { value: freeShares * rawClose, source: 'free' } : { value: floatShares * rawClose, source: 'float' }
}

/** 资金质量: what big money did while the price rose (spec microstructure §7.2). NaN marks a metric whose inputs are missing or whose denominator is 0. */
export function fundQuality(window: FundWindow, freeFloat: FreeFloat, params: FundQualityParams = FUND_QUALITY_PARAMS): FundQuality {
  const { close, bigNet, totalValue } = window
  const last = close.length - 1
  const known = daysWithData(window)
  const unknown = Object.fromEntries(FUND_QUALITY_FIELDS.map((field) => [field, NaN])) as Record<FundQualityField, number>
  const priceReturn = close[last]! / close[0]! - 1
  const isSufficient = known.length >= params.minAvailable * close.length && known.at(-1) === last
  if (!isSufficient) return { status: 'INSUFFICIENT', values: { ...unknown, price_return: priceReturn }, floatSource: freeFloat.source, pullbacks: [] }

  const net = sum(known, bigNet)
  const value = sum(known, totalValue)
  const pullbacks = findPullbacks(close, bigNet, params.pullback)
  const cost = bigBuyCost(window, known)
  return {
    status: 'OK',
    values: {
      price_return: priceReturn,
      big_net_sum: net,
      big_net_ratio_w: value > 0 ? net / value : NaN,
      turnover_ratio: freeFloat.value > 0 ? value / freeFloat.value : NaN,
      pos_days_ratio: known.filter((d) => bigNet[d]! > 0).length / known.length,
      trend_corr: trendCorrelation(window, known, params.minCorrelationDays),
      trend_corr_diff: changeCorrelation(window, known, params.minCorrelationDays),
      big_buy_vwap: cost,
      big_cost_gain: close[last]! / cost - 1,
      support_ratio: supportRatio(pullbacks),
      n_pullbacks: pullbacks.length,
    },
    floatSource: freeFloat.source,
    pullbacks,
  }
}

function daysWithData({ bigNet, totalValue }: FundWindow): number[] {
  const days: number[] = []
  for (let d = 0; d < bigNet.length; d++) if (!Number.isNaN(bigNet[d]!) && !Number.isNaN(totalValue[d]!)) days.push(d)
  return days
}

function sum(days: readonly number[], column: Float64Array): number {
  let total = 0
  for (const d of days) total += column[d]!
  return total
}

/** 大单成本: what big buyers paid per share of the last day's basis; NaN without big buys. */
function bigBuyCost({ bigBuyValue, bigBuyVolume, adjFactor }: FundWindow, days: readonly number[]): number {
  const today = adjFactor.at(-1)!
  let value = 0
  let volume = 0
  for (const d of days) {
    value += bigBuyValue[d]!
    volume += (bigBuyVolume[d]! * today) / adjFactor[d]!
  }
  return volume > 0 ? value / volume : NaN
}

/** Pearson of cumulative big net and close. NaN with too few days; 0 when one of them never moves. */
function trendCorrelation({ bigNet, close }: FundWindow, days: readonly number[], minDays: number): number {
  let cumulative = 0
  const flow = Float64Array.from(days, (d) => (cumulative += bigNet[d]!))
  return correlation(
    flow,
    Float64Array.from(days, (d) => close[d]!),
    minDays,
  )
}

/** Pearson of daily big net and close change: levels of two trending series correlate by construction, changes do not. Shown, not scored. */
function changeCorrelation({ bigNet, close }: FundWindow, days: readonly number[], minDays: number): number {
  const changed = days.filter((d) => d > 0)
  return correlation(
    Float64Array.from(changed, (d) => bigNet[d]!),
    Float64Array.from(changed, (d) => close[d]! - close[d - 1]!),
    minDays,
  )
}

function correlation(x: Float64Array, y: Float64Array, minDays: number): number {
  if (x.length < minDays) return NaN
  return isConstant(x) || isConstant(y) ? 0 : pearson(x, y)
}

function isConstant(values: Float64Array): boolean {
  return values.every((value) => value === values[0])
}
