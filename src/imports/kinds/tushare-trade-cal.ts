import { aShareCalendar } from '#core/a-share-calendar.ts'
import { isLabels, toLabels } from '#core/frame.ts'
import { marketDayNumbers } from '../market-day-number.ts'
import { cellsOf } from '../header.ts'
import { anyDate, optionalDate, requiredNumber, vendorTable } from '../vendor-table.ts'

/** TuShare 交易日历. Dates may lie in the future. A file without an exchange is Shanghai's: all three exchanges share one calendar. */
export const tushareTradeCal = vendorTable({
  name: 'tushare_trade_cal',
  label: { zh: 'TuShare 交易日历', en: 'TuShare trading calendar' },
  about: 'TuShare trade_cal: [exchange,]cal_date,is_open,pretrade_date; future dates are allowed.',
  table: 'dim_trade_cal',
  fields: { cal_date: anyDate('cal_date'), is_open: requiredNumber('is_open'), pretrade_date: optionalDate('pretrade_date') },
})
