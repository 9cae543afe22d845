import { category, code, date, nullable, price, ratio } from '../column.ts'
import { defineTable, holds, unique } from '../table.ts'

/** 分红送股 (TuShare `dividend`): cash and bonus shares by ex-date. What a backtest books as money and shares instead of a jump of the adjustment factor. */
export const odsDividend = defineTable({
  name: 'ods_dividend',
  layer: 'ods',
  label: { zh: '分红送股', en: 'Dividends' },
  about: 'One row per stock and ex-date, per share held. Plans without an ex-date are not here; rights issues are not dividends.',
  grain: ['trade_date', 'ts_code'],
  partition: 'year',
  columns: {
    trade_date: date('除权除息日', 'Ex-date'),
    ts_code: code('证券代码', 'Code'),
    div_proc: nullable(category('实施进度', 'Progress')),
    stk_div: nullable(ratio('每股送转', 'Bonus shares per share')),
    cash_div_tax: nullable(price('每股分红（税前）', 'Cash per share, before tax')),
    record_date: nullable(date('股权登记日', 'Record date')),
    pay_date: nullable(date('派息日', 'Pay date')),
  },
  inputs: [],
  build: { by: 'fetch' },
  audits: [
    { ...unique('trade_date', 'ts_code'), severity: 'warning' },
    holds('something_given', 'ifNull(stk_div, 0) > 0 or ifNull(cash_div_tax, 0) > 0', 'trade_date, ts_code', 'warning'),
  ],
  readyAt: '09:15',
})
