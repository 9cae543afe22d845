import { optionalNumbersNamed, optionalText, pastDate, securityCode, vendorTable } from '../vendor-table.ts'

/** TuShare 融资融券明细. */
export const tushareMarginDetail = vendorTable({
  name: 'tushare_margin_detail',
  label: { zh: 'TuShare 融资融券明细', en: 'TuShare margin trading by security' },
  about: 'TuShare margin_detail: balances and flows (CNY), short volumes (shares, units or lots).',
  table: 'ods_margin_detail',
  fields: {
    trade_date: pastDate('trade_date'),
    ts_code: securityCode('ts_code'),
    name: optionalText('name'),
    ...optionalNumbersNamed('rzye', 'rzmre', 'rzche', 'rqye', 'rqyl', 'rqmcl', 'rqchl', 'rzrqye'),
  },
  marks: [['rzye'], ['rqyl', 'rqmcl', 'rzmre']],
})
