import { code, date, nullable, number } from '../column.ts'
import { periodAudits, periodPrices, periodSums } from '../period-bars.ts'
import { defineTable } from '../table.ts'

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
    ...periodPrices('上月收盘价', 'month'),
    pct_chg: nullable(number('涨跌幅', 'Change in percent', { unit: '%' })),
    ...periodSums,
  },
  arrivesWith: 'period_end_open_day',
  inputs: [],
  build: { by: 'fetch' },
  audits: periodAudits,
  readyAt: '18:00',
})
