import type { Clock } from '#core/clock.ts'
import type { Outcome, RunEvent } from '#core/run-event.ts'
import type { Database } from './database.ts'

/** A run, or one task of it, as it stands. */
export interface RunRow {
  readonly run_id: string
  readonly parent_run_id: string | null
  readonly job_name: string
  readonly layer: string
  readonly start_date: number | null
  readonly end_date: number | null
  readonly days: number | null
  readonly status: 'PENDING' | 'RUNNING' | 'SUCCESS' | 'SUCCESS_WITH_WARNINGS' | 'PARTIAL' | 'FAILED' | 'CANCELLED'
  readonly rows_written: number | null
  readonly retries: number
  readonly started_at: number | null
  readonly ended_at: number | null
  readonly duration_ms: number | null
  readonly host: string
  readonly pid: number
  readonly err_code: string | null
  readonly err_msg: string | null
  readonly args_json: string | null
}

/** What a run was asked for: kept with it, not part of the events. */
export interface RunRequest {
  readonly mode?: 'full' | 'incremental' | 'backfill' | 'repair'
  readonly lenient?: boolean
  readonly pipeline?: string
  /** As given by the user; secrets must already be masked. */
  readonly args?: unknown
  readonly codeRev?: string
}

/**
 * `run_event` (append-only, everything) and `meta_etl_run_log` (one row per run and one per task, named `<run>/<task>`, a fold of the
 * events). Both are written in one transaction, so they never disagree.
 */
export class RunLog {
  readonly #database: Database
  readonly #clock: Clock
  readonly #host: string
  readonly #pid: number

  constructor(database: Database, clock: Clock, host: string, pid: number) {
    this.#database = database
    this.#clock = clock
    this.#host = host
    this.#pid = pid
  }

  /** Append an event and bring the rows up to date. */
  record(event: RunEvent): void {
    this.#database.transaction(() => {
      const task = 'task' in event ? event.task : null
      this.#database.run(
        'insert into run_event (run_id, at, type, task, payload) values (?, ?, ?, ?, ?)',
        event.run,
        event.at,
        event.type,
        task,
        JSON.stringify(event),
      )
      this.#fold(event)
    })
  }

  /** Keep what was asked for with the run; after its first event. */
  describe(run: string, { mode, lenient, pipeline, args, codeRev }: RunRequest): void {
    this.#database.run(
      'update meta_etl_run_log set mode = ?, lenient = ?, pipeline_id = ?, args_json = ?, code_rev = ? where run_id = ?',

      mode ?? null,
      lenient === undefined ? null : Number(lenient),
      pipeline ?? null,
      args === undefined ? null : JSON.stringify(args),
      codeRev ?? null,
      run,
    )
  }

  /** The events of a run after `after`, in order; `seq` is what to ask for next. */
  events(run: string, after = 0, limit = 10_000): readonly { readonly seq: number; readonly event: RunEvent }[] {
    return this.#database
      .all<{ seq: number; payload: string }>('select seq, payload from run_event where run_id = ? and seq > ? order by seq limit ?', run, after, limit)
      .map(({ seq, payload }) => ({ seq, event: JSON.parse(payload) as RunEvent }))
  }

  /** Latest runs first, without their tasks. */
  latest(limit = 50): readonly RunRow[] {
    return this.#database.all<RunRow>('select * from meta_etl_run_log where parent_run_id is null order by started_at desc, run_id desc limit ?', limit)
  }

  /** A run and its tasks in the order of the plan; absent when unknown. */
  read(run: string): { readonly run: RunRow; readonly tasks: readonly RunRow[] } | undefined {
    const row = this.#database.all<RunRow>('select * from meta_etl_run_log where run_id = ?', run)[0]
    return row === undefined
      ? undefined
      : { run: row, tasks: this.#database.all<RunRow>('select * from meta_etl_run_log where parent_run_id = ? order by rowid', run) }
  }

  /** Median milliseconds per day of the last 20 successful builds of a task; absent when there is none. */
  msPerDay(task: string): number | undefined {
    const values = this.#database
      .all<{ ms: number }>(
        `select cast(duration_ms as real) / days as ms from meta_etl_run_log
         where job_name = ? and parent_run_id is not null and status = 'SUCCESS' and days > 0 and duration_ms > 0 order by started_at desc limit 20`,
        task,
      )
      .map(({ ms }) => ms)
      .toSorted((a, b) => a - b)
    const middle = values.length >> 1
    return values.length === 0 ? undefined : values.length % 2 === 1 ? values[middle]! : (values[middle - 1]! + values[middle]!) / 2
  }

  /** Close the runs a dead process left running; their names. To be called by the new owner of the directory, before its first run. */
  closeAbandoned(): readonly string[] {
    return this.#database.transaction(() => {
      const runs = this.#database.all<{ run_id: string }>(
        "select run_id from meta_etl_run_log where parent_run_id is null and status = 'RUNNING' order by started_at",
      )
      for (const { run_id } of runs) this.record({ type: 'run-ended', run: run_id, at: this.#clock.now(), state: 'abandoned' })
      return runs.map(({ run_id }) => run_id)
    })
  }

  #fold(event: RunEvent): void {
    switch (event.type) {
      case 'run-started':
        return this.#start(event)
      case 'task-started':
        return this.#update(event, "status = 'RUNNING', started_at = ?1, heartbeat_at = ?1", event.at)
      case 'task-progress':
        return this.#update(event, 'heartbeat_at = ?', event.at)
      case 'task-retrying':
        return this.#update(event, 'retries = retries + 1, heartbeat_at = ?', event.at)
      case 'task-ended':
        return this.#endTask(event)
      case 'run-progress':
        this.#database.run('update meta_etl_run_log set heartbeat_at = ? where run_id = ?', event.at, event.run)
        return undefined
      case 'run-ended':
        return this.#endRun(event)
      default:
        return event satisfies never
    }
  }

  #start({ run, at, tasks }: Extract<RunEvent, { type: 'run-started' }>): void {
    const insert = `insert into meta_etl_run_log (run_id, parent_run_id, job_name, layer, api_name, start_date, end_date, days, status, started_at, heartbeat_at, host, pid, args_json)
                    values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
    const dates = tasks.flatMap(({ from, to }) => [from, to]).filter((date) => date > 0)
    const [first, last, days] = dates.length === 0 ? [null, null, 0] : [Math.min(...dates), Math.max(...dates), tasks.reduce((sum, task) => sum + task.days, 0)]
    this.#database.run(insert, run, null, 'run', 'MAINT', null, first, last, days, 'RUNNING', at, at, this.#host, this.#pid, null)
    for (const { task, from, to, days, why } of tasks)
      this.#database.run(
        insert,
        `${run}/${task}`,
        run,
        task,
        layerOf(task),
        task,
        from,
        to,
        days,
        'PENDING',
        null,
        null,
        this.#host,
        this.#pid,
        JSON.stringify({ why }),
      )
  }

  #update({ run, task }: { readonly run: string; readonly task: string }, change: string, at: number): void {
    this.#database.run(`update meta_etl_run_log set ${change} where run_id = ${change.includes('?1') ? '?2' : '?'}`, at, `${run}/${task}`)
  }

  #endTask({ run, task, at, outcome }: Extract<RunEvent, { type: 'task-ended' }>): void {
    const { status, code, message } = verdictOf(outcome)
    const [rows, ms] = outcome.type === 'done' ? [outcome.rows, Math.round(outcome.milliseconds)] : [null, null]
    this.#database.run(
      `insert into meta_etl_run_log (run_id, parent_run_id, job_name, layer, api_name, status, ended_at, duration_ms, rows_written, err_code, err_msg, host, pid)
       values (?1, ?2, ?3, ?4, ?3, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
       on conflict (run_id) do update set status = ?5, ended_at = ?6, duration_ms = ?7, rows_written = ?8, err_code = ?9, err_msg = ?10`,
      `${run}/${task}`,
      run,
      task,
      layerOf(task),
      status,
      at,
      ms,
      rows,
      code ?? null,
      message?.slice(0, 2000) ?? null,
      this.#host,
      this.#pid,
    )
  }

  #endRun({ run, at, state }: Extract<RunEvent, { type: 'run-ended' }>): void {
    const status = { success: 'SUCCESS', degraded: 'SUCCESS_WITH_WARNINGS', failed: 'FAILED', cancelled: 'CANCELLED', abandoned: 'FAILED' }[state]
    if (state === 'abandoned')
      this.#database.run(
        `update meta_etl_run_log set status = case status when 'RUNNING' then 'FAILED' else 'CANCELLED' end, ended_at = ?, err_code = 'ABANDONED'
         where parent_run_id = ? and status in ('RUNNING', 'PENDING')`,
        at,
        run,
      )
    this.#database.run(
      `update meta_etl_run_log set status = ?1, ended_at = ?2, duration_ms = ?2 - started_at, err_code = ?3,
         rows_written = (select sum(rows_written) from meta_etl_run_log as task where task.parent_run_id = ?4),
         retries = (select coalesce(sum(retries), 0) from meta_etl_run_log as task where task.parent_run_id = ?4)
       where run_id = ?4`,
      status,
      at,
      state === 'abandoned' ? 'ABANDONED' : null,
      run,
    )
  }
}

function verdictOf(outcome: Outcome): { readonly status: RunRow['status']; readonly code?: string; readonly message?: string } {
  switch (outcome.type) {
    case 'done':
    case 'fresh':
      return { status: 'SUCCESS' }
    case 'skipped':
      return outcome.because === 'unchanged'
        ? { status: 'SUCCESS', code: 'UNCHANGED' }
        : { status: 'CANCELLED', code: 'UPSTREAM_FAILED', message: outcome.because }
    case 'not-ready':
      return { status: 'PARTIAL', code: 'NOT_READY', message: `${outcome.missing}. ${outcome.nextStep}` }
    case 'cancelled':
      return { status: 'CANCELLED' }
    case 'failed':
      return { status: 'FAILED', code: outcome.reason.toUpperCase().replaceAll('-', '_'), message: `${outcome.detail} ${outcome.nextStep}` }
    default:
      return outcome satisfies never
  }
}

/** The layer column of the run log, from the prefix of the table; promised names without one are of DWS, the candidates of ADS. */
function layerOf(task: string): string {
  if (/^(?:stock|abu|big|market)_/.test(task)) return 'DWS'
  if (task.startsWith('strategy_')) return 'ADS'
  const prefix = /^(dim|ods|dwd|dws|ads)_/.exec(task)?.[1]
  return prefix === undefined ? 'MAINT' : prefix === 'dim' ? 'BASE' : prefix.toUpperCase()
}
