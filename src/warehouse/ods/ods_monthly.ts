import { code, date, nullable, number, price, share } from '../column.ts'
import { defineTable, holds, unique } from '../table.ts'

/** 月线行情 (不复权): TuShare `monthly`, vendor units. For display and reconciliation: signals resample daily bars. Spec warehouse-ods §5.3. */
export const odsMonthly = defineTable({
  name: 'ods_monthly',
  layer: 'ods',
  label: { zh: '月线行情', en: 'Monthly bars' },
  about:
    'One unadjusted bar per stock and month with trading, under the last calendar day of the month, open or not, in the vendor’s units (lots, thousand CNY).',
  grain: ['trade_date', 'ts_code'],
  partition: 'none',
  columns: {
    trade_date: date('月末日期', 'Last calendar day of the month'),
    ts_code: code('证券代码', 'Code'),
    open: price('开盘价', 'Open'),
    high: price('最高价', 'High'),
    low: price('最低价', 'Low'),
    close: price('收盘价', 'Close'),
    pre_close: nullable(price('上月收盘价', 'Close of the bar before', { about: 'As it was: not lowered by an ex-date inside the month.' })),
    change: nullable(price('涨跌额', 'Change', { about: 'close − pre_close' })),
    pct_chg: nullable(number('涨跌幅', 'Change in percent', { unit: '%' })),
    vol: share('成交量', 'Volume', { unit: 'lots' }),
    amount: number('成交额', 'Turnover', { unit: 'thousand CNY' }),
    period_end_open_day: date('周期末交易日', 'Last open day'),
  },
  arrivesWith: 'period_end_open_day',
  inputs: [],
  build: { by: 'fetch' },
  audits: [
    { ...unique('trade_date', 'ts_code'), severity: 'warning' },
    holds('high_not_below_low', 'high >= low and low > 0', 'trade_date, ts_code, high, low'),
    holds('units', 'vol <= 0 or amount * 10 / vol between low * 0.9 and high * 1.1', 'trade_date, ts_code, vol, amount, low, high', 'warning'),
  ],
  readyAt: '18:00',
})
