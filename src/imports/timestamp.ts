import { tradeDate, type TradeDate } from '#core/trade-date.ts'

/** A calendar date in the spellings of vendors (20240105, 2024-01-05, 2024/1/5, 20240105.0), or nothing. */
export function dateFrom(text: string): TradeDate | undefined {
  // The common spelling, without the pattern: half of the time of a daily file went into it.
  if (text.length === 8 && Number.isInteger(+text)) return calendarDay(+text)
  const match = /^\s*(\d{4})(?:[-/.](\d{1,2})[-/.](\d{1,2})|(\d{2})(\d{2})(?:\.0)?)\s*$/.exec(text)
  if (match === null) return undefined
  return calendarDay(Number(match[1]) * 10_000 + Number(match[2] ?? match[4]) * 100 + Number(match[3] ?? match[5]))
}

function calendarDay(digits: number): TradeDate | undefined {
  try {
    return tradeDate(digits)
  } catch {
    return undefined
  }
}

/** A time of day in milliseconds after midnight: 09:30:05.250, 9:30, 93005, 093005250. NaN when it is none. */
export function clockFrom(text: string): number {
  const match = /^\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?\s*$/.exec(text) ?? /^\s*(\d{1,2})(\d{2})(\d{2})(\d{3})?\s*$/.exec(text)
  if (match === null) return NaN
  const [hours, minutes, seconds] = [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)]
  if (hours > 23 || minutes > 59 || seconds > 59) return NaN
  return (hours * 3600 + minutes * 60 + seconds) * 1000 + Number((match[4] ?? '').slice(0, 3).padEnd(3, '0'))
}

export interface LocalTime {
  readonly date: TradeDate
  readonly timeOfDayMs: number
}

const LOCAL_TIME = /^\s*(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{8})[T ]?\s*(\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?|\d{6}(?:\d{3})?)\s*$/

/** A Shanghai wall-clock time with its date: 2026-03-23 09:30:00, 2020.01.02T09:30:00.000, 20210104093500000. Nothing when it is none, or names a zone. */
export function localTimeFrom(text: string): LocalTime | undefined {
  const match = LOCAL_TIME.exec(text)
  if (match === null) return undefined
  const date = dateFrom(match[1]!)
  const timeOfDayMs = clockFrom(match[2]!)
  return date === undefined || Number.isNaN(timeOfDayMs) ? undefined : { date, timeOfDayMs }
}
