import { aShareCalendar } from '#core/a-share-calendar.ts'
import type { TradeDate } from '#core/trade-date.ts'

/**
 * `day_idx` of ods_trade_cal for rows of an imported calendar: the ordinal within the calendar the product ships (2005-01-04 is 1), so that calendars
 * from several files agree; NaN on closed days and on days the shipped calendar does not cover.
 */
export function marketDayNumbers(dates: ArrayLike<number>, isOpen: ArrayLike<number>): Float64Array {
  const out = new Float64Array(dates.length).fill(NaN)
  for (let row = 0; row < dates.length; row++) {
    const date = dates[row] as TradeDate
    if (isOpen[row] !== 1 || !(date >= aShareCalendar.from && date <= aShareCalendar.to) || !aShareCalendar.isOpen(date)) continue
    out[row] = aShareCalendar.indexOf(date) + 1
  }
  return out
}
