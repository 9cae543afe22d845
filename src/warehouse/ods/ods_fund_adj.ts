import { defineTable, holds, unique } from '../table.ts'
import { odsAdjFactor } from './ods_adj_factor.ts'

/** 基金复权因子: cumulative back-adjustment factor of a listed fund. */
export const odsFundAdj = defineTable({
  name: 'ods_fund_adj',
  layer: 'ods',
  label: { zh: '基金复权因子', en: 'Adjustment factors of funds' },
  about: 'One cumulative back-adjustment factor per listed fund and day.',
  grain: ['trade_date', 'ts_code'],
  partition: 'year',
  columns: odsAdjFactor.columns,
  inputs: [],
  build: { by: 'fetch' },
  audits: [{ ...unique('trade_date', 'ts_code'), severity: 'warning' }, holds('factor_positive', 'adj_factor > 0', 'trade_date, ts_code, adj_factor')],
  readyAt: '17:30',
})
