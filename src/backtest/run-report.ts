import type { BootstrapIntervals } from './bootstrap-intervals.ts'
import type { Capacity } from './capacity.ts'
import type { ControlVerdict } from './controls.ts'
import { dailyReturns } from './daily-returns.ts'
import { drawdownTable, type Drawdown } from './drawdowns.ts'
import type { GridPoint, ParameterAxis, PlateauScore, ScoredPoint } from './parameter-scan.ts'
import { bestPoint, plateauScore } from './parameter-scan.ts'
import { monthlyReturns, yearlyReturns, type PeriodReturn } from './period-returns.ts'
import type { QuintileHorizon } from './quintile-report.ts'
import type { ClosedTrade, RunResult } from './result.ts'
import { DEFAULT_CONVENTIONS, returnMetrics, type ReturnConventions, type ReturnMetrics } from './return-metrics.ts'
import { rollingMetrics, type RollingMetrics } from './rolling-metrics.ts'
import { benchmarkReturns, runMetrics, type RunMetrics } from './run-metrics.ts'
import type { SelectionBias } from './selection-bias.ts'
import { tradesBy, type TradeGroup } from './trade-metrics.ts'
import { overallLight, verdictLights, type LightColour, type VerdictLight } from './verdict-lights.ts'
import type { WalkForward } from './walk-forward.ts'

/** Changed whenever a field changes its meaning or goes away; additions keep it. */
export const REPORT_SCHEMA = 'fupan.backtest-report/1'

/** What a reader must know before the first number. Texts; an unknown one is absent and printed as such. */
export interface ReportHeader {
  readonly runId?: string
  readonly universe?: string
  readonly costModel?: string
  readonly codeHash?: string
  readonly dataHash?: string
  readonly dataGrade?: string
  /** When it was made: an argument, a pure folder has no clock. */
  readonly createdAt?: string
  readonly caveats: readonly string[]
}

/** A parameter scan as the report draws it. */
export interface ReportedScan {
  readonly axes: readonly ParameterAxis[]
  readonly tried: readonly ScoredPoint[]
  /** What was maximised, in words. */
  readonly objective: string
}

/** One finding on the data of the period: holes, disputed minutes, degraded days. */
export interface DataFinding {
  readonly what: string
  readonly count: number
  readonly note: string
}

/** A named way to split trades: by sector, size, regime … `undefined` leaves a trade out. */
export interface TradeSplit {
  readonly name: string
  readonly label: string
  readonly english: string
  readonly keyOf: (trade: ClosedTrade) => string | undefined
  /** `size`: largest group first (default); `key`: keys that have an order of their own. */
  readonly order?: 'size' | 'key'
}

/** Everything a report can hold. Absent parts were not made; the report says so in their place. */
export interface ReportInput {
  readonly header: ReportHeader
  readonly run: RunResult
  /** The same run without costs and with doubled costs. */
  readonly gross?: RunResult
  readonly doubled?: RunResult
  readonly conventions?: ReturnConventions
  readonly intervals?: BootstrapIntervals
  readonly bias?: SelectionBias
  readonly scan?: ReportedScan
  readonly walkForward?: WalkForward
  readonly controls?: readonly ControlVerdict[]
  readonly capacity?: Capacity
  readonly splits?: readonly TradeSplit[]
  readonly quintiles?: readonly QuintileHorizon[]
  readonly findings?: readonly DataFinding[]
}

/** A curve with its metrics: net, gross, benchmark, excess, in sample, walk-forward. */
export interface ReportedCurve {
  readonly name: 'net' | 'gross' | 'double_cost' | 'benchmark' | 'excess' | 'hindsight' | 'walk_forward'
  readonly label: string
  readonly english: string
  /** Simple daily returns, one per date of the run, NaN = unknown. */
  readonly returns: Float64Array
  readonly metrics: ReturnMetrics
}

export interface ReportedSplit {
  readonly name: string
  readonly label: string
  readonly english: string
  readonly groups: readonly TradeGroup[]
}

/** The report as values: what report-json.ts writes and the renderers read. */
export interface RunReport extends Omit<ReportInput, 'conventions' | 'gross' | 'doubled' | 'splits' | 'scan'> {
  readonly schema: typeof REPORT_SCHEMA
  readonly conventions: ReturnConventions
  readonly lights: readonly VerdictLight[]
  readonly overall: LightColour
  readonly metrics: RunMetrics
  readonly curves: readonly ReportedCurve[]
  readonly drawdowns: readonly Drawdown[]
  readonly months: readonly PeriodReturn[]
  readonly years: readonly PeriodReturn[]
  readonly rolling: readonly RollingMetrics[]
  readonly splits: readonly ReportedSplit[]
  readonly scan?: ReportedScan & { readonly best?: GridPoint; readonly plateau?: PlateauScore }
}

/** Puts a run and what was found about it together; computes everything that the run alone determines. Never draws: what needs chance is an input. */
export function runReport(input: ReportInput): RunReport {
  const { run, gross, doubled, conventions = DEFAULT_CONVENTIONS, bias, walkForward, scan, splits = [], ...rest } = input
  const net = dailyReturns(run.equity, run.startEquity)
  const benchmark = benchmarkReturns(run)
  const curve = (name: ReportedCurve['name'], label: string, english: string, returns: Float64Array | undefined): ReportedCurve[] =>
    returns === undefined ? [] : [{ name, label, english, returns, metrics: returnMetrics(returns, conventions) }]
  const curves = [
    ...curve('net', '净收益', 'Net', net),
    ...curve('gross', '零成本', 'Costs ×0', gross && dailyReturns(gross.equity, gross.startEquity)),
    ...curve('double_cost', '双倍成本', 'Costs ×2', doubled && dailyReturns(doubled.equity, doubled.startEquity)),
    ...curve('benchmark', '基准', 'Benchmark', run.benchmark && benchmark),
    ...curve('excess', '超额', 'Excess', run.benchmark && net.map((value, day) => (1 + value) / (1 + benchmark[day]!) - 1)),
    ...curve('walk_forward', '样本外', 'Walk-forward', walkForward?.testReturns),
    ...curve('hindsight', '样本内最佳', 'In-sample best', walkForward?.hindsight?.returns),
  ]
  const metrics = runMetrics(run, conventions)
  const lights = verdictLights({
    deflatedSharpe: bias?.deflatedSharpe,
    trials: bias && { independent: bias.independentTrials, raw: bias.rawTrials, deflatedSharpeRaw: bias.deflatedSharpeRaw },
    overfittingProbability: bias?.overfitting?.probability,
    days: metrics.days,
    closedTrades: run.trades.length,
    minimumTrackLength: metrics.minimumTrackLength,
    walkForwardEfficiency: walkForward?.efficiency,
    doubleCostCagr: curves.find(({ name }) => name === 'double_cost')?.metrics.cagr,
  })
  const found = scan && { best: bestPoint(scan.tried)?.point, plateau: plateauScore(scan.axes, scan.tried) }
  return {
    ...rest,
    schema: REPORT_SCHEMA,
    run,
    conventions,
    lights,
    overall: overallLight(lights),
    metrics,
    curves,
    drawdowns: drawdownTable(net),
    months: monthlyReturns(run.dates, net),
    years: yearlyReturns(run.dates, net),
    rolling: [60, 120].map((window) => rollingMetrics(net, window, benchmark, conventions)),
    splits: [...standardSplits, ...splits].map(({ keyOf, order, ...split }) => {
      const groups = tradesBy(run.trades, keyOf)
      return { ...split, groups: order === 'key' ? groups.toSorted((a, b) => (a.key < b.key ? -1 : 1)) : groups }
    }),
    ...(bias && { bias }),
    ...(walkForward && { walkForward }),
    ...(scan && { scan: { ...scan, ...(found?.best && { best: found.best }), ...(found?.plateau && { plateau: found.plateau }) } }),
  }
}

/** What every trade knows about itself. Data grades are never pooled silently (spec backtest §8), so they are always among the splits. */
const standardSplits: readonly TradeSplit[] = [
  { name: 'entry_rule', label: '入场规则', english: 'Entry rule', keyOf: ({ entryRule }) => entryRule },
  { name: 'exit_reason', label: '离场原因', english: 'Exit reason', keyOf: ({ exitReason }) => exitReason },
  { name: 'data_grade', label: '数据等级', english: 'Data grade', keyOf: ({ tag }) => tag.grade ?? 'unknown' },
  { name: 'quality_fifth', label: '资金质量五分位', english: 'Fund-quality fifth', keyOf: ({ tag }) => fifth(tag.qualityPct), order: 'key' },
  { name: 'support_fifth', label: '价位得分五分位', english: 'Level-score fifth', keyOf: ({ tag }) => fifth(tag.supportPct), order: 'key' },
  { name: 't_plus_one', label: 'T+1 锁定', english: 'T+1 lock', keyOf: ({ t1Locked }) => (t1Locked ? 'locked' : 'free') },
]

/** Fifth of a percentile rank, 1 = lowest. */
function fifth(percentile: number | undefined): string | undefined {
  return percentile === undefined || Number.isNaN(percentile) ? undefined : `Q${Math.min(5, Math.floor(percentile * 5) + 1)}`
}
