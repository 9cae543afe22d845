import { code, date, nullable, number } from '../column.ts'
import { periodAudits, periodPrices, periodSums } from '../period-bars.ts'
import { defineTable } from '../table.ts'

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
    ...periodPrices('上周收盘价', 'week'),
    pct_chg: nullable(number('涨跌幅', 'Change as a fraction', { unit: 'fraction', about: 'A fraction, unlike the daily column of this name.' })),
    ...periodSums,
  },
  inputs: [],
  build: { by: 'fetch' },
  audits: periodAudits,
  readyAt: '18:00',
})
