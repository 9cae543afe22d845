import type { Clock } from '#core/clock.ts'
import type { Rejection } from '#core/import-kind.ts'
import type { Database } from './database.ts'

/** What makes a file the same file again. */
export interface FileFingerprint {
  /** Bytes. */
  readonly size: number
  /** UTC milliseconds of the last change. */
  readonly mtime: number
  /** Hex digits of the content. */
  readonly sha256: string
}

/** A table a batch fills, and where its rows wait until they are published. */
export interface BatchTable {
  readonly table: string
  readonly staging?: string
}

export type BatchState = 'staging' | 'publishing' | 'done' | 'failed' | 'abandoned'

export interface BatchCounts {
  readonly rowsRead: number
  readonly rowsWritten: number
  readonly rowsUnchanged: number
  readonly rowsDuplicate: number
  readonly rowsRejected: number
  /** Rejected rows by reason. */
  readonly reasons: Readonly<Partial<Record<Rejection['reason'], number>>>
}

/** 导入批次: one file on its way into the warehouse. */
export interface ImportBatch extends BatchCounts {
  readonly batchId: string
  readonly path: string
  readonly kind: string
  readonly file: FileFingerprint
  readonly version: number
  readonly tables: readonly BatchTable[]
  readonly state: BatchState
  readonly detail?: string
  readonly startedAt: number
  readonly endedAt?: number
}

interface BatchRow {
  readonly batch_id: string
  readonly path: string
  readonly kind: string
  readonly file_size: number
  readonly file_mtime: number
  readonly file_sha256: string
  readonly version: number
  readonly tables_json: string
  readonly state: BatchState
  readonly rows_read: number
  readonly rows_written: number
  readonly rows_unchanged: number
  readonly rows_duplicate: number
  readonly rows_rejected: number
  readonly reasons_json: string
  readonly detail: string | null
  readonly started_at: number
  readonly ended_at: number | null
}

/**
 * `import_batch`. A batch is 'staging' while nothing is visible and 'publishing' from the moment its staged rows are complete: after a
 * crash the first kind is cleaned (`abandon`), the second rolled forward (`finish`). Each change names the state it comes from; any other
 * is a bug and throws RangeError.
 */
export class ImportBatches {
  readonly #database: Database
  readonly #clock: Clock

  constructor(database: Database, clock: Clock) {
    this.#database = database
    this.#clock = clock
  }

  begin({ batchId, path, kind, file, version }: Pick<ImportBatch, 'batchId' | 'path' | 'kind' | 'file' | 'version'>): void {
    this.#database.run(
      "insert into import_batch (batch_id, path, kind, file_size, file_mtime, file_sha256, version, tables_json, state, started_at) values (?, ?, ?, ?, ?, ?, ?, '[]', 'staging', ?)",
      batchId,
      path,
      kind,
      file.size,
      file.mtime,
      file.sha256,
      version,
      this.#clock.now(),
    )
  }

  /** Note the staging tables as soon as they exist: they are what a later start has to clean or publish. */
  setTables(batchId: string, tables: readonly BatchTable[]): void {
    this.#change(batchId, ['staging'], 'tables_json = ?', JSON.stringify(tables))
  }

  /** Everything is staged and checked: from here on the batch is rolled forward. On disk when this returns. */
  publish(batchId: string): void {
    this.#database.durably(() => this.#change(batchId, ['staging'], "state = 'publishing'"))
  }

  /** Published: the counts of the whole file. To be called in the transaction that records the partition states. */
  finish(batchId: string, counts: BatchCounts): void {
    this.#change(
      batchId,
      ['publishing'],
      "state = 'done', rows_read = ?, rows_written = ?, rows_unchanged = ?, rows_duplicate = ?, rows_rejected = ?, reasons_json = ?, ended_at = ?",

      counts.rowsRead,
      counts.rowsWritten,
      counts.rowsUnchanged,
      counts.rowsDuplicate,
      counts.rowsRejected,
      JSON.stringify(counts.reasons),
      this.#clock.now(),
    )
  }

  /** It cannot be loaded; `detail` says why. Nothing of it is visible. */
  fail(batchId: string, detail: string): void {
    this.#change(batchId, ['staging', 'publishing'], "state = 'failed', detail = ?, ended_at = ?", detail, this.#clock.now())
  }

  /** Interrupted or cancelled before publishing; its staging tables are gone. */
  abandon(batchId: string): void {
    this.#change(batchId, ['staging'], "state = 'abandoned', ended_at = ?", this.#clock.now())
  }

  /** Batches a dead process left: 'staging' to be cleaned, 'publishing' to be rolled forward, oldest first. */
  unfinished(): readonly ImportBatch[] {
    return this.#database.all<BatchRow>("select * from import_batch where state in ('staging', 'publishing') order by started_at, batch_id").map(batchOf)
  }

  /** The finished batch of the same content and kind, if there is one: loading it again would change nothing. */
  doneBefore(sha256: string, kind: string): ImportBatch | undefined {
    const row = this.#database.all<BatchRow>(
      "select * from import_batch where file_sha256 = ? and kind = ? and state = 'done' order by ended_at desc limit 1",
      sha256,
      kind,
    )[0]
    return row === undefined ? undefined : batchOf(row)
  }

  read(batchId: string): ImportBatch | undefined {
    const row = this.#database.all<BatchRow>('select * from import_batch where batch_id = ?', batchId)[0]
    return row === undefined ? undefined : batchOf(row)
  }

  latest(limit = 50): readonly ImportBatch[] {
    return this.#database.all<BatchRow>('select * from import_batch order by started_at desc, batch_id desc limit ?', limit).map(batchOf)
  }

  #change(batchId: string, from: readonly BatchState[], change: string, ...values: (string | number)[]): void {
    const states = from.map((state) => `'${state}'`).join(', ')
    const changed = this.#database.run(`update import_batch set ${change} where batch_id = ? and state in (${states})`, ...values, batchId)
    if (changed === 1) return
    throw new RangeError(`Cannot change import batch ${batchId}: it must be ${from.join(' or ')}, found ${this.read(batchId)?.state ?? 'no such batch'}`)
  }
}

function batchOf(row: BatchRow): ImportBatch {
  return {
    batchId: row.batch_id,
    path: row.path,
    kind: row.kind,
    file: { size: row.file_size, mtime: row.file_mtime, sha256: row.file_sha256 },
    version: row.version,
    tables: JSON.parse(row.tables_json) as BatchTable[],
    state: row.state,
    rowsRead: row.rows_read,
    rowsWritten: row.rows_written,
    rowsUnchanged: row.rows_unchanged,
    rowsDuplicate: row.rows_duplicate,
    rowsRejected: row.rows_rejected,
    reasons: JSON.parse(row.reasons_json) as BatchCounts['reasons'],
    startedAt: row.started_at,
    ...(row.detail === null ? {} : { detail: row.detail }),
    ...(row.ended_at === null ? {} : { endedAt: row.ended_at }),
  }
}
