import { code, date, nullable, number, price, share } from '../column.ts'
import { defineTable, holds, unique } from '../table.ts'

/** 指数日线: daily bars of an index in points, vendor units. Spec warehouse-ods §5.4. */
export const odsIndexDaily = defineTable({
  name: 'ods_index_daily',
  layer: 'ods',
  label: { zh: '指数日线', en: 'Daily bars of indices' },
  about: 'One daily bar per index and day, in index points; volume in lots, turnover in thousand CNY.',
  grain: ['trade_date', 'ts_code'],
  partition: 'year',
  columns: {
    trade_date: date('交易日', 'Trade date'),
    ts_code: code('指数代码', 'Index code', { about: 'May end in .CSI.' }),
    close: price('收盘点位', 'Close', { unit: 'points' }),
    open: nullable(price('开盘点位', 'Open', { unit: 'points' })),
    high: nullable(price('最高点位', 'High', { unit: 'points' })),
    low: nullable(price('最低点位', 'Low', { unit: 'points' })),
    pre_close: nullable(price('昨收点位', 'Previous close', { unit: 'points' })),
    change: nullable(price('涨跌点', 'Change', { unit: 'points' })),
    pct_chg: nullable(number('涨跌幅', 'Change in percent', { unit: '%' })),
    vol: nullable(share('成交量', 'Volume', { unit: 'lots' })),
    amount: nullable(number('成交额', 'Turnover', { unit: 'thousand CNY' })),
  },
  inputs: [],
  build: { by: 'fetch' },
  audits: [
    { ...unique('trade_date', 'ts_code'), severity: 'warning' },
    holds('close_positive', 'close > 0', 'trade_date, ts_code, close'),
    holds('high_not_below_low', 'high >= low', 'trade_date, ts_code, high, low', 'warning'),
  ],
  readyAt: '17:00',
})
