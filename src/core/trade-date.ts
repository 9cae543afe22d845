/** 交易日: a calendar date as the whole number YYYYMMDD. It orders and compares; it is never subtracted (see calendar.ts). */
export type TradeDate = number & { readonly brand: 'TradeDate' }

/** A UTC instant in milliseconds. */
export type EpochMs = number & { readonly brand: 'EpochMs' }

/**
 * Brand a number or text as a trade date. Accepts 20260105, '20260105' and '2026-01-05'.
 * Throws RangeError on anything that is not a day of the Gregorian calendar between 1990 and 2099.
 */
export function tradeDate(value: number | string): TradeDate {
  const digits = typeof value === 'number' ? value : Number(/^\d{4}-\d{2}-\d{2}$/.test(value) ? value.replaceAll('-', '') : /^\d{8}$/.test(value) ? value : NaN)
  const year = Math.floor(digits / 10_000)
  const month = Math.floor(digits / 100) % 100
  const day = digits % 100
  const isDay = Number.isInteger(digits) && year >= 1990 && year <= 2099 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month)
  if (!isDay) throw new RangeError(`Cannot read a trade date: it is a day as YYYYMMDD between 1990 and 2099, found ${JSON.stringify(value)}`)
  return digits as TradeDate
}

/** 2026-01-05, for people. */
export function formatDate(date: TradeDate): string {
  const text = String(date)
  return `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`
}

/** Days since 1970-01-01 of a calendar date, proleptic Gregorian (H. Hinnant, "chrono-compatible low-level date algorithms"). */
export function dayNumber(date: TradeDate): number {
  const month = Math.floor(date / 100) % 100
  const year = Math.floor(date / 10_000) - (month <= 2 ? 1 : 0)
  const era = Math.floor(year / 400)
  const yearOfEra = year - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + (date % 100) - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146_097 + dayOfEra - 719_468
}

/** The calendar date of a day number: the inverse of `dayNumber`. */
export function dateOfDayNumber(day: number): TradeDate {
  const shifted = day + 719_468
  const era = Math.floor(shifted / 146_097)
  const dayOfEra = shifted - era * 146_097
  const yearOfEra = Math.floor((dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365)
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153)
  const dayOfMonth = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  return (year * 10_000 + month * 100 + dayOfMonth) as TradeDate
}

/** 1 = Monday … 7 = Sunday. */
export function weekday(date: TradeDate): number {
  return ((((dayNumber(date) + 3) % 7) + 7) % 7) + 1
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}
