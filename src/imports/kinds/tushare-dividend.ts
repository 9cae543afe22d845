import { anyDate, optionalDate, optionalNumber, optionalText, securityCode, vendorTable } from '../vendor-table.ts'

/** TuShare 分红送股: rows with an ex-date; a plan that has none yet is rejected and said so. */
export const tushareDividend = vendorTable({
  name: 'tushare_dividend',
  label: { zh: 'TuShare 分红送股', en: 'TuShare dividends' },
  about: 'TuShare dividend: ts_code,ex_date,stk_div,cash_div_tax, optionally div_proc,record_date,pay_date and the rest of the interface.',
  table: 'ods_dividend',
  fields: {
    trade_date: anyDate('ex_date'),
    ts_code: securityCode('ts_code'),
    div_proc: optionalText('div_proc'),
    stk_div: optionalNumber('stk_div'),
    cash_div_tax: optionalNumber('cash_div_tax'),
    record_date: optionalDate('record_date'),
    pay_date: optionalDate('pay_date'),
  },
  marks: [['stk_div', 'cash_div_tax']],
  ignored: ['end_date', 'ann_date', 'stk_bo_rate', 'stk_co_rate', 'cash_div', 'div_listdate', 'imp_ann_date', 'base_date', 'base_share', 'update_flag'],
})
