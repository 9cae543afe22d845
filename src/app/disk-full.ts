import { ConfigError } from '#core/errors.ts'
import { EngineError } from '#warehouse/engine/engine.ts'

/** SQLITE_FULL: "database or disk is full". */
const SQLITE_FULL = 13

/** 磁盘已满, in the words of SQLite, of Node or of the engine. */
export function isDiskFull(error: unknown): boolean {
  if (error instanceof EngineError) return error.kind === 'disk-full'
  const { errcode, code } = (error ?? {}) as { readonly errcode?: number; readonly code?: string }
  return errcode === SQLITE_FULL || code === 'ENOSPC' || code === 'EDQUOT'
}

/** A full disk as an ending with a next step; undefined for any other error. `kept` says what became of the work, in a sentence. */
export function diskFull(error: unknown, folder: string, kept: string): ConfigError | undefined {
  if (!isDiskFull(error)) return undefined
  return new ConfigError(`Cannot go on: the disk of ${folder} is full. ${kept}. Free some space and start again`, { cause: error })
}
