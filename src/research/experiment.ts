import { seededRng } from '#core/rng.ts'
import type { TradeDate } from '#core/trade-date.ts'
import { mean } from '#numeric/mean.ts'
import { bootstrapIntervals } from '#backtest/bootstrap-intervals.ts'
import { capacity } from '#backtest/capacity.ts'
import { controls, judgeControl, leaveOneYearOut, leaveTopTradesOut, type Control, type ControlVerdict } from '#backtest/controls.ts'
import { dailyReturns } from '#backtest/daily-returns.ts'
import { gridPoints, gridSize, latinHypercube, parametersAt, type ParameterAxis } from '#backtest/parameter-scan.ts'
import { returnMetrics } from '#backtest/return-metrics.ts'
import type { RunResult } from '#backtest/result.ts'
import { runReport, type ReportHeader, type RunReport } from '#backtest/run-report.ts'
import { selectionBias } from '#backtest/selection-bias.ts'
import { DEFAULT_WALK_FORWARD, planWalkForward, walkForward, type WalkForward } from '#backtest/walk-forward.ts'
import type { BacktestPool } from './backtest-pool.ts'
import type { JobSummary } from './backtest-worker.ts'
import type { Job } from './job.ts'

/** How many random runs the controls make: what the spec asks for, or a tenth of it for a first look. */
export type ControlEffort = 'full' | 'quick' | 'none'

/** Daily returns of a trial made earlier, by date. */
export interface EarlierTrial {
  readonly dates: Uint32Array
  readonly returns: Float64Array
}

export interface Experiment {
  readonly job: Job
  /** What is varied; empty = nothing. */
  readonly axes: readonly ParameterAxis[]
  /** Grids larger than this are sampled by a Latin hypercube. */
  readonly maxTrials: number
  readonly controls: ControlEffort
  readonly header: Omit<ReportHeader, 'runId'>
  readonly runId: string
  /** Every other trial of the strategy family over its life: they count too. */
  readonly earlier: readonly EarlierTrial[]
  readonly benchmark?: { readonly name: string; readonly levelOn: (date: TradeDate) => number }
  readonly findings: RunReport['findings']
}

/** One parameter set that was tried. */
export interface Trial {
  readonly params: Job['params']
  readonly summary: JobSummary
}

export interface ExperimentOutcome {
  readonly report: RunReport
  readonly run: RunResult
  readonly trials: readonly Trial[]
}

export interface ExperimentContext {
  readonly pool: BacktestPool
  readonly progress: (what: string, done: number, total: number) => void
  readonly signal: AbortSignal
}

/** Trading days taken off the end to see whether earlier decisions change. */
const CUT_DAYS = 20

/**
 * 实验: a strategy run and everything that could show it to be luck (spec backtest §6–8): the scan and its walk-forward, deflation by all trials ever made, controls and
 * ablations. The same data, job and seed give the same report, whatever the number of threads.
 */
export async function runExperiment(experiment: Experiment, context: ExperimentContext): Promise<ExperimentOutcome> {
  const { job, axes, benchmark } = experiment
  const { pool, progress, signal } = context
  progress('run', 0, 3)
  const { result: bare, summary, facts } = await pool.result(job)
  const run: RunResult =
    benchmark === undefined
      ? bare
      : { ...bare, benchmark: Float64Array.from(bare.dates, (date) => benchmark.levelOn(date as TradeDate)), benchmarkName: benchmark.name }
  const gross = (await pool.result({ ...job, costFactor: 0 })).result
  const doubled = (await pool.result({ ...job, costFactor: 2 })).result
  signal.throwIfAborted()
  progress('run', 3, 3)
  const { points, trials } = await scan(experiment, context)
  const all = [summary, ...trials.map((trial) => trial.summary)]
  const net = dailyReturns(run.equity, run.startEquity)
  // A set of settings that never traded was no attempt: it neither counts nor clusters.
  const family = [...all.map(({ returns }) => returns), ...experiment.earlier.map((trial) => aligned(trial, run.dates))].filter((returns) =>
    returns.some((value) => value !== 0),
  )
  const rng = seededRng(job.seed).fork('deflate')
  // Without a single trade there is nothing to deflate.
  const bias = run.trades.length + run.openPositions.length === 0 ? undefined : selectionBias(net, family, rng.fork('reality check'))
  const verdicts = await judge(experiment, context, summary, run)
  const scores = trials.map(({ summary: { returns } }) => returnMetrics(returns).sharpe)
  const forward = forwardOf(run.dates, trials, Number(run.params['maxDays'] ?? DEFAULT_WALK_FORWARD.embargoDays))
  const report = runReport({
    header: { ...experiment.header, runId: experiment.runId },
    run,
    gross,
    doubled,
    intervals: bootstrapIntervals(net, rng.fork('bootstrap')),
    ...(bias === undefined ? {} : { bias }),
    ...(trials.length > 1 ? { scan: { axes, tried: points.map((point, i) => ({ point, score: scores[i]! })), objective: 'Sharpe, a year' } } : {}),
    ...(forward === undefined ? {} : { walkForward: forward }),
    controls: verdicts,
    capacity: capacity(facts.executions, mean(run.equity), run.costs.commission + run.costs.stampDuty + run.costs.transferFee),
    findings: [
      ...(experiment.findings ?? []),
      { what: 'supports touched on their day', count: facts.touched, note: `${facts.bounced} of them bounced 2 % within five days before they broke` },
    ],
  })
  return { report, run, trials: [{ params: job.params, summary }, ...trials] }
}

async function scan({ job, axes, maxTrials }: Experiment, { pool, progress, signal }: ExperimentContext) {
  const points = axes.length === 0 ? [] : gridSize(axes) <= maxTrials ? gridPoints(axes) : latinHypercube(axes, maxTrials, seededRng(job.seed).fork('scan'))
  const jobs = points.map((point) => ({ ...job, params: { ...job.params, ...parametersAt(axes, point) } }))
  const summaries = await pool.summaries(jobs, (done) => progress('scan', done, jobs.length), signal)
  return { points, trials: summaries.map((summary, i): Trial => ({ params: jobs[i]!.params, summary })) }
}

/** Absent when the days do not reach from a train part into a test part, or nothing was scanned. */
function forwardOf(dates: Uint32Array, trials: readonly Trial[], embargoDays: number): WalkForward | undefined {
  if (trials.length < 2) return undefined
  const folds = planWalkForward(dates, { ...DEFAULT_WALK_FORWARD, embargoDays })
  if (folds.length === 0) return undefined
  return walkForward(
    folds,
    trials.map(({ params, summary }) => ({ id: JSON.stringify(params), returns: summary.returns, turnover: summary.turnover })),
  )
}

/** Returns of an earlier trial on the days of this run; a day it does not have is NaN. */
function aligned({ dates, returns }: EarlierTrial, days: Uint32Array): Float64Array {
  const place = new Map(Array.from(dates, (date, i) => [date, i]))
  return Float64Array.from(days, (date) => {
    const at = place.get(date)
    return at === undefined ? NaN : returns[at]!
  })
}

async function judge(
  { job, controls: effort }: Experiment,
  { pool, progress, signal }: ExperimentContext,
  own: JobSummary,
  run: RunResult,
): Promise<readonly ControlVerdict[]> {
  if (effort === 'none') return controls.map((control) => judgeControl(control, NaN, new Float64Array(0)))
  const sharpe = (returns: Float64Array) => returnMetrics(returns).sharpe
  const plans = controls.map((control) => ({ control, jobs: jobsOf(control, job, effort, run.dates.length) }))
  const total = plans.reduce((sum, { jobs }) => sum + jobs.length, 0)
  let done = 0
  const told = plans.map(async ({ control, jobs }): Promise<ControlVerdict> => {
    const net = dailyReturns(run.equity, run.startEquity)
    if (control.name === 'leave_one_year_out')
      return judgeControl(
        control,
        NaN,
        Float64Array.from(leaveOneYearOut(run.dates, net), (year) => year.sharpe),
      )
    if (control.name === 'leave_top_5_trades_out') return judgeControl(control, NaN, Float64Array.of(leaveTopTradesOut(run)))
    const summaries = await pool.summaries(jobs, () => progress('controls', ++done, total), signal)
    if (control.judge === 'identical')
      return judgeControl(
        control,
        NaN,
        Float64Array.from(summaries, (summary) => changedOrders(own, summary, run)),
      )
    return judgeControl(
      control,
      sharpe(own.returns),
      Float64Array.from(summaries, ({ returns }) => sharpe(returns)),
    )
  })
  return await Promise.all(told)
}

/** The runs a control takes; none where it does not apply to the strategy or needs no run. */
function jobsOf({ name, runs }: Control, job: Job, effort: ControlEffort, days: number): readonly Job[] {
  const draws = effort === 'full' ? runs : Math.max(1, Math.round(runs / 10))
  const choosesCandidates = job.strategy === 'bollinger_microstructure'
  const drawn = (variant: NonNullable<Job['variant']>): readonly Job[] =>
    choosesCandidates ? Array.from({ length: draws }, (_, i) => ({ ...job, variant, seed: job.seed + 1 + i })) : []
  switch (name) {
    case 'random_entries':
    case 'random_levels':
      return drawn(name)
    case 'no_fund_quality':
    case 'no_level':
    case 'price_only_levels':
      return choosesCandidates ? [{ ...job, variant: name }] : []
    case 'one_day_late':
      return [{ ...job, delay: 1 }]
    case 'next_open_execution':
      return choosesCandidates ? [{ ...job, params: { ...job.params, closeExecution: 'next_open' } }] : []
    case 'double_costs':
      return [{ ...job, costFactor: 2 }]
    case 'lagged_features':
      return choosesCandidates ? [{ ...job, lag: 1 }] : []
    case 'prefix_consistency':
      return days > CUT_DAYS ? [{ ...job, future: { kind: 'removed', days: CUT_DAYS } }] : []
    case 'future_noise':
      return days > CUT_DAYS ? [{ ...job, future: { kind: 'noise', days: CUT_DAYS } }] : []
    default:
      return []
  }
}

/** Orders up to the first changed day that are in one run and not in the other; NaN when the run is too short to tell. */
function changedOrders(own: JobSummary, other: JobSummary, run: RunResult): number {
  const last = run.dates.at(-1 - CUT_DAYS)
  if (last === undefined) return NaN
  // An order of the last common day may name shares that only the next open decides; its decision is the same.
  const before = ({ orders }: JobSummary) => orders.filter((order) => Number(order.slice(0, 8)) < last)
  const [a, b] = [new Set(before(own)), new Set(before(other))]
  return a.symmetricDifference(b).size
}
