import type { CandidateRow, DataGrade } from '#core/candidate.ts'
import { UsageError, nearest } from '#core/errors.ts'
import { seededRng, type Rng } from '#core/rng.ts'
import type { Strategy, StrategyParams } from '#core/strategy.ts'
import type { TradeDate } from '#core/trade-date.ts'
import { runDaily } from '#backtest/daily-run.ts'
import type { Market } from '#backtest/market.ts'
import type { RunResult } from '#backtest/result.ts'
import type { RunOptions } from '#backtest/run-options.ts'
import {
  CANDIDATE_PARAMS,
  selectCandidates,
  type CandidateParams,
  type CandidateTable,
  type Selection,
  type SelectionVariant,
} from '#backtest/select-candidates.ts'
import { strategies } from '#strategies/index.ts'

/** One run to be made, in plain values, so that it can be sent to a worker thread. */
export interface Job {
  readonly strategy: string
  /** Settings of the strategy and of the choice of candidates, by name; the rest has its default. */
  readonly params: Readonly<Record<string, number | string | boolean>>
  readonly from: TradeDate
  readonly to: TradeDate
  readonly cash: number
  readonly seed: number
  readonly grade: DataGrade
  readonly variant?: SelectionVariant | 'random_entries'
  readonly costFactor?: number
  readonly delay?: number
  /** Market days by which features, flows and candidates are read late. */
  readonly lag?: number
  /** What is done to the data to catch a strategy that sees ahead: the last days taken away, or replaced by noise. */
  readonly future?: { readonly kind: 'removed' | 'noise'; readonly days: number }
}

/** The strategy of that name. Throws UsageError with the nearest one. */
export function strategyNamed(name: string): Strategy<StrategyParams, unknown> {
  const found = strategies.find((strategy) => strategy.name === name)
  if (found !== undefined) return found
  const names = strategies.map((strategy) => strategy.name)
  const meant = nearest(name, names)
  throw new UsageError(
    `Cannot backtest "${name}": no strategy has this name${meant === undefined ? '' : `; did you mean "${meant}"?`} There are: ${names.join(', ')}`,
  )
}

/** Every setting a job of the strategy may change, with its default: its own, and those of the choice of candidates where it lives on them. */
export function settingsOf(strategy: Strategy<StrategyParams, unknown>): StrategyParams {
  return strategy.name === 'bollinger_microstructure' ? { ...(CANDIDATE_PARAMS as unknown as StrategyParams), ...strategy.params } : strategy.params
}

/** Makes the run a job describes. Pure: the same market, table and job give the same result in any thread. Throws UsageError on an unknown setting. */
export function runJob(market: Market, table: CandidateTable, job: Job, onDay?: RunOptions['onDay']): RunResult {
  return runWithCandidates(market, table, job, onDay).result
}

/** The same, with the candidates it was given. */
export function runWithCandidates(
  market: Market,
  table: CandidateTable,
  job: Job,
  onDay?: RunOptions['onDay'],
): { readonly result: RunResult; readonly candidates: readonly CandidateRow[] } {
  const strategy = strategyNamed(job.strategy)
  const known = settingsOf(strategy)
  for (const name of Object.keys(job.params)) {
    if (name in known) continue
    const meant = nearest(name, Object.keys(known))
    throw new UsageError(`Cannot set "${name}" of ${job.strategy}: it has no such setting${meant === undefined ? '' : `; did you mean "${meant}"?`}`)
  }
  const own = Object.fromEntries(Object.entries({ ...strategy.params, ...job.params }).filter(([name]) => name in strategy.params)) as StrategyParams
  const rng = seededRng(job.seed).fork(job.variant ?? 'full')
  const candidates = strategy.name === 'bollinger_microstructure' ? candidatesOf(market, table, job, rng) : []
  const result = {
    ...runDaily(market, strategy, own, {
      from: job.from,
      to: job.to,
      cash: job.cash,
      seed: job.seed,
      candidates: () => candidates,
      ...(job.costFactor === undefined ? {} : { costFactor: job.costFactor }),
      ...(job.delay === undefined ? {} : { delay: job.delay }),
      ...(job.lag === undefined ? {} : { featureLag: job.lag }),
      ...(onDay === undefined ? {} : { onDay }),
    }),
    params: { ...own, ...job.params },
  }
  return { result, candidates }
}

function candidatesOf(market: Market, table: CandidateTable, job: Job, rng: Rng): readonly CandidateRow[] {
  const params = Object.fromEntries(Object.entries(job.params).filter(([name]) => name in CANDIDATE_PARAMS)) as Partial<CandidateParams>
  const variant = job.variant === 'random_entries' ? 'full' : (job.variant ?? 'full')
  const rows = chosen(table, market, { params, variant, grade: job.grade, rng })
  const late = job.lag === undefined ? rows : rows.flatMap((row) => later(row, market, job.lag!))
  return job.variant === 'random_entries' ? late.flatMap((row) => elsewhere(row, market, rng)) : late
}

const lastChosen = new WeakMap<CandidateTable, { readonly asked: string; readonly rows: readonly CandidateRow[] }>()

/** The choice; asked for once more in the same words it is the same, unless chance has a part in it. */
function chosen(table: CandidateTable, market: Market, selection: Selection): readonly CandidateRow[] {
  const { rng: _rng, ...plain } = selection
  const asked = JSON.stringify(plain)
  const last = lastChosen.get(table)
  if (last?.asked === asked && selection.variant !== 'random_levels') return last.rows
  const rows = selectCandidates(table, market, selection)
  lastChosen.set(table, { asked, rows })
  return rows
}

/** The same candidate some market days later, its prices in the scale of then. */
function later(row: CandidateRow, market: Market, days: number): readonly CandidateRow[] {
  const stock = market.stock(row.code)
  const place = market.place(row.validFor)
  const date = place === undefined ? undefined : market.days[place + days]
  if (stock === undefined || place === undefined || date === undefined) return []
  const { adjFactor, first } = market.stocks[stock]!
  const ratio = adjFactor[place - first]! / adjFactor[place + days - first]!
  if (!(ratio > 0)) return []
  return [
    {
      ...row,
      validFor: date,
      supportPrice: row.supportPrice * ratio,
      ...(row.resistancePrice === undefined ? {} : { resistancePrice: row.resistancePrice * ratio }),
    },
  ]
}

/** A stock drawn from all that traded the day before, with a level as far below its close as the candidate's own, and as much room above. */
function elsewhere(row: CandidateRow, market: Market, rng: Rng): readonly CandidateRow[] {
  const stock = market.stock(row.code)
  const place = market.place(row.validFor)
  if (stock === undefined || place === undefined || place === 0) return []
  const closeOf = (at: number): number => {
    const { close, first, length, preClose } = market.stocks[at]!
    const i = place - first
    return i > 0 && i < length && close[i - 1]! > 0 ? preClose[i]! / 1000 : NaN
  }
  const own = closeOf(stock)
  for (let tries = 0; tries < 50; tries++) {
    const drawn = rng.integer(0, market.stocks.length - 1)
    const close = closeOf(drawn)
    if (!(close > 0 && own > 0)) continue
    const ratio = close / own
    return [
      {
        ...row,
        code: market.stocks[drawn]!.code,
        supportLevelId: 'random',
        supportPrice: Math.round(row.supportPrice * ratio * 100) / 100,
        ...(row.resistancePrice === undefined ? {} : { resistancePrice: Math.round(row.resistancePrice * ratio * 100) / 100 }),
      },
    ]
  }
  return []
}
