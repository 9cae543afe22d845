import { aShareCalendar } from '#core/a-share-calendar.ts'
import { dateOfDayNumber, dayNumber, weekday, type TradeDate } from '#core/trade-date.ts'
import type { World } from './world.ts'

/**
 * The open date after a day of the world: the world's own where it goes on, else the bundled calendar's, and the next weekday where that ends too.
 * A world made later, with more dates, goes on with the same one.
 */
export function nextOpen({ dates }: Pick<World, 'dates'>, day: number): TradeDate {
  const date = dates[day]!
  const own = dates[day + 1]
  if (own !== undefined) return own
  if (date >= aShareCalendar.from && date < aShareCalendar.dateAt(aShareCalendar.length - 1)) return aShareCalendar.next(date)
  return dateOfDayNumber(dayNumber(date) + (weekday(date) >= 5 ? 8 - weekday(date) : 1))
}
