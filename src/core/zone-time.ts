import { dateOfDayNumber, dayNumber, weekday, type EpochMs, type TradeDate } from './trade-date.ts'

/** The IANA zones of the markets we know (spec simulator §6.1). */
export const ZONES = ['Asia/Shanghai', 'Asia/Hong_Kong', 'America/New_York', 'UTC'] as const

export type Zone = (typeof ZONES)[number]

const HOUR_MS = 3_600_000
const DAY_MS = 86_400_000

/** Standard time of each zone. China and Hong Kong have had no summer time since 1991 and 1979; our days begin in 1990, with daily data only in 1990 and 1991. */
const STANDARD: Readonly<Record<Zone, number>> = {
  'Asia/Shanghai': 8 * HOUR_MS,
  'Asia/Hong_Kong': 8 * HOUR_MS,
  'America/New_York': -5 * HOUR_MS,
  UTC: 0,
}

/**
 * Daylight saving in the United States: from the `nth` Sunday of a month to the `nth` of another, both at 02:00 of the wall clock; 0 = the last one.
 * Sources: Uniform Time Act as amended 1986 (first Sunday of April to the last of October, from 1987), Energy Policy Act of 2005 §110 (from 2007).
 */
const US_SUMMERS = [
  { since: 1987, start: { month: 4, nth: 1 }, end: { month: 10, nth: 0 } },
  { since: 2007, start: { month: 3, nth: 2 }, end: { month: 11, nth: 1 } },
] as const

/**
 * The instant of a wall-clock time of a zone (milliseconds after midnight; 24:00 and beyond run into the next day by the offset of the day itself). Two readings are
 * not unique: a time skipped in spring counts on from standard time, 02:30 is 03:30 of summer; of the two of autumn the first is meant.
 */
export function zoneInstant(zone: Zone, date: TradeDate, timeOfDayMs: number): EpochMs {
  const standard = dayNumber(date) * DAY_MS + timeOfDayMs - STANDARD[zone]
  return (summerAt(zone, standard - HOUR_MS) > 0 ? standard - HOUR_MS : standard) as EpochMs
}

/** The calendar date of a zone at an instant. */
export function zoneDate(zone: Zone, at: EpochMs): TradeDate {
  return dateOfDayNumber(Math.floor((at + offsetAt(zone, at)) / DAY_MS))
}

/** Milliseconds after midnight on the wall clock of a zone. */
export function zoneTimeOfDay(zone: Zone, at: EpochMs): number {
  const local = at + offsetAt(zone, at)
  return local - Math.floor(local / DAY_MS) * DAY_MS
}

/** What the wall clock of a zone is ahead of UTC at an instant, in milliseconds. */
export function offsetAt(zone: Zone, at: EpochMs): number {
  return STANDARD[zone] + summerAt(zone, at)
}

function summerAt(zone: Zone, at: number): number {
  if (zone !== 'America/New_York') return 0
  const year = Math.floor(dateOfDayNumber(Math.floor((at + STANDARD[zone]) / DAY_MS)) / 10_000)
  const [start, end] = usSummer(year)
  return at >= start && at < end ? HOUR_MS : 0
}

const summers = new Map<number, readonly [start: number, end: number]>()

/** First and last instant of a year's summer time in New York. */
function usSummer(year: number): readonly [start: number, end: number] {
  return summers.getOrInsertComputed(year, () => {
    const rule = US_SUMMERS.findLast(({ since }) => year >= since) ?? US_SUMMERS[0]
    const switchAt = (sunday: TradeDate, offset: number) => dayNumber(sunday) * DAY_MS + 2 * HOUR_MS - offset
    const standard = STANDARD['America/New_York']
    return [
      switchAt(nthWeekday(year, rule.start.month, 7, rule.start.nth), standard),
      switchAt(nthWeekday(year, rule.end.month, 7, rule.end.nth), standard + HOUR_MS),
    ]
  })
}

/** The nth weekday (1 = Monday … 7 = Sunday) of a month, 0 = its last. */
export function nthWeekday(year: number, month: number, day: number, nth: number): TradeDate {
  if (nth === 0) {
    const next = month === 12 ? (year + 1) * 10_000 + 101 : year * 10_000 + (month + 1) * 100 + 1
    const last = dayNumber(next as TradeDate) - 1
    return dateOfDayNumber(last - ((weekday(dateOfDayNumber(last)) - day + 7) % 7))
  }
  const first = dayNumber((year * 10_000 + month * 100 + 1) as TradeDate)
  return dateOfDayNumber(first + ((day - weekday(dateOfDayNumber(first)) + 7) % 7) + 7 * (nth - 1))
}
