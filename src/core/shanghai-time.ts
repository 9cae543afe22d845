import { dateOfDayNumber, dayNumber, type EpochMs, type TradeDate } from './trade-date.ts'

const OFFSET_MS = 8 * 3_600_000
const DAY_MS = 86_400_000

/** The instant of a Shanghai wall-clock time (milliseconds after midnight). UTC+8 all year; the only file that knows the offset. */
export function instantOf(date: TradeDate, timeOfDayMs: number): EpochMs {
  return (dayNumber(date) * DAY_MS + timeOfDayMs - OFFSET_MS) as EpochMs
}

/** Milliseconds after Shanghai midnight. */
export function timeOfDay(at: EpochMs): number {
  const local = at + OFFSET_MS
  return local - Math.floor(local / DAY_MS) * DAY_MS
}

/** The Shanghai calendar date of an instant (not necessarily a trading day). */
export function dateOf(at: EpochMs): TradeDate {
  return dateOfDayNumber(Math.floor((at + OFFSET_MS) / DAY_MS))
}

/** '09:30' or '09:30:05' or '09:30:05.250' as milliseconds after midnight. Throws RangeError on anything else. */
export function clockTime(text: string): number {
  const match = /^(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3}))?)?$/.exec(text)
  const [hours, minutes, seconds] = [Number(match?.[1]), Number(match?.[2]), Number(match?.[3] ?? 0)]
  if (match === null || hours > 23 || minutes > 59 || seconds > 59)
    throw new RangeError(`Cannot read a clock time: it is HH:MM[:SS[.mmm]], found ${JSON.stringify(text)}`)
  return (hours * 3600 + minutes * 60 + seconds) * 1000 + Number((match[4] ?? '').padEnd(3, '0'))
}

/** Milliseconds after midnight as HH:MM:SS, for people. */
export function formatClock(timeOfDayMs: number): string {
  const seconds = Math.floor(timeOfDayMs / 1000)
  return [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map((part) => String(part).padStart(2, '0')).join(':')
}
