import type { RelativeMetrics, ReturnMetrics } from './return-metrics.ts'
import type { ExecutionMetrics } from './run-metrics.ts'
import type { TradeMetrics } from './trade-metrics.ts'

/** How a number is shown: a fraction as %, money in CNY, the rest as it is with its unit. */
export type MetricUnit = 'fraction' | 'fraction/year' | 'ratio' | 'days' | 'trades' | 'times/year' | 'CNY' | 'probability'

/** What a metric is, for people and programs: a report prints the formula name beside the number and `missing` where it has none. */
export interface MetricDefinition {
  readonly label: string
  readonly english: string
  readonly unit: MetricUnit
  readonly definition: string
  /** Against empyrical: 'same', or how it differs; absent where that library has no such metric. */
  readonly empyrical?: string
  /** When it is NaN. */
  readonly missing: string
  /** Which way is good, where one is. */
  readonly better?: 'high' | 'low'
}

const none = 'no return is known'
const still = 'fewer than two returns, or they do not vary'
const untraded = 'no trade was closed'
const unpaired = 'no benchmark, or it does not vary on the days both are known'

/** Definitions of spec backtest §5. r: simple daily returns, n days, P periods a year, b: benchmark returns, E: equity. */
export const returnDefinitions: Readonly<Record<keyof ReturnMetrics, MetricDefinition>> = {
  days: { label: '天数', english: 'Days', unit: 'days', definition: 'number of known daily returns', missing: 'never' },
  totalReturn: { label: '总收益', english: 'Total return', unit: 'fraction', definition: 'Π(1+r) − 1', empyrical: 'same', missing: none, better: 'high' },
  cagr: {
    label: '年化收益',
    english: 'CAGR',
    unit: 'fraction/year',
    definition: '(1+total)^(P/n) − 1',
    empyrical: 'same (annual_return)',
    missing: `${none}, or more than everything was lost`,
    better: 'high',
  },
  volatility: {
    label: '年化波动',
    english: 'Volatility',
    unit: 'fraction/year',
    definition: 'std(r, ddof 1)·√P',
    empyrical: 'same',
    missing: 'fewer than two returns',
  },
  sharpe: {
    label: '夏普比率',
    english: 'Sharpe',
    unit: 'ratio',
    definition: 'mean(r−rf)/std(r, ddof 1)·√P',
    empyrical: 'same; ±∞ there when nothing varies, missing here',
    missing: still,
    better: 'high',
  },
  sortino: {
    label: '索提诺比率',
    english: 'Sortino',
    unit: 'ratio',
    definition: 'mean(r−mar)·P / (√mean(min(r−mar,0)²)·√P), mean over all n',
    empyrical: 'same; ∞ there without a loss, missing here',
    missing: `${none}, or no day is below the minimum acceptable return`,
    better: 'high',
  },
  maxDrawdown: {
    label: '最大回撤',
    english: 'Max drawdown',
    unit: 'fraction',
    definition: 'min(E/running max(E) − 1), start included',
    empyrical: 'same',
    missing: none,
    better: 'high',
  },
  calmar: {
    label: '卡玛比率',
    english: 'Calmar',
    unit: 'ratio',
    definition: 'CAGR/|max drawdown|',
    empyrical: 'same',
    missing: 'there was no drawdown',
    better: 'high',
  },
  valueAtRisk95: {
    label: '日 VaR 95%',
    english: 'VaR 95',
    unit: 'fraction',
    definition: '5 % percentile of r, type 7',
    empyrical: 'same',
    missing: none,
    better: 'high',
  },
  conditionalValueAtRisk95: {
    label: '日 CVaR 95%',
    english: 'CVaR 95',
    unit: 'fraction',
    definition: 'mean of the worst ⌊(n−1)·0.05⌋+1 returns',
    empyrical: 'same',
    missing: none,
    better: 'high',
  },
  tailRatio: {
    label: '尾部比率',
    english: 'Tail ratio',
    unit: 'ratio',
    definition: '|P95|/|P5| of r',
    empyrical: 'same',
    missing: `${none}, or P5 is 0`,
    better: 'high',
  },
  omega: {
    label: 'Omega(0)',
    english: 'Omega(0)',
    unit: 'ratio',
    definition: 'Σmax(r,0)/Σmax(−r,0)',
    empyrical: 'same at threshold 0',
    missing: 'no day lost',
    better: 'high',
  },
  stability: {
    label: '稳定性',
    english: 'Stability',
    unit: 'ratio',
    definition: 'R² of cumulative log return on time',
    empyrical: 'same',
    missing: 'fewer than two returns, equity stood still, or a day lost everything',
    better: 'high',
  },
  dailyWinRate: { label: '日胜率', english: 'Daily win rate', unit: 'fraction', definition: 'days r>0 / days r≠0', missing: 'no day moved', better: 'high' },
  dailyProfitFactor: {
    label: '日盈亏比',
    english: 'Daily profit factor',
    unit: 'ratio',
    definition: 'Σgains/Σlosses of days',
    missing: 'no day lost',
    better: 'high',
  },
  ulcerIndex: { label: '溃疡指数', english: 'Ulcer index', unit: 'fraction', definition: '√mean(drawdown²)', missing: none, better: 'low' },
  skewness: { label: '偏度', english: 'Skewness', unit: 'ratio', definition: 'm3/m2^1.5, population moments', missing: still },
  kurtosis: { label: '峰度', english: 'Kurtosis (raw)', unit: 'ratio', definition: 'm4/m2², population moments, normal = 3', missing: still },
  probabilisticSharpe: {
    label: '夏普>0 概率',
    english: 'PSR(0)',
    unit: 'probability',
    definition: 'Φ[SR·√(n−1)/√(1−γ3·SR+(γ4−1)/4·SR²)], SR per day (Bailey & López de Prado 2012)',
    missing: still,
    better: 'high',
  },
  minimumTrackLength: {
    label: '最短记录',
    english: 'MinTRL 95',
    unit: 'days',
    definition: '1+(1−γ3·SR+(γ4−1)/4·SR²)·(Φ⁻¹(0.95)/SR)²; ∞ when SR ≤ 0',
    missing: still,
    better: 'low',
  },
}

export const relativeDefinitions: Readonly<Record<keyof RelativeMetrics, MetricDefinition>> = {
  excessReturn: {
    label: '年化差',
    english: 'CAGR − benchmark',
    unit: 'fraction/year',
    definition: 'CAGR(r) − CAGR(b) over common days',
    missing: unpaired,
    better: 'high',
  },
  alpha: {
    label: 'Alpha',
    english: 'Alpha',
    unit: 'fraction/year',
    definition: '(1+α_d)^P − 1, α_d of OLS on daily excess returns',
    empyrical: 'same',
    missing: unpaired,
    better: 'high',
  },
  beta: { label: 'Beta', english: 'Beta', unit: 'ratio', definition: 'OLS slope on daily excess returns', empyrical: 'same', missing: unpaired },
  informationRatio: {
    label: '信息比率',
    english: 'Information ratio',
    unit: 'ratio',
    definition: 'mean(r−b)/std(r−b, ddof 1)·√P',
    empyrical: 'excess_sharpe without √P',
    missing: 'no benchmark, or r−b does not vary',
    better: 'high',
  },
  trackingError: {
    label: '跟踪误差',
    english: 'Tracking error',
    unit: 'fraction/year',
    definition: 'std(r−b, ddof 1)·√P',
    missing: 'no benchmark, or fewer than two common days',
  },
  upCapture: {
    label: '上行捕获',
    english: 'Up capture',
    unit: 'ratio',
    definition: 'CAGR(r)/CAGR(b) over days b>0',
    empyrical: 'same',
    missing: 'no benchmark, or no day it rose',
    better: 'high',
  },
  downCapture: {
    label: '下行捕获',
    english: 'Down capture',
    unit: 'ratio',
    definition: 'CAGR(r)/CAGR(b) over days b<0',
    empyrical: 'same',
    missing: 'no benchmark, or no day it fell',
    better: 'low',
  },
}

export const tradeDefinitions: Readonly<Record<keyof TradeMetrics, MetricDefinition>> = {
  trades: { label: '交易数', english: 'Trades', unit: 'trades', definition: 'closed trades, first in first out', missing: 'never' },
  winRate: { label: '胜率', english: 'Win rate', unit: 'fraction', definition: 'trades with net P&L>0 / closed trades', missing: untraded, better: 'high' },
  profitFactor: { label: '盈亏比', english: 'Profit factor', unit: 'ratio', definition: 'Σgains/Σlosses, net P&L', missing: 'no trade lost', better: 'high' },
  payoff: {
    label: '赔率',
    english: 'Payoff',
    unit: 'ratio',
    definition: 'average win/|average loss|, net return',
    missing: 'no winning or no losing trade',
    better: 'high',
  },
  expectancy: {
    label: '期望收益',
    english: 'Expectancy',
    unit: 'fraction',
    definition: 'p·W − (1−p)·L, net return a trade',
    missing: untraded,
    better: 'high',
  },
  kelly: { label: '凯利比例', english: 'Kelly', unit: 'fraction', definition: 'p − (1−p)/payoff', missing: 'no winning or no losing trade' },
  netPnl: { label: '净盈亏', english: 'Net P&L', unit: 'CNY', definition: 'Σ net P&L of closed trades', missing: 'never', better: 'high' },
  meanDaysHeld: { label: '平均持有', english: 'Mean days held', unit: 'days', definition: 'mean market days from entry to exit', missing: untraded },
  bestReturn: { label: '最好一笔', english: 'Best trade', unit: 'fraction', definition: 'largest net return', missing: untraded },
  worstReturn: { label: '最差一笔', english: 'Worst trade', unit: 'fraction', definition: 'smallest net return', missing: untraded },
}

export const executionDefinitions: Readonly<Record<keyof ExecutionMetrics, MetricDefinition>> = {
  turnover: {
    label: '年换手',
    english: 'Turnover',
    unit: 'times/year',
    definition: 'Σ|traded|/2/mean(E)·P/n',
    missing: 'mean equity is not positive',
    better: 'low',
  },
  meanExposure: { label: '平均仓位', english: 'Mean exposure', unit: 'fraction', definition: 'mean of Σ|position|/E', missing: 'equity is never positive' },
  costShare: {
    label: '成本占比',
    english: 'Cost share',
    unit: 'fraction/year',
    definition: 'Σcosts/mean(E)·P/n',
    missing: 'mean equity is not positive',
    better: 'low',
  },
  totalCost: {
    label: '总成本',
    english: 'Total cost',
    unit: 'CNY',
    definition: 'commission + stamp duty + transfer fee + slippage + dividend tax',
    missing: 'never',
    better: 'low',
  },
}

/** Every metric a run has, by name: what a report and an API print from. */
export const metricDefinitions: Readonly<Record<string, MetricDefinition>> = {
  ...returnDefinitions,
  ...relativeDefinitions,
  ...tradeDefinitions,
  ...executionDefinitions,
}
