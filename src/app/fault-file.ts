import { appendFileSync, statSync, truncateSync } from 'node:fs'
import type { Fault } from '#market/fault.ts'
import { faultLine } from '#vendor/fault-log.ts'

/**
 * 故障记录: what appends faults to a file, one line each. A line that could be written in part only, because the disk is full, is cut off again before the error goes on, so that every
 * line of the file can be read.
 */
export function faultFile(path: string, append: (path: string, line: string) => void = appendFileSync): (fault: Fault) => void {
  return (fault) => {
    const before = statSync(path, { throwIfNoEntry: false })
    try {
      append(path, faultLine(fault))
    } catch (error) {
      if (before === undefined || before.isFile()) truncate(path, before?.size ?? 0)
      throw error
    }
  }
}

function truncate(path: string, size: number): void {
  if (statSync(path, { throwIfNoEntry: false }) !== undefined) truncateSync(path, size)
}
