import { optionalText, pastDate, requiredText, securityCode, vendorTable } from '../vendor-table.ts'

/** TuShare ST 股票: one row per day and stock under a risk warning. */
export const tushareStockSt = vendorTable({
  name: 'tushare_stock_st',
  label: { zh: 'TuShare ST 股票', en: 'TuShare stocks under a risk warning' },
  about: 'TuShare stock_st: ts_code,trade_date,type,type_name, optionally name.',
  table: 'ods_stock_st',
  fields: {
    trade_date: pastDate('trade_date'),
    ts_code: securityCode('ts_code'),
    name: optionalText('name'),
    type: requiredText('type'),
    type_name: optionalText('type_name'),
  },
  marks: [['type_name']],
})
