import { deflatedSharpe, sharpeSample } from '#numeric/sharpe-statistics.ts'
import { standardDeviation } from '#numeric/standard-deviation.ts'
import { DEFAULT_CONVENTIONS, sharpeOf, type ReturnConventions } from './return-metrics.ts'

/** Days as places in the list of dates; `to` is not included. */
export interface Fold {
  readonly trainFrom: number
  readonly trainTo: number
  readonly testFrom: number
  readonly testTo: number
}

export interface WalkForwardPlan {
  readonly trainMonths: number
  readonly testMonths: number
  readonly stepMonths: number
  /** Days left out between train and test: the longest a position can live. */
  readonly embargoDays: number
  /** Anchored: every train part begins on the first day. */
  readonly anchored: boolean
}

/** Train 24 months, test 3, step 3, rolling (spec backtest §6); the embargo is the strategy's. */
export const DEFAULT_WALK_FORWARD: WalkForwardPlan = { trainMonths: 24, testMonths: 3, stepMonths: 3, embargoDays: 10, anchored: false }

/**
 * Folds by calendar months counted from the month of the first date (`dates` YYYYMMDD ascending). A test part cut short by the end of the data is
 * kept, an empty train or test part is not. Empty when the dates do not reach the first test month. Throws RangeError on lengths below one month.
 */
export function planWalkForward(dates: Uint32Array, plan: WalkForwardPlan = DEFAULT_WALK_FORWARD): Fold[] {
  const { trainMonths, testMonths, stepMonths, embargoDays, anchored } = plan
  if (!(trainMonths >= 1 && testMonths >= 1 && stepMonths >= 1 && embargoDays >= 0))
    throw new RangeError(`Cannot plan a walk-forward: months must be at least 1 and the embargo at least 0, found ${JSON.stringify(plan)}`)
  if (dates.length === 0) return []
  const monthOf = (date: number): number => Math.floor(date / 10_000) * 12 + (Math.floor(date / 100) % 100)
  const first = monthOf(dates[0]!)
  const startOf = (month: number): number => {
    const at = dates.findIndex((date) => monthOf(date) >= first + month)
    return at === -1 ? dates.length : at
  }
  const folds: Fold[] = []
  for (let month = 0; startOf(month + trainMonths) < dates.length; month += stepMonths) {
    const testFrom = startOf(month + trainMonths)
    const fold = { trainFrom: anchored ? 0 : startOf(month), trainTo: testFrom - embargoDays, testFrom, testTo: startOf(month + trainMonths + testMonths) }
    if (fold.trainTo > fold.trainFrom && fold.testTo > fold.testFrom) folds.push(fold)
  }
  return folds
}

/** One parameter set over all dates: simple daily returns and how often it turns over (times a year). */
export interface ScanTrial {
  readonly id: string
  readonly returns: Float64Array
  readonly turnover: number
}

/** Higher is better; sees the train part of every trial and answers one score each, NaN = not eligible. */
export type TrainObjective = (train: readonly Float64Array[]) => Float64Array

/** Deflated Sharpe over the train part, N = number of trials, V = their spread (spec backtest §6). */
export const deflatedSharpeObjective: TrainObjective = (train) => {
  const samples = train.map(sharpeSample)
  const known = Float64Array.from(samples, ({ sharpe }) => sharpe)
  const spread = standardDeviation(known)
  const variance = Number.isNaN(spread) ? 0 : spread * spread
  return Float64Array.from(samples, (sample) => deflatedSharpe(sample, variance, Math.max(1, train.length)))
}

/** What was chosen in a fold. Sharpe ratios are annual. */
export interface FoldChoice extends Fold {
  readonly chosen: string
  readonly score: number
  readonly trainSharpe: number
  readonly testSharpe: number
}

/** The headline of a scan: only days nobody had seen when their parameters were chosen. */
export interface WalkForward {
  readonly folds: readonly FoldChoice[]
  /** Returns of the chosen parameters over the test parts, one per date; NaN on days outside every test part. */
  readonly testReturns: Float64Array
  /** Returns of the parameters that look best over the whole period, to be drawn faint: hindsight. */
  readonly hindsight: { readonly chosen: string; readonly returns: Float64Array } | undefined
  /** Sharpe of the concatenated test curve, annual. */
  readonly outOfSampleSharpe: number
  /** Mean over folds of the chosen trial's train Sharpe, annual. */
  readonly inSampleSharpe: number
  /** SR_oos / SR_is; NaN when the in-sample Sharpe is not positive. */
  readonly efficiency: number
}

/**
 * Choose on each train part by `objective` (ties: lower turnover, then order), freeze over the test part, concatenate. Where test parts overlap
 * (step < test) the earlier fold keeps its days. `rf` is not deducted: excess returns are the caller's choice. Throws RangeError when a trial
 * does not cover the same days or there is none.
 */
export function walkForward(
  folds: readonly Fold[],
  trials: readonly ScanTrial[],
  objective: TrainObjective = deflatedSharpeObjective,
  { periodsPerYear }: ReturnConventions = DEFAULT_CONVENTIONS,
): WalkForward {
  const days = trials[0]?.returns.length ?? 0
  if (trials.length === 0 || trials.some(({ returns }) => returns.length !== days))
    throw new RangeError(
      `Cannot walk forward: at least one trial and the same days for all are needed, found ${trials.map(({ returns }) => returns.length).join(', ') || 'none'}`,
    )
  const choose = (from: number, to: number): { trial: ScanTrial; score: number } | undefined => {
    const scores = objective(trials.map(({ returns }) => returns.subarray(from, to)))
    let best = -1
    for (let i = 0; i < trials.length; i++) {
      const score = scores[i]!
      if (Number.isNaN(score)) continue
      if (best === -1 || score > scores[best]! || (score === scores[best]! && trials[i]!.turnover < trials[best]!.turnover)) best = i
    }
    return best === -1 ? undefined : { trial: trials[best]!, score: scores[best]! }
  }
  const testReturns = new Float64Array(days).fill(NaN)
  const choices: FoldChoice[] = []
  for (const fold of folds) {
    const found = choose(fold.trainFrom, fold.trainTo)
    if (found === undefined) continue
    const { trial, score } = found
    for (let day = fold.testFrom; day < fold.testTo; day++) if (Number.isNaN(testReturns[day]!)) testReturns[day] = trial.returns[day]!
    choices.push({
      ...fold,
      chosen: trial.id,
      score,
      trainSharpe: sharpeOf(trial.returns.subarray(fold.trainFrom, fold.trainTo), periodsPerYear),
      testSharpe: sharpeOf(trial.returns.subarray(fold.testFrom, fold.testTo), periodsPerYear),
    })
  }
  const whole = choose(0, days)
  const outOfSampleSharpe = sharpeOf(testReturns, periodsPerYear)
  const inSampleSharpe = choices.reduce((sum, { trainSharpe }) => sum + trainSharpe, 0) / choices.length
  return {
    folds: choices,
    testReturns,
    hindsight: whole === undefined ? undefined : { chosen: whole.trial.id, returns: whole.trial.returns },
    outOfSampleSharpe,
    inSampleSharpe,
    efficiency: inSampleSharpe > 0 ? outOfSampleSharpe / inSampleSharpe : NaN,
  }
}
