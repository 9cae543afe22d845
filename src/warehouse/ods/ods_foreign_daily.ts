import { category, code, date, nullable, number, price, share } from '../column.ts'
import { defineTable, holds, unique } from '../table.ts'

/** 境外日线: the day of a symbol outside the A-share market, by the exchange’s own date. Apart from every A-share table (ADR 15). */
export const odsForeignDaily = defineTable({
  name: 'ods_foreign_daily',
  layer: 'ods',
  label: { zh: '境外日线', en: 'Foreign daily bars' },
  about: 'One row per foreign symbol and day of its market, unadjusted, in its own currency.',
  grain: ['trade_date', 'ts_code'],
  partition: 'year',
  columns: {
    trade_date: date('交易日', 'Trade date', { about: 'Session date of the exchange; a UTC day for coins.' }),
    ts_code: code('证券代码', 'Code'),
    open: price('开盘价', 'Open', { unit: 'currency' }),
    high: price('最高价', 'High', { unit: 'currency' }),
    low: price('最低价', 'Low', { unit: 'currency' }),
    close: price('收盘价', 'Close', { unit: 'currency' }),
    volume: share('成交量', 'Volume'),
    amount: nullable(number('成交额', 'Turnover', { unit: 'currency' })),
    source: category('来源', 'Source'),
  },
  foreign: true,
  inputs: [],
  build: { by: 'fetch' },
  audits: [
    { ...unique('trade_date', 'ts_code'), severity: 'warning' },
    holds('prices_within_range', 'low > 0 and low <= least(open, close) and high >= greatest(open, close)', 'trade_date, ts_code, open, high, low, close'),
    holds('volume_not_negative', 'volume >= 0', 'trade_date, ts_code, volume'),
  ],
  readyAt: '00:00',
})
