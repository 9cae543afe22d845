import { ruleOn } from './dated.ts'
import { dividendTax } from './rules/dividend-tax.ts'
import { dateOfDayNumber, dayNumber, type TradeDate } from './trade-date.ts'

/**
 * 红利税率 of shares bought on one day and sold on another: a holding is "one month" up to the same day of the next month and "one year" up to the same day
 * of the next year, that day included (财税〔2012〕85号 counts calendar months and years). The rule in force on the day of the sale decides.
 */
export function dividendTaxRate(bought: TradeDate, sold: TradeDate): number {
  const rates = ruleOn(dividendTax, 'stock', sold)
  if (sold <= monthsLater(bought, 1)) return rates.month
  return sold <= monthsLater(bought, 12) ? rates.year : rates.longer
}

/** The same day some months later, the last day of the month where it has no such day. */
function monthsLater(date: TradeDate, months: number): TradeDate {
  const month = Math.floor(date / 10_000) * 12 + (Math.floor(date / 100) % 100) - 1 + months
  const first = (Math.floor(month / 12) * 10_000 + ((month % 12) + 1) * 100 + 1) as TradeDate
  const next = (Math.floor((month + 1) / 12) * 10_000 + (((month + 1) % 12) + 1) * 100 + 1) as TradeDate
  const length = dayNumber(next) - dayNumber(first)
  return dateOfDayNumber(dayNumber(first) + Math.min(date % 100, length) - 1)
}
