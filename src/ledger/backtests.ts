import type { Clock } from '#core/clock.ts'
import type { RunResult } from '#backtest/result.ts'
import type { Database } from './database.ts'

/** What a backtest is, apart from what came of it: the same facts give the same run id. */
export interface BacktestIdentity {
  readonly runId: string
  readonly strategy: string
  readonly version: string
  readonly params: Readonly<Record<string, number | string | boolean>>
  readonly paramHash: string
  readonly from: number
  readonly to: number
  readonly universe: string
  readonly grade: string
  readonly seed: number
  readonly codeHash: string
  readonly dataHash: string
}

/** One parameter set that was tried: it counts against every result of its family for ever (spec backtest §7). */
export interface TrialRecord {
  readonly params: Readonly<Record<string, number | string | boolean>>
  readonly paramHash: string
  readonly turnover: number
  readonly trades: number
  readonly dates: Uint32Array
  readonly returns: Float64Array
}

/** A file a run left, relative to the folder of its world. */
export interface Artifact {
  readonly name: string
  readonly path: string
  readonly bytes: number
}

/** One line of the list of runs. */
export interface BacktestSummary extends BacktestIdentity {
  readonly status: 'running' | 'done' | 'failed' | 'cancelled'
  readonly verdict: string | undefined
  readonly metrics: Readonly<Record<string, unknown>>
  readonly createdAt: number
  readonly endedAt: number | undefined
  readonly note: string | undefined
}

interface RunRow {
  readonly run_id: string
  readonly strategy: string
  readonly version: string
  readonly params_json: string
  readonly param_hash: string
  readonly date_from: number
  readonly date_to: number
  readonly universe: string
  readonly grade: string
  readonly seed: number
  readonly code_hash: string
  readonly data_hash: string
  readonly status: BacktestSummary['status']
  readonly verdict: string | null
  readonly metrics_json: string | null
  readonly created_at: number
  readonly ended_at: number | null
  readonly note: string | null
}

/** `bt_run`, `bt_trial`, `bt_trade`, `bt_order`, `bt_equity`, `bt_artifact` (spec backtest §11). Making a run again replaces it. */
export class Backtests {
  readonly #database: Database
  readonly #clock: Clock

  constructor(database: Database, clock: Clock) {
    this.#database = database
    this.#clock = clock
  }

  begin(run: BacktestIdentity): void {
    this.#database.transaction(() => {
      for (const table of ['bt_trade', 'bt_order', 'bt_equity', 'bt_artifact']) this.#database.run(`delete from ${table} where run_id = ?`, run.runId)
      this.#database.run(
        `insert or replace into bt_run (run_id, strategy, version, params_json, param_hash, mode, date_from, date_to, universe, grade, seed, code_hash, data_hash, status, created_at)
         values (?, ?, ?, ?, ?, 'daily', ?, ?, ?, ?, ?, ?, ?, 'running', ?)`,
        run.runId,
        run.strategy,
        run.version,
        JSON.stringify(run.params),
        run.paramHash,
        run.from,
        run.to,
        run.universe,
        run.grade,
        run.seed,
        run.codeHash,
        run.dataHash,
        this.#clock.now(),
      )
    })
  }

  /** Everything that came of a run, in one transaction. */
  finish(runId: string, { result, trials, verdict, metrics, artifacts }: FinishedRun): void {
    this.#database.transaction(() => {
      const run = this.read(runId)
      if (run === undefined) throw new RangeError(`Cannot finish ${runId}: it was never begun`)
      this.#database.run(
        `update bt_run set status = 'done', verdict = ?, metrics_json = ?, dates = ?, ended_at = ? where run_id = ?`,
        verdict,
        JSON.stringify(metrics),
        bytesOf(result.dates),
        this.#clock.now(),
        runId,
      )
      for (const trial of trials)
        this.#database.run(
          'insert or replace into bt_trial values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
          run.strategy,
          run.version,
          trial.paramHash,
          run.dataHash,
          runId,
          JSON.stringify(trial.params),
          Number.isNaN(trial.turnover) ? null : trial.turnover,
          trial.trades,
          bytesOf(trial.dates),
          bytesOf(trial.returns),
          this.#clock.now(),
        )
      this.#recordResult(runId, result)
      for (const { name, path, bytes } of artifacts) this.#database.run('insert or replace into bt_artifact values (?, ?, ?, ?)', runId, name, path, bytes)
    })
  }

  /** How a run ended that did not come to a result. */
  abandon(runId: string, status: 'failed' | 'cancelled', note: string): void {
    this.#database.transaction(() =>
      this.#database.run('update bt_run set status = ?, note = ?, ended_at = ? where run_id = ?', status, note, this.#clock.now(), runId),
    )
  }

  /** Newest first. */
  list({ strategy, limit = 50 }: { readonly strategy?: string | undefined; readonly limit?: number } = {}): readonly BacktestSummary[] {
    const only = strategy === undefined ? '' : ' where strategy = ?'
    return this.#database
      .all<RunRow>(`select * from bt_run${only} order by created_at desc, run_id limit ?`, ...(strategy === undefined ? [] : [strategy]), limit)
      .map(summaryOf)
  }

  read(runId: string): BacktestSummary | undefined {
    const [row] = this.#database.all<RunRow>('select * from bt_run where run_id = ?', runId)
    return row === undefined ? undefined : summaryOf(row)
  }

  /** The daily equity of a finished run, CNY. */
  equity(runId: string): { readonly dates: Uint32Array; readonly equity: Float64Array } {
    const rows = this.#database.all<{ trade_date: number; equity: number }>(
      'select trade_date, equity from bt_equity where run_id = ? order by trade_date',
      runId,
    )
    return { dates: Uint32Array.from(rows, (row) => row.trade_date), equity: Float64Array.from(rows, (row) => row.equity) }
  }

  artifacts(runId: string): readonly Artifact[] {
    return this.#database.all<{ name: string; path: string; bytes: number }>('select name, path, bytes from bt_artifact where run_id = ? order by name', runId)
  }

  /** Every trial of a strategy over its life but those of one run on the same data: what else was tried before this result was chosen. */
  trialsOf(strategy: string, but: { readonly dataHash: string; readonly paramHashes: ReadonlySet<string> }): readonly TrialRecord[] {
    const rows = this.#database.all<{
      readonly param_hash: string
      readonly data_hash: string
      readonly params_json: string
      readonly turnover: number | null
      readonly trades: number
      readonly dates: Uint8Array
      readonly returns: Uint8Array
    }>(
      'select param_hash, data_hash, params_json, turnover, trades, dates, returns from bt_trial where strategy = ? order by version, param_hash, data_hash',
      strategy,
    )
    return rows
      .filter(({ param_hash, data_hash }) => data_hash !== but.dataHash || !but.paramHashes.has(param_hash))
      .map((row) => ({
        params: JSON.parse(row.params_json) as TrialRecord['params'],
        paramHash: row.param_hash,
        turnover: row.turnover ?? NaN,
        trades: row.trades,
        dates: new Uint32Array(row.dates.slice().buffer),
        returns: new Float64Array(row.returns.slice().buffer),
      }))
  }

  #recordResult(runId: string, { dates, equity, cash, exposure, trades, orders }: RunResult): void {
    for (let i = 0; i < dates.length; i++)
      this.#database.run(
        'insert into bt_equity values (?, ?, ?, ?, ?)',
        runId,
        dates[i]!,
        equity[i]!,
        cash[i]!,
        Number.isNaN(exposure[i]!) ? null : exposure[i]!,
      )
    for (const [i, trade] of trades.entries())
      this.#database.run(
        'insert into bt_trade values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
        runId,
        i + 1,
        trade.code,
        trade.entryDate,
        trade.exitDate,
        trade.shares,
        trade.entryPrice,
        trade.exitPrice,
        trade.netPnl,
        trade.netReturn,
        trade.entryRule,
        trade.exitReason,
        JSON.stringify(trade),
      )
    for (const order of orders)
      this.#database.run(
        'insert into bt_order values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
        runId,
        order.id,
        order.code,
        order.side,
        order.type,
        order.createdOn,
        order.endedOn,
        order.state,
        order.reason ?? null,
        order.shares,
        order.filledShares,
        order.fillPrice ?? null,
        order.rule,
      )
  }
}

interface FinishedRun {
  readonly result: RunResult
  readonly trials: readonly TrialRecord[]
  readonly verdict: string
  readonly metrics: Readonly<Record<string, unknown>>
  readonly artifacts: readonly Artifact[]
}

function bytesOf(values: Uint32Array | Float64Array): Uint8Array {
  return new Uint8Array(values.slice().buffer)
}

function summaryOf(row: RunRow): BacktestSummary {
  return {
    runId: row.run_id,
    strategy: row.strategy,
    version: row.version,
    params: JSON.parse(row.params_json) as BacktestSummary['params'],
    paramHash: row.param_hash,
    from: row.date_from,
    to: row.date_to,
    universe: row.universe,
    grade: row.grade,
    seed: row.seed,
    codeHash: row.code_hash,
    dataHash: row.data_hash,
    status: row.status,
    verdict: row.verdict ?? undefined,
    metrics: row.metrics_json === null ? {} : (JSON.parse(row.metrics_json) as BacktestSummary['metrics']),
    createdAt: row.created_at,
    endedAt: row.ended_at ?? undefined,
    note: row.note ?? undefined,
  }
}
