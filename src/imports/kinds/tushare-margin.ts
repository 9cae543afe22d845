import { optionalNumbersNamed, pastDate, requiredText, vendorTable } from '../vendor-table.ts'

/** TuShare 融资融券汇总 by exchange. */
export const tushareMargin = vendorTable({
  name: 'tushare_margin',
  label: { zh: 'TuShare 融资融券汇总', en: 'TuShare margin trading by exchange' },
  about: 'TuShare margin: totals of SSE, SZSE and BSE (CNY; short volumes in shares, units and lots).',
  table: 'ods_margin',
  fields: {
    trade_date: pastDate('trade_date'),
    exchange_id: requiredText('exchange_id'),
    ...optionalNumbersNamed('rzye', 'rzmre', 'rzche', 'rqye', 'rqmcl', 'rzrqye', 'rqyl'),
  },
  marks: [['rzye']],
})
