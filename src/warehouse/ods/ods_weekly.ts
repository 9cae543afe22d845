import { code, date, nullable, number, price, share } from '../column.ts'
import { defineTable, holds, unique } from '../table.ts'

/** 周线行情 (不复权): TuShare `weekly`, vendor units. For display and reconciliation: signals resample daily bars. Spec warehouse-ods §5.2. */
export const odsWeekly = defineTable({
  name: 'ods_weekly',
  layer: 'ods',
  label: { zh: '周线行情', en: 'Weekly bars' },
  about: 'One unadjusted bar per stock and week with trading, under the week’s last open day, in the vendor’s units (lots, thousand CNY).',
  grain: ['trade_date', 'ts_code'],
  partition: 'none',
  columns: {
    trade_date: date('周末交易日', 'Last open day of the week'),
    ts_code: code('证券代码', 'Code'),
    open: price('开盘价', 'Open'),
    high: price('最高价', 'High'),
    low: price('最低价', 'Low'),
    close: price('收盘价', 'Close'),
    pre_close: nullable(price('上周收盘价', 'Close of the bar before', { about: 'As it was: not lowered by an ex-date inside the week.' })),
    change: nullable(price('涨跌额', 'Change', { about: 'close − pre_close' })),
    pct_chg: nullable(number('涨跌幅', 'Change as a fraction', { unit: 'fraction', about: 'A fraction, unlike the daily column of this name.' })),
    vol: share('成交量', 'Volume', { unit: 'lots' }),
    amount: number('成交额', 'Turnover', { unit: 'thousand CNY' }),
    period_end_open_day: date('周期末交易日', 'Last open day'),
  },
  inputs: [],
  build: { by: 'fetch' },
  audits: [
    { ...unique('trade_date', 'ts_code'), severity: 'warning' },
    holds('high_not_below_low', 'high >= low and low > 0', 'trade_date, ts_code, high, low'),
    holds('units', 'vol <= 0 or amount * 10 / vol between low * 0.9 and high * 1.1', 'trade_date, ts_code, vol, amount, low, high', 'warning'),
  ],
  readyAt: '18:00',
})
