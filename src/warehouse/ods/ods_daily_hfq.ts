import { defineTable, holds, unique } from '../table.ts'
import { odsDaily } from './ods_daily.ts'

const { trade_date, ts_code, open, high, low, close, pre_close, change, pct_chg, vol, amount } = odsDaily.columns

/** 日线行情 (后复权): back-adjusted bars; history never changes because of a later corporate action. */
export const odsDailyHfq = defineTable({
  name: 'ods_daily_hfq',
  layer: 'ods',
  label: { zh: '后复权日线', en: 'Daily bars, back-adjusted' },
  about: 'One back-adjusted daily bar per stock and day; volume and turnover are unadjusted.',
  grain: ['trade_date', 'ts_code'],
  partition: 'year',
  columns: { trade_date, ts_code, open, high, low, close, pre_close, change, pct_chg, vol, amount },
  inputs: [],
  build: { by: 'fetch' },
  audits: [
    { ...unique('trade_date', 'ts_code'), severity: 'warning' },
    holds('positive_prices', 'open > 0 and high > 0 and low > 0 and close > 0', 'trade_date, ts_code, open, high, low, close'),
    holds('high_not_below_low', 'high >= low', 'trade_date, ts_code, high, low', 'warning'),
    holds('volume_not_negative', 'vol >= 0 and amount >= 0', 'trade_date, ts_code, vol, amount'),
  ],
  readyAt: '17:30',
})
