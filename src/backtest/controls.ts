import { midRank } from '#numeric/mid-rank.ts'
import type { RunResult } from './result.ts'
import { DEFAULT_CONVENTIONS, returnMetrics, type ReturnConventions } from './return-metrics.ts'

/** 对照: one way to take away what a strategy claims to have, and how to read what is left. */
export interface Control {
  readonly name: string
  readonly label: string
  readonly english: string
  readonly kind: 'randomised' | 'execution' | 'leave-out' | 'leak' | 'ablation'
  /** What is different from the run under test; everything else is kept. */
  readonly changes: string
  /** How many runs it takes. */
  readonly runs: number
  readonly judge: Judge
}

/** `beats-random`: percentile ≥ 95 among the runs. `survives`: every value > 0. `loses-edge`: lower than the run. `adds-value`: the run is better. `identical`: nothing differs. */
export type Judge = 'beats-random' | 'survives' | 'loses-edge' | 'adds-value' | 'identical'

/** The controls of spec backtest §7 (randomised, execution, leave-out, leak) and §8 (ablations), in the order of the report. Values are annual Sharpe unless `changes` says otherwise. */
export const controls: readonly Control[] = [
  {
    name: 'random_entries',
    label: '随机入场',
    english: 'Random entries',
    kind: 'randomised',
    changes: 'the same number of entries on the same days, stocks drawn at random from the universe; exits unchanged',
    runs: 500,
    judge: 'beats-random',
  },
  {
    name: 'shuffled_labels',
    label: '打乱信号',
    english: 'Shuffled labels',
    kind: 'randomised',
    changes: 'detector scores shuffled among the stocks of each day',
    runs: 100,
    judge: 'beats-random',
  },
  {
    name: 'one_day_late',
    label: '晚一天成交',
    english: 'One day late',
    kind: 'execution',
    changes: 'every execution one market day later',
    runs: 1,
    judge: 'survives',
  },
  {
    name: 'next_open_execution',
    label: '次日开盘成交',
    english: 'Next-open execution',
    kind: 'execution',
    changes: 'what was decided and filled at the same close is filled at the next open',
    runs: 1,
    judge: 'survives',
  },
  {
    name: 'double_costs',
    label: '双倍成本',
    english: 'Costs ×2',
    kind: 'execution',
    changes: 'commission, taxes, transfer fee and slippage doubled',
    runs: 1,
    judge: 'survives',
  },
  {
    name: 'leave_one_year_out',
    label: '逐年剔除',
    english: 'Leave one year out',
    kind: 'leave-out',
    changes: 'one calendar year of returns left out, each in turn',
    runs: 1,
    judge: 'survives',
  },
  {
    name: 'leave_top_5_trades_out',
    label: '剔除最佳五笔',
    english: 'Leave top 5 trades out',
    kind: 'leave-out',
    changes: 'net P&L of the five best trades taken off the final equity; the value is the total return',
    runs: 1,
    judge: 'survives',
  },
  {
    name: 'prefix_consistency',
    label: '前缀一致',
    english: 'Prefix consistency',
    kind: 'leak',
    changes: 'the last days of data removed; the value counts earlier orders that differ',
    runs: 1,
    judge: 'identical',
  },
  {
    name: 'lagged_features',
    label: '特征滞后一日',
    english: 'Features lagged',
    kind: 'leak',
    changes: 'all features one day older',
    runs: 1,
    judge: 'loses-edge',
  },
  {
    name: 'future_noise',
    label: '未来噪声',
    english: 'Future noise',
    kind: 'leak',
    changes: 'data after day t replaced by noise; the value counts orders decided up to t that differ',
    runs: 1,
    judge: 'identical',
  },
  {
    name: 'no_fund_quality',
    label: '去掉资金质量',
    english: 'No fund-quality filter',
    kind: 'ablation',
    changes: 'fund quality is not asked for',
    runs: 1,
    judge: 'adds-value',
  },
  {
    name: 'no_level',
    label: '去掉价位条件',
    english: 'No level filter',
    kind: 'ablation',
    changes: 'entries need no key level nearby',
    runs: 1,
    judge: 'adds-value',
  },
  {
    name: 'price_only_levels',
    label: '仅价格价位',
    english: 'Price-only levels',
    kind: 'ablation',
    changes: 'levels without absorption scores',
    runs: 1,
    judge: 'adds-value',
  },
  {
    name: 'random_levels',
    label: '随机价位',
    english: 'Random levels',
    kind: 'randomised',
    changes: 'levels drawn at random at the same distances from the price',
    runs: 100,
    judge: 'beats-random',
  },
]

/** What a control found. `value`: percentile (0 to 1) for `beats-random`, the worst value for `survives`, otherwise the value itself. */
export interface ControlVerdict {
  readonly control: Control
  readonly verdict: 'pass' | 'fail' | 'unknown'
  readonly value: number
  /** Values of the runs that had one. */
  readonly runs: number
  readonly sentence: string
}

/** Judges the values of a control's runs against the run under test. NaN values are left out; `unknown` when none is left or `own` is NaN where it is needed. */
export function judgeControl(control: Control, own: number, values: Float64Array): ControlVerdict {
  const known = values.filter((value) => !Number.isNaN(value))
  const unknown: ControlVerdict = { control, verdict: 'unknown', value: NaN, runs: known.length, sentence: 'not run, or no value' }
  const needsOwn = control.judge !== 'survives' && control.judge !== 'identical'
  if (known.length === 0 || (needsOwn && Number.isNaN(own))) return unknown
  const verdictOf = (pass: boolean, value: number, sentence: string): ControlVerdict => ({
    control,
    verdict: pass ? 'pass' : 'fail',
    value,
    runs: known.length,
    sentence,
  })
  const worst = known.reduce((low, value) => Math.min(low, value), Infinity)
  const largest = known.reduce((high, value) => Math.max(high, value), -Infinity)
  switch (control.judge) {
    case 'beats-random': {
      const percentile = midRank(known, own)
      return verdictOf(percentile >= 0.95, percentile, `at percentile ${(percentile * 100).toFixed(1)} of ${known.length} runs; 95 is asked for`)
    }
    case 'survives':
      return verdictOf(worst > 0, worst, worst > 0 ? 'stays positive' : 'does not stay positive')
    case 'loses-edge':
      return verdictOf(
        largest < own,
        largest,
        largest < own ? 'worse with older features, as it must be' : 'older features do as well: suspect a leak or no edge',
      )
    case 'adds-value':
      return verdictOf(own > largest, largest, own > largest ? 'the run is better with it' : 'the run is not better with it')
    case 'identical':
      return verdictOf(largest === 0, largest, largest === 0 ? 'no decision changed' : 'decisions changed: the strategy sees the future')
    default:
      return control.judge satisfies never
  }
}

/** Annual Sharpe with each calendar year left out in turn, in year order: what `leave_one_year_out` is judged by. Empty with a single year. */
export function leaveOneYearOut(
  dates: Uint32Array,
  returns: Float64Array,
  conventions: ReturnConventions = DEFAULT_CONVENTIONS,
): { year: number; sharpe: number }[] {
  const years = [...new Set(Array.from(dates, (date) => Math.floor(date / 10_000)))]
  if (years.length < 2) return []
  return years.map((year) => ({
    year,
    sharpe: returnMetrics(
      returns.filter((_, day) => Math.floor(dates[day]! / 10_000) !== year),
      conventions,
    ).sharpe,
  }))
}

/** Total return (fraction) without the net P&L of the `count` best trades: (E_end − Σ) / E_start − 1. NaN on a run of no days. */
export function leaveTopTradesOut(run: Pick<RunResult, 'equity' | 'startEquity' | 'trades'>, count = 5): number {
  const best = run.trades
    .map(({ netPnl }) => netPnl)
    .toSorted((a, b) => b - a)
    .slice(0, count)
    .filter((pnl) => pnl > 0)
  return ((run.equity.at(-1) ?? NaN) - best.reduce((sum, pnl) => sum + pnl, 0)) / run.startEquity - 1
}
