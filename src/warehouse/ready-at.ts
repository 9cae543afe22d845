import { clockTime, instantOf } from '#core/shanghai-time.ts'
import type { EpochMs, TradeDate } from '#core/trade-date.ts'
import type { Table } from './table.ts'

const DAY_MS = 86_400_000

/** Milliseconds from Shanghai midnight of the trade date to a `readyAt` (`HH:MM`, or `+N HH:MM` calendar days later). Throws RangeError on anything else. */
export function readyAfter(readyAt: string): number {
  const match = /^(?:\+(\d) )?(\d\d:\d\d)$/.exec(readyAt)
  if (match === null) throw new RangeError(`Cannot read when a table is ready: it is HH:MM or +N HH:MM, found ${JSON.stringify(readyAt)}`)
  return Number(match[1] ?? 0) * DAY_MS + clockTime(match[2]!)
}

/** The first instant at which the table's rows of a date can be known: the same as their `known_at`. */
export function readyInstant(table: Pick<Table, 'readyAt'>, date: TradeDate): EpochMs {
  return instantOf(date, readyAfter(table.readyAt))
}
