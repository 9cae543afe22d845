import type { Dated } from './dated.ts'
import type { Closure } from './rules/closures.ts'
import type { EarlyClose } from './rules/foreign-closures.ts'
import { dateOfDayNumber, dayNumber, tradeDate, weekday, type TradeDate } from './trade-date.ts'
import { nthWeekday } from './zone-time.ts'

const SATURDAY = 6
const SUNDAY = 7
const RULE = 'NYSE Rule 7.2 (holidays)'

/**
 * The holidays of the New York Stock Exchange in a year that fall on weekdays, in order. A fixed date on a Sunday is kept on the Monday after it, one on a Saturday on
 * the Friday before it, except New Year's Day: the year's last business day stays open. Juneteenth from 2022 on.
 */
export function nyseHolidays(year: number): readonly Dated<Closure>[] {
  const day = (date: TradeDate | undefined, zh: string, en: string): Dated<Closure>[] =>
    date === undefined ? [] : [{ from: date, to: date, value: { zh, en }, source: `${RULE} applied to ${year}` }]
  return [
    ...day(newYearsDay(year), '元旦', "New Year's Day"),
    ...day(nthWeekday(year, 1, 1, 3), '马丁·路德·金纪念日', 'Martin Luther King Jr. Day'),
    ...day(nthWeekday(year, 2, 1, 3), '总统日', "Washington's Birthday"),
    ...day(shifted(easterSunday(year), -2), '耶稣受难日', 'Good Friday'),
    ...day(nthWeekday(year, 5, 1, 0), '阵亡将士纪念日', 'Memorial Day'),
    ...day(year >= 2022 ? observed(year * 10_000 + 619) : undefined, '六月节', 'Juneteenth'),
    ...day(observed(year * 10_000 + 704), '独立日', 'Independence Day'),
    ...day(nthWeekday(year, 9, 1, 1), '劳动节', 'Labor Day'),
    ...day(nthWeekday(year, 11, 4, 4), '感恩节', 'Thanksgiving Day'),
    ...day(observed(year * 10_000 + 1225), '圣诞节', 'Christmas Day'),
  ]
}

/** Days that close at 13:00: 3 July where it and the 4th are weekdays in a row, the day after Thanksgiving, Christmas Eve where it is a market day before a weekday. */
export function nyseEarlyCloses(year: number): readonly Dated<EarlyClose>[] {
  const eve = (date: number, zh: string, en: string): Dated<EarlyClose>[] => {
    const day = tradeDate(date)
    return weekday(day) >= 5 ? [] : [early(day, zh, en)]
  }
  return [
    ...eve(year * 10_000 + 703, '独立日前夕', 'Day before Independence Day'),
    early(shifted(nthWeekday(year, 11, 4, 4), 1), '感恩节翌日', 'Day after Thanksgiving'),
    ...eve(year * 10_000 + 1224, '圣诞节前夕', 'Christmas Eve'),
  ]
}

function early(date: TradeDate, zh: string, en: string): Dated<EarlyClose> {
  return { from: date, to: date, value: { zh, en, close: '13:00' }, source: 'NYSE and Nasdaq holiday calendars: early close at 13:00 Eastern' }
}

function newYearsDay(year: number): TradeDate | undefined {
  const first = tradeDate(year * 10_000 + 101)
  return weekday(first) === SATURDAY ? undefined : observed(first)
}

function observed(date: number): TradeDate {
  const day = tradeDate(date)
  return shifted(day, weekday(day) === SUNDAY ? 1 : weekday(day) === SATURDAY ? -1 : 0)
}

/** Easter Sunday of the Gregorian calendar (anonymous algorithm; Nature 13, 1876, p. 487). */
export function easterSunday(year: number): TradeDate {
  const golden = year % 19
  const [century, rest] = [Math.floor(year / 100), year % 100]
  const moon = (19 * golden + century - Math.floor(century / 4) - Math.floor((century - Math.floor((century + 8) / 25) + 1) / 3) + 15) % 30
  const sunday = (32 + 2 * (century % 4) + 2 * Math.floor(rest / 4) - moon - (rest % 4)) % 7
  const late = Math.floor((golden + 11 * moon + 22 * sunday) / 451)
  const from = moon + sunday - 7 * late + 114
  return tradeDate(year * 10_000 + Math.floor(from / 31) * 100 + (from % 31) + 1)
}

function shifted(date: TradeDate, days: number): TradeDate {
  return dateOfDayNumber(dayNumber(date) + days)
}
