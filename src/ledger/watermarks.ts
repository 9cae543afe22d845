import type { Clock } from '#core/clock.ts'
import { dateOfDayNumber, dayNumber, type TradeDate } from '#core/trade-date.ts'
import type { Database } from './database.ts'

/** 水位: the last date up to which a table is complete and verified. */
export interface Watermark {
  readonly apiName: string
  readonly waterMark: TradeDate
  readonly historyStart: TradeDate
  readonly status: 'OK' | 'PARTIAL' | 'DENIED' | 'DISABLED'
  readonly lastRunId?: string
  readonly lastSuccessAt?: number
  readonly updatedAt: number
  readonly note?: string
}

export interface WatermarkMove {
  readonly apiName: string
  readonly to: TradeDate
  /** The last completed trade date of this table: no watermark ever passes it. */
  readonly cap: TradeDate
  readonly runId: string
  /** Why, for the audit: `built`, `WM_CAUGHT_UP`, a person's words. */
  readonly reason: string
  /** First date in scope; kept when absent, `to` when the table is new. */
  readonly historyStart?: TradeDate
  readonly status?: Watermark['status']
}

interface WatermarkRow {
  readonly api_name: string
  readonly water_mark: number
  readonly history_start: number
  readonly status: Watermark['status']
  readonly last_run_id: string | null
  readonly last_success_at: number | null
  readonly updated_at: number
  readonly note: string | null
}

/** `meta_etl_watermark` with its audit. Invariant: history_start − 1 ≤ water_mark ≤ cap. */
export class Watermarks {
  readonly #database: Database
  readonly #clock: Clock

  constructor(database: Database, clock: Clock) {
    this.#database = database
    this.#clock = clock
  }

  read(apiName: string): Watermark | undefined {
    const row = this.#database.all<WatermarkRow>('select * from meta_etl_watermark where api_name = ?', apiName)[0]
    return row === undefined ? undefined : watermarkOf(row)
  }

  all(): readonly Watermark[] {
    return this.#database.all<WatermarkRow>('select * from meta_etl_watermark order by api_name').map(watermarkOf)
  }

  /**
   * Move forward; 'unchanged' when it is there or beyond already. Call it in the transaction that records the data.
   * Throws RangeError (WM_FUTURE) beyond the cap: the caller planned work that cannot exist.
   */
  advance(move: WatermarkMove): 'advanced' | 'unchanged' {
    checkMove(move)
    return this.#database.transaction(() => {
      const before = this.read(move.apiName)
      if (before !== undefined && before.waterMark >= move.to && (move.historyStart ?? before.historyStart) >= before.historyStart) return 'unchanged'
      this.#write(before, { ...move, to: Math.max(before?.waterMark ?? 0, move.to) as TradeDate })
      return 'advanced'
    })
  }

  /** Set to any date up to the cap, backwards too, with the reason in the audit. */
  set(move: WatermarkMove): void {
    checkMove(move)
    this.#database.transaction(() => this.#write(this.read(move.apiName), move))
  }

  /** Lower a watermark that ran ahead of the cap to the last good date (WM_AHEAD); the note says from where. Nothing to do = false. */
  repairAhead({
    apiName,
    lastGood,
    cap,
    runId,
  }: {
    readonly apiName: string
    readonly lastGood: TradeDate
    readonly cap: TradeDate
    readonly runId: string
  }): boolean {
    return this.#database.transaction(() => {
      const before = this.read(apiName)
      if (before === undefined || before.waterMark <= cap) return false
      const note = `WM_AHEAD_REPAIRED ${before.waterMark}→${lastGood}`
      this.set({ apiName, to: lastGood, cap, runId, reason: note, historyStart: Math.min(before.historyStart, lastGood) as TradeDate })
      this.#database.run('update meta_etl_watermark set note = ? where api_name = ?', note, apiName)
      return true
    })
  }

  /** Every move of a table, oldest first. */
  audit(
    apiName: string,
  ): readonly { readonly oldWm: number | undefined; readonly newWm: number; readonly reason: string; readonly runId: string; readonly at: number }[] {
    return this.#database
      .all<{ old_wm: number | null; new_wm: number; reason: string; run_id: string; at: number }>(
        'select * from meta_watermark_audit where api_name = ? order by rowid',
        apiName,
      )
      .map(({ old_wm, new_wm, reason, run_id, at }) => ({ oldWm: old_wm ?? undefined, newWm: new_wm, reason, runId: run_id, at }))
  }

  #write(before: Watermark | undefined, { apiName, to, runId, reason, historyStart, status }: WatermarkMove): void {
    const now = this.#clock.now()
    const start = historyStart ?? before?.historyStart ?? to
    if (to < dayBefore(start)) throw new RangeError(`Cannot set the watermark of ${apiName}: it is at least the day before its history (${start}), found ${to}`)
    this.#database.run(
      `insert into meta_etl_watermark values (?, ?, ?, ?, ?, ?, ?, null)
       on conflict (api_name) do update set water_mark = excluded.water_mark, history_start = excluded.history_start, status = excluded.status,
         last_run_id = excluded.last_run_id, last_success_at = excluded.last_success_at, updated_at = excluded.updated_at`,
      apiName,
      to,
      start,
      status ?? before?.status ?? 'OK',
      runId,
      now,
      now,
    )
    this.#database.run('insert into meta_watermark_audit values (?, ?, ?, ?, ?, ?)', apiName, before?.waterMark ?? null, to, reason, runId, now)
  }
}

function checkMove({ apiName, to, cap }: WatermarkMove): void {
  if (to > cap) throw new RangeError(`Cannot move the watermark of ${apiName}: WM_FUTURE, it never passes the last completed trade date ${cap}, found ${to}`)
}

function dayBefore(date: TradeDate): TradeDate {
  return dateOfDayNumber(dayNumber(date) - 1)
}

function watermarkOf(row: WatermarkRow): Watermark {
  return {
    apiName: row.api_name,
    waterMark: row.water_mark as TradeDate,
    historyStart: row.history_start as TradeDate,
    status: row.status,
    updatedAt: row.updated_at,
    ...(row.last_run_id === null ? {} : { lastRunId: row.last_run_id }),
    ...(row.last_success_at === null ? {} : { lastSuccessAt: row.last_success_at }),
    ...(row.note === null ? {} : { note: row.note }),
  }
}
