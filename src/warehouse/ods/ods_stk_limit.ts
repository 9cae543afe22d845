import { code, date, nullable, price, yesno } from '../column.ts'
import { defineTable, holds, unique } from '../table.ts'

/** 每日涨跌停价格: the price limits of a day, published before the open. Spec warehouse-ods §5.18. */
export const odsStkLimit = defineTable({
  name: 'ods_stk_limit',
  layer: 'ods',
  label: { zh: '涨跌停价格', en: 'Price limits' },
  about: 'One row of price limits per stock and trading day. On a day without limits both are NULL and no_limit is 1.',
  grain: ['trade_date', 'ts_code'],
  partition: 'year',
  columns: {
    trade_date: date('交易日', 'Trade date'),
    ts_code: code('证券代码', 'Code'),
    pre_close: nullable(price('昨收', 'Previous close', { about: 'Ex-rights reference price of the day.' })),
    up_limit: nullable(price('涨停价', 'Limit up')),
    down_limit: nullable(price('跌停价', 'Limit down')),
    no_limit: yesno('无涨跌幅限制', 'No limit', { about: '1 = the day has no limits; the vendor sends sentinel prices on such days.' }),
  },
  inputs: [],
  build: { by: 'fetch' },
  audits: [
    { ...unique('trade_date', 'ts_code'), severity: 'warning' },
    holds(
      'limits_or_none',
      '(no_limit = 1) = (up_limit is null) and (no_limit = 1) = (down_limit is null)',
      'trade_date, ts_code, up_limit, down_limit, no_limit',
    ),
    holds('limits_around_reference', 'down_limit <= pre_close and pre_close <= up_limit', 'trade_date, ts_code, pre_close, up_limit, down_limit', 'warning'),
  ],
  readyAt: '08:45',
})
