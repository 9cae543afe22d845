import { Calendar, weekdaysWithout } from './calendar.ts'
import { CLOSURE_YEARS, closures } from './rules/closures.ts'
import { tradeDate } from './trade-date.ts'

const from = tradeDate(CLOSURE_YEARS.first * 10_000 + 101)
const to = tradeDate(CLOSURE_YEARS.last * 10_000 + 1231)

/** A 股交易日历 that ships with the product: weekdays without the announced closures, 2005 to 2026. Shanghai, Shenzhen and Beijing share it. */
export const aShareCalendar = new Calendar(weekdaysWithout(closures.rows.a_share, from, to), from, to)
