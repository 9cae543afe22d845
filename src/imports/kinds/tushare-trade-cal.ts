import { isLabels, toLabels } from '#core/frame.ts'
import { isUnknown } from '../cells.ts'
import { cellsOf } from '../header.ts'
import { marketDayNumbers } from '../market-day-number.ts'
import { anyDate, optionalDate, optionalText, requiredNumber, vendorTable } from '../vendor-table.ts'

/** TuShare 交易日历. Dates may lie in the future. A file without an exchange is Shanghai's: the exchanges share one calendar. */
export const tushareTradeCal = vendorTable({
  name: 'tushare_trade_cal',
  label: { zh: 'TuShare 交易日历', en: 'TuShare trading calendar' },
  about: 'TuShare trade_cal: [exchange,]cal_date,is_open,pretrade_date; future dates are allowed.',
  table: 'ods_trade_cal',
  fields: {
    exchange: optionalText('exchange'),
    cal_date: anyDate('cal_date'),
    is_open: requiredNumber('is_open'),
    pretrade_date: optionalDate('pretrade_date'),
  },
  derive({ cal_date, is_open }, table) {
    if (cal_date === undefined || is_open === undefined || isLabels(cal_date) || isLabels(is_open)) return {}
    const exchange = cellsOf(table, 'exchange')
    return {
      exchange: toLabels(table.line.map((_, row) => (exchange === undefined || isUnknown(exchange[row]!) ? 'SSE' : exchange[row]!.trim()))),
      is_open: Uint8Array.from(is_open, (open) => (open === 1 ? 1 : 0)),
      day_idx: marketDayNumbers(cal_date, is_open),
    }
  },
  check({ exchange }, sieve, table) {
    if (exchange === undefined || !isLabels(exchange)) return
    const known = exchange.values.map((value) => value === 'SSE' || value === 'SZSE' || value === 'BSE')
    for (let row = 0; row < sieve.length; row++) {
      const isOpen = cellsOf(table, 'is_open')![row]!
      if (known[exchange.index[row]!] !== true) sieve.reject(row, 'MISSING_KEY', exchange.values[exchange.index[row]!] ?? '')
      else if (!/^\s*[01](?:\.0)?\s*$/.test(isOpen)) sieve.reject(row, 'BAD_NUMBER', isOpen)
    }
  },
})
