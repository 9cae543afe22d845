import type { Frame } from '#core/frame.ts'

export const DATABASE = 'fupan'

export type ParamValue = string | number | boolean | null | readonly (string | number)[]

export interface QueryOptions {
  /** Values for `{name:Type}` holes. User text is always bound, never spliced. */
  readonly params?: Readonly<Record<string, ParamValue>>
  /** Engine settings for this statement only; they never leak to the next (spec engine §7.1). */
  readonly settings?: Readonly<Record<string, string | number | boolean>>
  readonly signal?: AbortSignal
}

/**
 * The one door to ClickHouse SQL, embedded (chDB) or on a server. Nobody else imports `chdb` or `@clickhouse/client`.
 *
 * Contract, the same for both flavours (tests/engine contract suite):
 * - settings of one call never reach another call;
 * - abort stops the work in the engine, not only the waiting;
 * - a statement that ends badly rejects with EngineError and leaves the connection usable;
 * - every SELECT reads with FINAL (setting `final = 1`);
 * - table names are written fully qualified, `fupan.ods_daily`;
 * - a nullable number comes back as Float64Array with NaN, text as Labels, Int64 as Float64Array (throws beyond 2^53).
 */
export interface Engine {
  readonly flavour: 'embedded' | 'server'
  /** DDL, INSERT … SELECT, ALTER: nothing comes back. */
  exec(sql: string, options?: QueryOptions): Promise<void>
  /** A bounded result as row objects (at most 100 000 rows / 50 MB, else EngineError 'result-too-large'). */
  rows<Row extends object>(sql: string, options?: QueryOptions): Promise<Row[]>
  /** A whole result as one frame of columns. Bounded at 2 GB; use `frames` beyond. */
  frame(sql: string, options?: QueryOptions): Promise<Frame>
  /** A result of any size, block by block, in engine order; memory stays at one block. */
  frames(sql: string, options?: QueryOptions): AsyncIterable<Frame>
  /** Append columns to a table. The caller keeps one insert within one partition and 1 M rows, so that it is atomic. */
  insert(table: string, frame: Frame, options?: QueryOptions): Promise<void>
  /** Load a file into a table whose columns match it by name. */
  ingest(table: string, path: string, format: 'Parquet' | 'Native', options?: QueryOptions): Promise<void>
  /** Names and types of a SELECT without running it. */
  describe(sql: string, options?: QueryOptions): Promise<readonly { readonly name: string; readonly type: string }[]>
  /** Write a SELECT as a Parquet file (zstd) at `path`, atomically: temp file in the same folder, then rename. */
  exportParquet(sql: string, path: string, options?: QueryOptions): Promise<void>
  version(): Promise<string>
  /** Cancel what runs, release the directory. Safe to call twice. */
  close(): Promise<void>
}

export type EngineErrorKind =
  | 'syntax'
  | 'unknown-table'
  | 'out-of-memory'
  | 'timed-out'
  | 'result-too-large'
  | 'cancelled'
  | 'locked'
  | 'disk-full'
  | 'unavailable'
  | 'other'

/** An engine statement ended badly in a way a caller may want to tell apart. `code` is ClickHouse's error number when known. */
export class EngineError extends Error {
  override readonly name = 'EngineError'
  readonly kind: EngineErrorKind
  readonly code: number | undefined

  constructor(kind: EngineErrorKind, message: string, options?: { readonly code?: number; readonly cause?: unknown }) {
    super(message, { cause: options?.cause })
    this.kind = kind
    this.code = options?.code
  }
}
