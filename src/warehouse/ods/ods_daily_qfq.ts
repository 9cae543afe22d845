import { defineTable, holds, unique } from '../table.ts'
import { odsDaily } from './ods_daily.ts'

const { trade_date, ts_code, open, high, low, close, pre_close, change, pct_chg, vol, amount } = odsDaily.columns

/** 日线行情 (前复权): forward-adjusted bars as of the day the file was made. Prices are off the 0.01 grid; no price limit may be checked on them. */
export const odsDailyQfq = defineTable({
  name: 'ods_daily_qfq',
  layer: 'ods',
  label: { zh: '前复权日线', en: 'Daily bars, forward-adjusted' },
  about: 'One forward-adjusted daily bar per stock and day, as of the vendor’s own date; volume and turnover are unadjusted.',
  grain: ['trade_date', 'ts_code'],
  partition: 'year',
  columns: { trade_date, ts_code, open, high, low, close, pre_close, change, pct_chg, vol, amount },
  inputs: [],
  build: { by: 'fetch' },
  audits: [
    { ...unique('trade_date', 'ts_code'), severity: 'warning' },
    // Far-back forward-adjusted prices of generous payers are honestly zero or negative: shown, never stopped.
    holds('positive_prices', 'open > 0 and high > 0 and low > 0 and close > 0', 'trade_date, ts_code, open, high, low, close', 'warning'),
    holds('high_not_below_low', 'high >= low', 'trade_date, ts_code, high, low', 'warning'),
    holds('volume_not_negative', 'vol >= 0 and amount >= 0', 'trade_date, ts_code, vol, amount'),
  ],
  readyAt: '17:30',
})
