import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { DataGrade } from '#core/candidate.ts'
import type { TradeDate } from '#core/trade-date.ts'
import type { ParameterAxis } from '#backtest/parameter-scan.ts'
import { reportHtml } from '#backtest/report-html.ts'
import { reportJson } from '#backtest/report-json.ts'
import { reportMarkdown } from '#backtest/report-markdown.ts'
import type { RunReport } from '#backtest/run-report.ts'
import type { Artifact, BacktestIdentity, TrialRecord } from '#ledger/backtests.ts'
import { BacktestPool } from '#research/backtest-pool.ts'
import { readBenchmark } from '#research/benchmark.ts'
import { runExperiment, type ControlEffort, type ExperimentOutcome, type Trial } from '#research/experiment.ts'
import { settingsOf, strategyNamed, type Job } from '#research/job.ts'
import { readMarket, type MarketData } from '#research/read-market.ts'
import { paramSetId } from '#warehouse/param-set.ts'
import type { App } from './app.ts'
import type { VerbContext } from './verb.ts'

/** What the user wants to know. */
export interface BacktestRequest {
  readonly strategy: string
  readonly params: Job['params']
  readonly axes: readonly ParameterAxis[]
  readonly maxTrials: number
  readonly controls: ControlEffort
  readonly from: TradeDate
  readonly to: TradeDate
  readonly codes?: readonly string[] | undefined
  readonly grade: DataGrade
  readonly cash: number
  readonly seed: number
}

export interface BacktestOutcome {
  readonly runId: string
  readonly report: RunReport
  readonly artifacts: readonly Artifact[]
}

/** 回测: read the market, run the experiment on all cores, keep every trial and the report. Ended by the user or by a failure, the ledger says so. */
export async function backtest(app: App, request: BacktestRequest, { emit, signal }: VerbContext): Promise<BacktestOutcome> {
  const options = { signal: AbortSignal.any([signal, app.ended]) }
  emit({ type: 'progress', what: 'reading the market', done: 0, total: undefined, unit: 'stocks' })
  const data = await readMarket(app.engine, app.calendar, request, options)
  const benchmark = await readBenchmark(app.engine, data, options)
  const identity = await identify(app, request, data)
  const job: Job = {
    strategy: request.strategy,
    params: request.params,
    from: request.from,
    to: request.to,
    cash: request.cash,
    seed: request.seed,
    grade: request.grade,
  }
  app.ledger.backtests.begin(identity)
  const pool = new BacktestPool(data)
  try {
    const outcome = await runExperiment(
      {
        job,
        axes: request.axes,
        maxTrials: request.maxTrials,
        controls: request.controls,
        runId: identity.runId,
        earlier: app.ledger.backtests.trialsOf(request.strategy, { dataHash: identity.dataHash, paramHashes: new Set([identity.paramHash]) }),
        benchmark,
        header: {
          universe: `${identity.universe}, ${data.stocks.length} stocks`,
          codeHash: identity.codeHash,
          dataHash: identity.dataHash,
          dataGrade: request.grade,
          createdAt: new Date(app.clock.now()).toISOString(),
          caveats: caveatsOf(app, data, request),
        },
        findings: findingsOf(data),
      },
      { pool, progress: (what, done, total) => emit({ type: 'progress', what, done, total, unit: 'runs' }), signal: options.signal },
    )
    const artifacts = writeArtifacts(app, identity.runId, outcome.report)
    app.ledger.backtests.finish(identity.runId, {
      result: outcome.run,
      trials: outcome.trials.map((trial) => trialOf(trial, outcome)),
      verdict: outcome.report.overall,
      metrics: finite(outcome.report.metrics),
      artifacts,
    })
    return { runId: identity.runId, report: outcome.report, artifacts }
  } catch (error) {
    // Not handled: the ledger is told how the run ended, then the reason goes on.
    app.ledger.backtests.abandon(identity.runId, options.signal.aborted ? 'cancelled' : 'failed', (error as Error).message)
    throw error
  } finally {
    await pool.close()
  }
}

function trialOf({ params, summary }: Trial, { run }: ExperimentOutcome): TrialRecord {
  return { params, paramHash: paramSetId(params), turnover: summary.turnover, trades: summary.trades, dates: run.dates, returns: summary.returns }
}

/** The same code, data and settings are the same run. */
async function identify(app: App, request: BacktestRequest, data: MarketData): Promise<BacktestIdentity> {
  const strategy = strategyNamed(request.strategy)
  const universe = request.codes === undefined ? 'all stocks with bars' : `${request.codes.length} named`
  const known = settingsOf(strategy)
  const params = { ...known, ...request.params }
  const identity = {
    strategy: strategy.name,
    version: strategy.version,
    params,
    paramHash: paramSetId(request.params),
    from: request.from,
    to: request.to,
    universe,
    grade: request.grade,
    seed: request.seed,
    codeHash: codeHash(),
    dataHash: await dataHash(app, request, data),
  }
  const { axes, cash, controls, codes } = request
  return { runId: `${strategy.name}-${paramSetId({ ...identity, axes, cash, controls, codes: codes ?? [] })}`, ...identity }
}

/** SHA-256 (12 hex digits) over the sources that decide a result. */
function codeHash(): string {
  const hash = createHash('sha256')
  const root = new URL('..', import.meta.url).pathname
  for (const folder of ['core', 'numeric', 'micro', 'backtest', 'strategies', 'research'])
    for (const name of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).toSorted())
      if (name.endsWith('.ts') && !name.endsWith('.test.ts')) hash.update(`${folder}/${name}\n`).update(readFileSync(join(root, folder, name)))
  return hash.digest('hex').slice(0, 12)
}

/** What the tables read are made of: their newest versions and numbers of rows in the span. */
async function dataHash(app: App, { from, to, codes }: BacktestRequest, data: MarketData): Promise<string> {
  const parts: unknown[] = [data.stocks.length, codes ?? []]
  for (const table of ['dwd_daily', 'dwd_adj_factor', 'dwd_stock_label_daily', 'stock_bollinger_data', 'strategy_candidates', 'stock_level_microstructure']) {
    const rows = await app.engine.rows<{ readonly newest: string; readonly rows: string }>(
      `select toString(max(ver)) as newest, toString(count()) as rows from fupan.${table} where trade_date between {from:UInt32} and {to:UInt32}`,
      { params: { from, to } },
    )
    parts.push(table, rows[0]!.newest, rows[0]!.rows)
  }
  return paramSetId({ parts })
}

function caveatsOf(app: App, data: MarketData, request: BacktestRequest): readonly string[] {
  return [
    ...(app.world === 'sim' ? ['模拟数据：每个数字都是虚构的 Simulated data: every number is invented.'] : []),
    ...(data.adjustedOnly > 0
      ? [
          `${data.adjustedOnly} 只股票只有前复权价，涨跌停、手数与费用仅为近似 stocks are known by forward-adjusted prices only: limits, lots and fees are approximate.`,
        ]
      : []),
    ...(request.grade === 'NONE' && request.strategy === 'bollinger_microstructure'
      ? ['没有逐笔数据：只按价位选股，未要求资金质量与承接 No ticks: chosen by price levels alone, fund quality and absorption were not asked for.']
      : []),
    '收盘价成交假设在收盘时决定并按收盘价成交 Orders marked close_fill are decided and filled at the same close.',
  ]
}

function findingsOf(data: MarketData): RunReport['findings'] {
  const bars = data.stocks.reduce((sum, stock) => sum + stock.dates.length, 0)
  const unpriced = data.stocks.reduce((sum, stock) => sum + (stock.preClose?.reduce((count, value) => count + (value > 0 ? 0 : 1), 0) ?? 0), 0)
  return [
    { what: 'bars', count: bars, note: 'daily bars read, history before the run included' },
    { what: 'bars without a reference price', count: unpriced, note: 'limits follow from the close before' },
    { what: 'stocks with forward-adjusted prices only', count: data.adjustedOnly, note: 'limits, lots and fees approximate' },
    { what: 'candidate rows', count: data.candidateTable.length, note: 'stocks of the work set put to the filters' },
    { what: 'stock-days with flow at a level', count: data.levelFlows?.length ?? 0, note: 'what S1 can read' },
  ]
}

/** Reports in the folder of the run, each file whole or not there. */
function writeArtifacts(app: App, runId: string, report: RunReport): readonly Artifact[] {
  const folder = join(app.folders.root, 'backtests', runId)
  mkdirSync(folder, { recursive: true })
  const files = { 'report.html': reportHtml(report), 'report.json': reportJson(report), 'report.md': reportMarkdown(report) }
  return Object.entries(files).map(([name, text]) => {
    const path = join(folder, name)
    writeFileSync(`${path}.tmp`, text)
    renameSync(`${path}.tmp`, path)
    return { name, path: relative(app.folders.root, path), bytes: statSync(path).size }
  })
}

/** Numbers only; what is not known is left out. */
function finite(values: object): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, number] => typeof entry[1] === 'number' && Number.isFinite(entry[1])))
}
