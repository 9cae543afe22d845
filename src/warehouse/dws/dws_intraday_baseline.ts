import { code, count, date, ratio } from '../column.ts'
import { dimTradeCal } from '../dim/dim_trade_cal.ts'
import { between, defineTable, holds, sameDay, unique, withLookback } from '../table.ts'
import { dwsFlowBucket } from './dws_flow_bucket.ts'

/**
 * 盘中基线 (spec intraday §9): what is usual for a stock in each five minutes, from the 20 trading days before the day it is for. It asks nothing of
 * that day, so it can be had the evening before; `intradayBaselineOn` gives the same rows for a day that is not built yet.
 */
export const dwsIntradayBaseline = defineTable({
  name: 'dws_intraday_baseline',
  layer: 'dws',
  label: { zh: '盘中基线', en: 'Intraday baseline' },
  about: 'One row per stock, day and five minutes with at least five days of ticks among the 20 trading days before. Uses nothing of the day itself.',
  grain: ['trade_date', 'ts_code', 'bucket'],
  partition: 'month',
  columns: {
    trade_date: date('交易日', 'Trade date', { about: 'The day it is for.' }),
    ts_code: code('证券代码', 'Code'),
    bucket: count('时段', 'Bucket', { unit: '', about: '0 to 47, as in dws_flow_bucket.' }),
    net_ratio_mean: ratio('净买占比均值', 'Mean net ratio'),
    net_ratio_sigma: ratio('净买占比离散', 'Net-ratio sigma', { about: '1.4826 × median absolute deviation from the median, at least 0.05.' }),
    big_density_mean: ratio('大单密度均值', 'Mean big density'),
    n_days: count('样本天数', 'Days', { about: 'Days with a trade in these five minutes, 5 to 20.' }),
  },
  // The same day of the flow table lies in the lookback but is not read; soft, because the day this is for need not have ticks.
  inputs: [sameDay(dimTradeCal), withLookback(dwsFlowBucket, 20, { strength: 'soft' })],
  build: { by: 'sql', version: '1' },
  audits: [
    unique('trade_date', 'ts_code', 'bucket'),
    between('net_ratio_mean', -1, 1),
    between('big_density_mean', 0, 1),
    holds('enough_days', 'n_days between 5 and 20 and net_ratio_sigma >= 0.05 and bucket < 48', 'trade_date, ts_code, bucket, n_days'),
  ],
  maxDaysPerStep: 120,
  readyAt: '00:00',
})
