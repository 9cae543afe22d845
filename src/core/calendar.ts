import { clockTime, dateOf, instantOf } from './shanghai-time.ts'
import { dateOfDayNumber, dayNumber, formatDate, type EpochMs, type TradeDate } from './trade-date.ts'

/** From this time of day on the daily bars of the day's session count as complete (ods_daily: T 17:00; spec warehouse-ods §5). */
export const COMPLETE_FROM = clockTime('17:00')

/** From this time of day on a market day is "today"; earlier, work still belongs to the day before (the export of T freezes at 08:30 of T+1). */
export const DAY_STARTS = clockTime('08:30')

/**
 * 交易日历: the market days of a span of calendar days. Every question about a day outside the span is a RangeError:
 * a calendar never guesses.
 */
export class Calendar {
  /** First and last calendar day it knows, closed days included. */
  readonly from: TradeDate
  readonly to: TradeDate
  /** Number of market days. */
  readonly length: number
  readonly #open: readonly TradeDate[]
  readonly #firstDay: number
  /** Per calendar day: how many market days lie before it. One entry more than days. */
  readonly #before: Int32Array

  /** `open` are the market days in ascending order, complete between `from` and `to` (by default its first and last day). */
  constructor(open: readonly TradeDate[], from: TradeDate | undefined = open[0], to: TradeDate | undefined = open.at(-1)) {
    if (from === undefined || to === undefined) throw new RangeError('Cannot make a calendar: it needs at least one market day, found none')
    const [firstDay, lastDay] = [dayNumber(from), dayNumber(to)]
    const before = new Int32Array(Math.max(0, lastDay - firstDay) + 2)
    let previous = firstDay - 1
    for (const date of open) {
      const day = dayNumber(date)
      if (day <= previous || day > lastDay)
        throw new RangeError(`Cannot make a calendar: market days must ascend within ${formatDate(from)} to ${formatDate(to)}, found ${formatDate(date)}`)
      before[day - firstDay + 1] = 1
      previous = day
    }
    for (let i = 1; i < before.length; i++) before[i] = before[i]! + before[i - 1]!
    this.from = from
    this.to = to
    this.length = open.length
    this.#open = open
    this.#firstDay = firstDay
    this.#before = before
  }

  isOpen(date: TradeDate): boolean {
    const at = this.#dayIndex(date)
    return this.#before[at + 1]! > this.#before[at]!
  }

  /** The first market day after a date, open or not. */
  next(date: TradeDate): TradeDate {
    return this.#at(this.#before[this.#dayIndex(date) + 1]!, date, 'after')
  }

  /** The last market day before a date, open or not. */
  previous(date: TradeDate): TradeDate {
    return this.#at(this.#before[this.#dayIndex(date)]! - 1, date, 'before')
  }

  /** D(t, n): the market day n steps after (n > 0) or before (n < 0) a date, open or not; n = 0 asks for the date itself, which must be open. */
  shift(date: TradeDate, n: number): TradeDate {
    if (!Number.isInteger(n)) throw new RangeError(`Cannot shift ${formatDate(date)}: steps are whole market days, found ${n}`)
    if (n === 0) return this.#open[this.indexOf(date)]!
    const at = this.#dayIndex(date)
    return this.#at(n > 0 ? this.#before[at + 1]! + n - 1 : this.#before[at]! + n, date, `${Math.abs(n)} steps ${n > 0 ? 'after' : 'before'}`)
  }

  /** The market day n before a market day, or the calendar's first where it does not reach so far: where a window over the past begins. Throws RangeError on a closed day. */
  back(date: TradeDate, n: number): TradeDate {
    return this.dateAt(Math.max(0, this.indexOf(date) - n))
  }

  /** Market days in (a, b]: the steps from a to b when both are open; negative when b lies before a. */
  between(a: TradeDate, b: TradeDate): number {
    return this.#before[this.#dayIndex(b) + 1]! - this.#before[this.#dayIndex(a) + 1]!
  }

  /** idx(t): the ordinal of a market day within this calendar, 0 for its first. Throws RangeError on a closed day. */
  indexOf(date: TradeDate): number {
    if (!this.isOpen(date)) throw new RangeError(`Cannot number ${formatDate(date)}: it must be a market day, and the exchange is closed on it`)
    return this.#before[this.#dayIndex(date)]!
  }

  /** The market day of an ordinal. Throws RangeError outside 0 to length − 1. */
  dateAt(index: number): TradeDate {
    const date = this.#open[index]
    if (date === undefined) throw new RangeError(`Cannot read market day ${index}: the calendar numbers them 0 to ${this.length - 1}`)
    return date
  }

  /** The market days from `from` to `to`, both included. */
  dates(from: TradeDate, to: TradeDate): readonly TradeDate[] {
    return this.#open.slice(this.#before[this.#dayIndex(from)], this.#before[this.#dayIndex(to) + 1])
  }

  /** The last market day whose session is over and whose data are complete at an instant: nothing is ever built beyond it (today cap, spec warehouse-ops §4). */
  lastCompleted(at: EpochMs, completeFrom: number = COMPLETE_FROM): TradeDate {
    return this.#reached(at, completeFrom)
  }

  /** The trade date an instant belongs to: from 08:30 of a market day on that day, before it (a job at 02:00, a Sunday) the market day before. */
  currentFor(at: EpochMs): TradeDate {
    return this.#reached(at, DAY_STARTS)
  }

  #reached(at: EpochMs, timeOfDayMs: number): TradeDate {
    const date = dateOf(at)
    return this.isOpen(date) && at >= instantOf(date, timeOfDayMs) ? date : this.previous(date)
  }

  #dayIndex(date: TradeDate): number {
    const at = dayNumber(date) - this.#firstDay
    if (!(at >= 0 && at < this.#before.length - 1)) throw this.#outside(`look up ${formatDate(date)}`)
    return at
  }

  #at(index: number, date: TradeDate, where: string): TradeDate {
    const found = this.#open[index]
    if (found === undefined) throw this.#outside(`find the market day ${where} ${formatDate(date)}`)
    return found
  }

  #outside(what: string): RangeError {
    return new RangeError(`Cannot ${what}: the calendar covers ${formatDate(this.from)} to ${formatDate(this.to)}. Import a calendar that covers the day`)
  }
}

/** The weekdays from `from` to `to` that lie in none of the closures: how a calendar follows from an exchange's announcements. */
export function weekdaysWithout(closed: readonly { readonly from: TradeDate; readonly to?: TradeDate }[], from: TradeDate, to: TradeDate): TradeDate[] {
  const shut = new Set<number>()
  for (const span of closed) for (let day = dayNumber(span.from); day <= dayNumber(span.to ?? span.from); day++) shut.add(day)
  const open: TradeDate[] = []
  for (let day = dayNumber(from); day <= dayNumber(to); day++) {
    const isWeekend = (((day + 3) % 7) + 7) % 7 >= 5
    if (!isWeekend && !shut.has(day)) open.push(dateOfDayNumber(day))
  }
  return open
}
