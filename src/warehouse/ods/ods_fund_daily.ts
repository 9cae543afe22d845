import { defineTable, holds, unique } from '../table.ts'
import { odsDaily } from './ods_daily.ts'

const { trade_date, ts_code, open, high, low, close, pre_close, change, pct_chg, vol, amount } = odsDaily.columns

/** 场内基金日线: daily bars of listed funds (ETF, LOF) on a 0.001 price grid, vendor units. */
export const odsFundDaily = defineTable({
  name: 'ods_fund_daily',
  layer: 'ods',
  label: { zh: '场内基金日线', en: 'Daily bars of listed funds' },
  about: 'One unadjusted daily bar per listed fund and day with trading, in the vendor’s units (lots, thousand CNY).',
  grain: ['trade_date', 'ts_code'],
  partition: 'year',
  columns: { trade_date, ts_code, open, high, low, close, pre_close, change, pct_chg, vol, amount },
  inputs: [],
  build: { by: 'fetch' },
  audits: [
    { ...unique('trade_date', 'ts_code'), severity: 'warning' },
    holds('positive_prices', 'open > 0 and high > 0 and low > 0 and close > 0', 'trade_date, ts_code, open, high, low, close'),
    holds('high_not_below_low', 'high >= low', 'trade_date, ts_code, high, low', 'warning'),
  ],
  readyAt: '17:00',
})
