import { category, code, date, instant, nullable, number, price, share } from '../column.ts'
import { defineTable, holds, unique } from '../table.ts'

/**
 * 境外分钟线: one-minute bars of symbols outside the A-share market, labelled at their end. A bar labelled at the instant the session opens holds the opening auction
 * alone; the closing auction lies in the last bar (spec simulator §17.2). Coarser bars are folded from these when they are asked for.
 */
export const odsForeignMinute = defineTable({
  name: 'ods_foreign_minute',
  layer: 'ods',
  label: { zh: '境外分钟线', en: 'Foreign minute bars' },
  about: 'One row per foreign symbol and minute, unadjusted, in its own currency.',
  grain: ['trade_date', 'ts_code', 'at'],
  order: ['ts_code', 'trade_date', 'at'],
  partition: 'month',
  columns: {
    trade_date: date('交易日', 'Trade date', { about: 'Session date of the exchange; a UTC day for coins.' }),
    ts_code: code('证券代码', 'Code'),
    at: instant('时间', 'Label', { about: 'End of the minute.' }),
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
  unit: ['trade_date', 'ts_code'],
  audits: [
    { ...unique('trade_date', 'ts_code', 'at'), severity: 'warning' },
    holds('prices_within_range', 'low > 0 and low <= least(open, close) and high >= greatest(open, close)', 'trade_date, ts_code, at, open, high, low, close'),
    holds('volume_not_negative', 'volume >= 0', 'trade_date, ts_code, at, volume'),
  ],
  readyAt: '00:00',
})
