import { category, cny, code, count, date, instant, nullable, price, share } from '../column.ts'
import { defineTable, holds, unique } from '../table.ts'

/**
 * 分钟K线: bars labelled at their end, `(label − minutes, label]`. A 09:30 one-minute bar holds the opening auction alone.
 * Minutes without trades are kept as the vendor gives them: flat at the last price, volume 0 (spec intraday §7.1).
 */
export const odsMinuteBar = defineTable({
  name: 'ods_minute_bar',
  layer: 'ods',
  label: { zh: '分钟K线', en: 'Minute bars' },
  about: 'One bar per stock, length and label. A vendor’s later file replaces an earlier one of the same bars.',
  grain: ['trade_date', 'ts_code', 'minutes', 'at'],
  order: ['ts_code', 'minutes', 'trade_date', 'at'],
  partition: 'month',
  columns: {
    trade_date: date('交易日', 'Trade date'),
    ts_code: code('证券代码', 'Code'),
    minutes: count('周期', 'Length', { unit: 'minutes' }),
    at: instant('时间', 'Label', { about: 'End of the bar.' }),
    open: nullable(price('开盘价', 'Open', { about: 'NULL where the vendor writes 0 beside real prices.' })),
    high: price('最高价', 'High'),
    low: price('最低价', 'Low'),
    close: price('收盘价', 'Close'),
    volume: share('成交量', 'Volume'),
    amount: nullable(cny('成交额', 'Turnover')),
    source: category('来源', 'Source'),
  },
  inputs: [],
  build: { by: 'fetch' },
  audits: [
    { ...unique('trade_date', 'ts_code', 'minutes', 'at'), severity: 'warning' },
    holds('positive_prices', 'high > 0 and low > 0 and close > 0', 'trade_date, ts_code, at, high, low, close'),
    holds('high_not_below_low', 'high >= low', 'trade_date, ts_code, at, high, low', 'warning'),
    holds('volume_not_negative', 'volume >= 0', 'trade_date, ts_code, at, volume'),
  ],
  readyAt: '15:30',
})
