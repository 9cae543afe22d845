import { code, date, number } from '../column.ts'
import { defineTable, holds, unique } from '../table.ts'

/** 复权因子: cumulative back-adjustment factor, 1.0 at listing. A suspended day may have a factor without a bar. Spec warehouse-ods §5.6. */
export const odsAdjFactor = defineTable({
  name: 'ods_adj_factor',
  layer: 'ods',
  label: { zh: '复权因子', en: 'Adjustment factors' },
  about: 'One cumulative back-adjustment factor per stock and day.',
  grain: ['trade_date', 'ts_code'],
  partition: 'year',
  columns: {
    trade_date: date('交易日', 'Trade date'),
    ts_code: code('证券代码', 'Code'),
    adj_factor: number('复权因子', 'Adjustment factor', { about: 'Unadjusted price × factor = back-adjusted price.' }),
  },
  inputs: [],
  build: { by: 'fetch' },
  audits: [
    { ...unique('trade_date', 'ts_code'), severity: 'warning' },
    holds('factor_positive', 'adj_factor > 0 and adj_factor < 1000000', 'trade_date, ts_code, adj_factor'),
  ],
  readyAt: '17:30',
})
