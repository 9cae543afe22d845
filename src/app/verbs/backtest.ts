import { UsageError } from '#core/errors.ts'
import type { TradeDate } from '#core/trade-date.ts'
import type { ParameterAxis } from '#backtest/parameter-scan.ts'
import { compareRuns } from '#backtest/compare-runs.ts'
import { seededRng } from '#core/rng.ts'
import type { BacktestSummary } from '#ledger/backtests.ts'
import { DEFAULT_SCAN } from '#research/default-scan.ts'
import { settingsOf, strategyNamed } from '#research/job.ts'
import { EXIT } from '#dag/outcome.ts'
import { join } from 'node:path'
import { z } from 'zod'
import type { App } from '../app.ts'
import { backtest, type BacktestRequest } from '../backtest-experiment.ts'
import { codeText, dateText } from '../night-args.ts'
import { defineVerb } from '../verb.ts'

const cell = z.union([z.number(), z.boolean(), z.string()])

const args = z.discriminatedUnion('action', [
  z.strictObject({
    action: z.literal('run'),
    strategy: z.string(),
    from: dateText.optional(),
    to: dateText.optional(),
    codes: z.array(codeText).optional(),
    set: z.record(z.string(), cell).default({}),
    scan: z.record(z.string(), z.array(z.number()).min(1)).optional(),
    trials: z.number().int().min(1).max(5000).default(200),
    controls: z.enum(['full', 'quick', 'none']).default('full'),
    grade: z.enum(['TICK', 'BAR', 'NONE']).default('TICK'),
    cash: z.number().positive().max(1e11).default(1_000_000),
    seed: z.number().int().default(1),
  }),
  z.strictObject({ action: z.literal('list'), strategy: z.string().optional(), limit: z.number().int().min(1).max(500).default(20) }),
  z.strictObject({ action: z.literal('show'), run: z.string() }),
  z.strictObject({ action: z.literal('compare'), runs: z.array(z.string()).min(2).max(8) }),
])

/** 回测: run a strategy with everything that could show it to be luck, or look at runs made before. */
export const backtestVerb = defineVerb({
  name: 'backtest',
  args,
  async run(app, asked, context) {
    switch (asked.action) {
      case 'list':
        return { exitCode: EXIT.success, data: { action: 'list', runs: app.ledger.backtests.list(asked) } }
      case 'show':
        return { exitCode: EXIT.success, data: { action: 'show', run: runNamed(app, asked.run), artifacts: pathsOf(app, asked.run) } }
      case 'compare':
        return { exitCode: EXIT.success, data: { action: 'compare', ...compared(app, asked.runs) } }
      case 'run': {
        const { runId, report } = await backtest(app, await requestOf(app, asked), context)
        const { metrics, lights, controls, bias, walkForward, run } = report
        return {
          exitCode: EXIT.success,
          data: {
            action: 'run',
            runId,
            verdict: report.overall,
            lights,
            metrics,
            controls: controls?.map(({ control, verdict, value, runs, sentence }) => ({
              name: control.name,
              label: control.english,
              verdict,
              value,
              runs,
              sentence,
            })),
            bias:
              bias === undefined
                ? undefined
                : { deflatedSharpe: bias.deflatedSharpe, trials: bias.rawTrials, independent: bias.independentTrials, pbo: bias.overfitting?.probability },
            walkForward: walkForward === undefined ? undefined : { efficiency: walkForward.efficiency, folds: walkForward.folds.length },
            days: run.dates.length,
            trades: run.trades.length,
            unfilled: run.unfilled.length,
            caveats: report.header.caveats,
            artifacts: pathsOf(app, runId),
          },
        }
      }
      default:
        return asked satisfies never
    }
  },
})

type RunArgs = Extract<z.output<typeof args>, { action: 'run' }>

async function requestOf(app: App, asked: RunArgs): Promise<BacktestRequest> {
  const strategy = strategyNamed(asked.strategy)
  const covered = app.ledger.partitions.coverage()
  const needed = strategy.name === 'bollinger_microstructure' ? 'strategy_candidates' : 'dwd_daily'
  const coverage = covered.find(({ table }) => table === needed)
  if (coverage === undefined || coverage.from === 0)
    throw new UsageError(`Cannot backtest ${strategy.name}: ${needed} has not been built. Build it with: fupan run --all`)
  const from = asked.from ?? (needed === 'strategy_candidates' && asked.grade === 'TICK' ? await firstMeasured(app) : coverage.from)
  const to = asked.to ?? coverage.to
  if (from > to) throw new UsageError(`Cannot backtest from ${from} to ${to}: the range ends before it begins`)
  if (from > coverage.to || to < coverage.from)
    throw new UsageError(
      `Cannot backtest from ${from} to ${to}: ${needed} reaches from ${coverage.from} to ${coverage.to}. Build more with: fupan run --from ${from} --to ${to}`,
    )
  const known = settingsOf(strategy)
  return {
    strategy: strategy.name,
    params: asked.set,
    axes: axesOf(asked, Object.keys(known)),
    maxTrials: asked.trials,
    controls: asked.controls,
    from: Math.max(from, coverage.from) as TradeDate,
    to: Math.min(to, coverage.to) as TradeDate,
    codes: asked.codes,
    grade: asked.grade,
    cash: asked.cash,
    seed: asked.seed,
  }
}

/** The first day with candidates measured on ticks: a record that begins before it would be mostly empty. Throws UsageError when there is none. */
async function firstMeasured(app: App): Promise<TradeDate> {
  const [first] = await app.engine.rows<{ readonly date: number }>(
    'select min(trade_date) as date from fupan.strategy_candidates where fund_quality_z is not null',
  )
  if (first === undefined || first.date === 0)
    throw new UsageError(
      'Cannot backtest bollinger_microstructure: no candidate was ever measured on ticks. Import ticks and run fupan run --all, or study the price levels alone with --grade NONE',
    )
  return first.date as TradeDate
}

function axesOf({ strategy, scan, set }: RunArgs, known: readonly string[]): readonly ParameterAxis[] {
  if (scan === undefined) return (DEFAULT_SCAN[strategy] ?? []).filter(({ name }) => !(name in set))
  for (const name of Object.keys(scan))
    if (!known.includes(name)) throw new UsageError(`Cannot scan "${name}": ${strategy} has no such setting. It has: ${known.join(', ')}`)
  return Object.entries(scan).map(([name, values]) => ({ name, values: [...new Set(values)].toSorted((a, b) => a - b) }))
}

function runNamed(app: App, id: string): BacktestSummary {
  const runs = app.ledger.backtests.list({ limit: 500 })
  const found = runs.find(({ runId }) => runId === id) ?? (id === 'latest' ? runs[0] : undefined)
  if (found !== undefined) return found
  const alike = runs.filter(({ runId }) => runId.includes(id))
  if (alike.length === 1) return alike[0]!
  throw new UsageError(
    `Cannot find the backtest "${id}": ${alike.length === 0 ? 'no run has this id' : `${alike.length} runs have it in theirs`}. See them with: fupan backtest list`,
  )
}

function pathsOf(app: App, id: string): Readonly<Record<string, string>> {
  return Object.fromEntries(app.ledger.backtests.artifacts(runNamed(app, id).runId).map(({ name, path }) => [name, join(app.folders.root, path)]))
}

function compared(app: App, ids: readonly string[]) {
  const runs = ids.map((id) => runNamed(app, id))
  const unfinished = runs.find(({ status }) => status !== 'done')
  if (unfinished !== undefined) throw new UsageError(`Cannot compare ${unfinished.runId}: it is ${unfinished.status}. Run it again first`)
  const curves = runs.map(({ runId }) => {
    const { dates, equity } = app.ledger.backtests.equity(runId)
    const returns = equity.map((value, day) => (day === 0 ? NaN : value / equity[day - 1]! - 1))
    return { name: runId, dates, returns }
  })
  const { dates, runs: compared, pairs } = compareRuns(curves, seededRng('compare'))
  return { from: dates[0], to: dates.at(-1), days: dates.length, runs: compared, pairs }
}
