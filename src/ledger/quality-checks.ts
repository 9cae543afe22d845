import type { Clock } from '#core/clock.ts'
import type { TradeDate } from '#core/trade-date.ts'
import type { Database } from './database.ts'

/** 数据校验: one answer of one check about one day of one table. */
export interface QualityCheck {
  readonly checkId: string
  readonly target: string
  /** 0 = not bound to a date. */
  readonly date: TradeDate
  readonly runId: string
  readonly severity: 'INFO' | 'WARN' | 'ERROR' | 'CRITICAL'
  readonly passed: boolean
  /** NaN or absent = no number. */
  readonly metric?: number
  readonly threshold?: number
  readonly expected?: string
  readonly actual?: string
  /** Offending keys; at most 20 are kept. */
  readonly sample?: readonly unknown[]
}

interface CheckRow {
  readonly check_id: string
  readonly target: string
  readonly trade_date: number
  readonly run_id: string
  readonly severity: QualityCheck['severity']
  readonly passed: number
  readonly metric: number | null
  readonly threshold: number | null
  readonly expected: string | null
  readonly actual: string | null
  readonly sample_json: string | null
  readonly checked_at: number
}

/** `meta_quality_check_log`. Asking the same check again in a run replaces its answer. */
export class QualityChecks {
  readonly #database: Database
  readonly #clock: Clock

  constructor(database: Database, clock: Clock) {
    this.#database = database
    this.#clock = clock
  }

  record(checks: readonly QualityCheck[]): void {
    const now = this.#clock.now()
    this.#database.transaction(() => {
      for (const { checkId, target, date, runId, severity, passed, metric, threshold, expected, actual, sample } of checks)
        this.#database.run(
          'insert or replace into meta_quality_check_log values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
          checkId,
          target,
          date,
          runId,
          severity,
          Number(passed),
          known(metric),
          known(threshold),
          expected ?? null,
          actual ?? null,
          sample === undefined ? null : JSON.stringify(sample.slice(0, 20)),
          now,
        )
    })
  }

  /** Answers about a table, newest first; only the failed ones when asked. */
  about(
    target: string,
    { failedOnly = false, limit = 100 }: { readonly failedOnly?: boolean; readonly limit?: number } = {},
  ): readonly (QualityCheck & { readonly checkedAt: number })[] {
    return this.#database
      .all<CheckRow>(
        `select * from meta_quality_check_log where target = ? and passed <= ? order by checked_at desc, trade_date desc, check_id limit ?`,
        target,
        failedOnly ? 0 : 1,
        limit,
      )
      .map(checkOf)
  }

  /** All answers of a run, by table, date and check. */
  ofRun(runId: string): readonly (QualityCheck & { readonly checkedAt: number })[] {
    return this.#database.all<CheckRow>('select * from meta_quality_check_log where run_id = ? order by target, trade_date, check_id', runId).map(checkOf)
  }
}

function known(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value
}

function checkOf(row: CheckRow): QualityCheck & { readonly checkedAt: number } {
  return {
    checkId: row.check_id,
    target: row.target,
    date: row.trade_date as TradeDate,
    runId: row.run_id,
    severity: row.severity,
    passed: row.passed === 1,
    checkedAt: row.checked_at,
    ...(row.metric === null ? {} : { metric: row.metric }),
    ...(row.threshold === null ? {} : { threshold: row.threshold }),
    ...(row.expected === null ? {} : { expected: row.expected }),
    ...(row.actual === null ? {} : { actual: row.actual }),
    ...(row.sample_json === null ? {} : { sample: JSON.parse(row.sample_json) as unknown[] }),
  }
}
