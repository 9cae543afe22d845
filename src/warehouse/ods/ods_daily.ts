import { code, date, nullable, number, price, share } from '../column.ts'
import { defineTable, holds, unique } from '../table.ts'

/** 日线行情 (不复权): TuShare `daily`, vendor units. A suspended stock has no row that day. Spec warehouse-ods §5.1. */
export const odsDaily = defineTable({
  name: 'ods_daily',
  layer: 'ods',
  label: { zh: '日线行情', en: 'Daily bars' },
  about: 'One unadjusted daily bar per stock and day with trading, in the vendor’s units (lots, thousand CNY).',
  grain: ['trade_date', 'ts_code'],
  partition: 'year',
  columns: {
    trade_date: date('交易日', 'Trade date'),
    ts_code: code('证券代码', 'Code'),
    open: price('开盘价', 'Open'),
    high: price('最高价', 'High'),
    low: price('最低价', 'Low'),
    close: price('收盘价', 'Close'),
    pre_close: nullable(
      price('昨收', 'Previous close', { about: 'Ex-rights reference price of the day, not yesterday’s close; the issue price on the listing day.' }),
    ),
    change: nullable(price('涨跌额', 'Change', { about: 'close − pre_close' })),
    pct_chg: nullable(number('涨跌幅', 'Change in percent', { unit: '%' })),
    vol: share('成交量', 'Volume', { unit: 'lots', about: 'Lots of 100 shares, regular session; may be fractional.' }),
    amount: number('成交额', 'Turnover', { unit: 'thousand CNY' }),
    ah_vol: nullable(share('盘后成交量', 'After-hours volume', { unit: 'lots' })),
    ah_amount: nullable(number('盘后成交额', 'After-hours turnover', { unit: 'thousand CNY' })),
  },
  inputs: [],
  build: { by: 'fetch' },
  audits: [
    { ...unique('trade_date', 'ts_code'), severity: 'warning' },
    holds('positive_prices', 'open > 0 and high > 0 and low > 0 and close > 0', 'trade_date, ts_code, open, high, low, close'),
    holds('high_not_below_low', 'high >= low', 'trade_date, ts_code, high, low', 'warning'),
    holds('volume_not_negative', 'vol >= 0 and amount >= 0', 'trade_date, ts_code, vol, amount'),
    // amount·1000 / (vol·100) must lie within the day's range: the identity that catches most unit mistakes (spec warehouse-ods §1.2).
    holds('units', 'vol <= 0 or amount * 10 / vol between low * 0.9 and high * 1.1', 'trade_date, ts_code, vol, amount, low, high', 'warning'),
  ],
  readyAt: '17:00',
})
