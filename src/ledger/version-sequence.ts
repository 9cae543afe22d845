import type { Database } from './database.ts'

/** 版本号: the `ver` of ReplacingMergeTree rows. Strictly growing, never handed out twice, not even after a power cut (it waits for the disk). */
export function nextVersion(database: Database): number {
  return database.durably(() => database.all<{ value: number }>('update version_sequence set value = value + 1 returning value')[0]!.value)
}

/** The last one handed out; 0 before the first. */
export function lastVersion(database: Database): number {
  return database.all<{ value: number }>('select value from version_sequence')[0]!.value
}
