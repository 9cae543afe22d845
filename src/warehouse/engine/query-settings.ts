/** Engine settings of one statement or one connection. */
export type Settings = Readonly<Record<string, string | number | boolean>>

export interface Limits {
  /** Memory one statement may take, bytes. */
  readonly queryMemoryBytes?: number
  /** Threads of one statement. */
  readonly threads?: number
}

const MB = 1_000_000

/** What every statement runs with, on both flavours (spec engine §11.5, §11.9). Deterministic: nothing is left to a server's own defaults. */
export function baseSettings(limits: Limits): Settings {
  return {
    final: 1,
    do_not_merge_across_partitions_select_final: 1,
    session_timezone: 'Asia/Shanghai',
    async_insert: 0,
    output_format_json_quote_64bit_integers: 0,
    output_format_json_quote_denormals: 0,
    ...(limits.queryMemoryBytes === undefined ? {} : { max_memory_usage: Math.floor(limits.queryMemoryBytes) }),
    ...(limits.threads === undefined ? {} : { max_threads: limits.threads }),
  }
}

/** A person waits: rows() and describe(). */
export const interactive: Settings = {
  max_execution_time: 60,
  max_result_rows: 100_000,
  max_result_bytes: 50 * MB,
  result_overflow_mode: 'throw',
}

/** One frame in memory. */
export const wholeFrame: Settings = { max_execution_time: 60, max_result_rows: 0, max_result_bytes: 2000 * MB, result_overflow_mode: 'throw' }

/** A job waits: exec(), frames(), ingest(), exportParquet(). */
export const batch: Settings = { max_execution_time: 1800, max_result_rows: 0, max_result_bytes: 0 }

/**
 * One insert becomes one block and so one part per partition, whatever its width: parts appear whole or not at all. The caller keeps it
 * within one partition and 1 M rows (spec engine §11.7).
 */
export const oneBlock: Settings = {
  ...batch,
  max_insert_threads: 1,
  min_insert_block_size_rows: 100_000_000,
  min_insert_block_size_bytes: 0,
  max_insert_block_size: 100_000_000,
}
