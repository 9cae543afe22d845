import type { Clock } from '#core/clock.ts'
import type { TradeDate } from '#core/trade-date.ts'
import type { DayState, StateOf } from '#dag/fingerprint.ts'
import type { Database } from './database.ts'

/** One day of a table that was just built or has arrived. */
export interface BuiltDay {
  readonly date: TradeDate
  readonly rows: number
  /** What it was built from; '' (default) for data from outside. */
  readonly fingerprint?: string
  /** Hash of the content. Equal to the one before: the day keeps its version, and nothing downstream becomes stale. */
  readonly digest?: string
}

export interface BuiltDays {
  readonly table: string
  readonly version: number
  readonly runId: string
  readonly days: readonly BuiltDay[]
}

/** What there is of a table. */
export interface Coverage {
  readonly table: string
  readonly from: TradeDate
  readonly to: TradeDate
  readonly days: number
  readonly rows: number
  readonly version: number
  /** When any of it was last built or fetched, epoch ms. */
  readonly builtAt: number
}

interface StateRow {
  readonly trade_date: number
  readonly ver: number
  readonly input_fingerprint: string
  readonly content_digest: string | null
}

/**
 * `partition_state`: what is fresh. One row per (table, trade date); a table without days has one under date 0. The states of a table
 * are read once and kept in memory; `reader` notices what another process wrote.
 */
export class PartitionStates {
  readonly #database: Database
  readonly #clock: Clock
  readonly #kept = new Map<string, Map<number, DayState>>()
  #stamp = ''
  #rollbacks = 0

  constructor(database: Database, clock: Clock) {
    this.#database = database
    this.#clock = clock
  }

  /** The freshness source for planning and executing. Days marked invalid are absent. */
  reader(): StateOf {
    const stamp = this.#database.stamp
    if (stamp !== this.#stamp) this.#kept.clear()
    this.#stamp = stamp
    return (table, date) => this.#statesOf(table).get(date)
  }

  /** Upsert many days in one transaction; how many changed their content. */
  record({ table, version, runId, days }: BuiltDays): { readonly changed: number; readonly unchanged: number } {
    const now = this.#clock.now()
    return this.#database.transaction(() => {
      const kept = this.#kept.get(table)
      let unchanged = 0
      for (const { date, rows, fingerprint = '', digest } of days) {
        const before = this.#database.all<StateRow>(
          "select trade_date, ver, input_fingerprint, content_digest from partition_state where table_name = ? and trade_date = ? and state = 'built'",
          table,
          date,
        )[0]
        const isSame = digest !== undefined && before?.content_digest === digest
        if (isSame) unchanged++
        const ver = isSame ? before.ver : version
        this.#database.run(
          "insert or replace into partition_state values (?, ?, ?, ?, ?, ?, ?, ?, 'built')",
          table,
          date,
          ver,
          rows,
          fingerprint,
          digest ?? null,
          now,
          runId,
        )
        kept?.set(date, { version: ver, fingerprint })
      }
      return { changed: days.length - unchanged, unchanged }
    })
  }

  /** Make days count as never built, so that the next plan builds them; how many there were. */
  invalidate(table: string, from: TradeDate, to: TradeDate): number {
    this.#kept.delete(table)
    return this.#database.run(
      "update partition_state set state = 'invalid' where table_name = ? and trade_date between ? and ? and state = 'built'",
      table,
      from,
      to,
    )
  }

  /** Forget days, when their data are gone; how many there were. */
  remove(table: string, from: TradeDate, to: TradeDate): number {
    this.#kept.delete(table)
    return this.#database.run('delete from partition_state where table_name = ? and trade_date between ? and ?', table, from, to)
  }

  /** Greatest version of the days from … to; 0 when there is none. */
  maxVersion(table: string, from: TradeDate, to: TradeDate): number {
    return this.#database.all<{ ver: number }>(
      "select coalesce(max(ver), 0) as ver from partition_state where table_name = ? and trade_date between ? and ? and state = 'built'",
      table,
      from,
      to,
    )[0]!.ver
  }

  /** What there is of every table, by name; tables without days have from = to = 0. */
  coverage(): readonly Coverage[] {
    return this.#database
      .all<{ table_name: string; first: number; last: number; days: number; rows: number; ver: number; built_at: number }>(
        `select table_name, min(trade_date) as first, max(trade_date) as last, count(*) as days, sum(rows) as rows, max(ver) as ver, max(built_at) as built_at
         from partition_state where state = 'built' group by table_name order by table_name`,
      )
      .map(({ table_name, first, last, days, rows, ver, built_at }) => ({
        table: table_name,
        from: first as TradeDate,
        to: last as TradeDate,
        days,
        rows,
        version: ver,
        builtAt: built_at,
      }))
  }

  /** Rows per day of a table, ascending. */
  days(
    table: string,
    from: TradeDate,
    to: TradeDate,
  ): readonly { readonly date: TradeDate; readonly rows: number; readonly version: number; readonly builtAt: number }[] {
    return this.#database
      .all<{ trade_date: number; rows: number; ver: number; built_at: number }>(
        "select trade_date, rows, ver, built_at from partition_state where table_name = ? and trade_date between ? and ? and state = 'built' order by trade_date",
        table,
        from,
        to,
      )
      .map(({ trade_date, rows, ver, built_at }) => ({ date: trade_date as TradeDate, rows, version: ver, builtAt: built_at }))
  }

  #statesOf(table: string): Map<number, DayState> {
    // A transaction that was taken back may have been read by us before it was.
    if (this.#database.rollbacks !== this.#rollbacks) this.#kept.clear()
    this.#rollbacks = this.#database.rollbacks
    let states = this.#kept.get(table)
    if (states === undefined) {
      states = new Map()
      let last: DayState | undefined
      const rows = this.#database.iterate<StateRow>(
        "select trade_date, ver, input_fingerprint from partition_state where table_name = ? and state = 'built' order by trade_date",
        table,
      )
      for (const { trade_date, ver, input_fingerprint } of rows) {
        // Neighbouring days are mostly built together: they share one record.
        if (last?.version !== ver || last.fingerprint !== input_fingerprint) last = { version: ver, fingerprint: input_fingerprint }
        states.set(trade_date, last)
      }
      this.#kept.set(table, states)
    }
    return states
  }
}
