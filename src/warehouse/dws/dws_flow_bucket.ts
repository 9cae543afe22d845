import { cny, code, count, date, ratio } from '../column.ts'
import { flowBuckets } from '../flow-buckets.ts'
import { odsQuote } from '../ods/ods_quote.ts'
import { odsTick } from '../ods/ods_tick.ts'
import { between, defineTable, holds, sameDay, unique } from '../table.ts'
import { stockMicrostructureDaily } from './stock_microstructure_daily.ts'

/** 五分钟资金: the flow of each five minutes of the session clock, as the live board's window shows it at their end (spec intraday §9). */
export const dwsFlowBucket = defineTable({
  name: 'dws_flow_bucket',
  layer: 'dws',
  label: { zh: '五分钟资金', en: 'Five-minute flow' },
  about: 'One row per stock of the daily microstructure, day and five minutes with a trade in continuous trading; sides and big trades as there.',
  grain: ['trade_date', 'ts_code', 'bucket'],
  partition: 'month',
  columns: {
    trade_date: date('交易日', 'Trade date'),
    ts_code: code('证券代码', 'Code'),
    bucket: count('时段', 'Bucket', {
      unit: '',
      about:
        '0 to 47: the five minutes of the session clock ending at 09:35, 09:40 … 15:00; the last one ends with continuous trading (14:52 to 14:57 before a closing call).',
    }),
    amount: cny('成交额', 'Value'),
    net_value: cny('主动净买入额', 'Active net value'),
    net_ratio: ratio('净买占比', 'Net ratio', { about: 'Active net value / value, in [-1, 1].' }),
    big_count: count('大单笔数', 'Big records'),
    tick_count: count('笔数', 'Records'),
    big_density: ratio('大单密度', 'Big density', { about: 'big_count / tick_count.' }),
  },
  inputs: [sameDay(odsTick), sameDay(odsQuote, { strength: 'soft' }), sameDay(stockMicrostructureDaily)],
  build: { by: 'compute', version: '1', compute: flowBuckets },
  audits: [
    unique('trade_date', 'ts_code', 'bucket'),
    between('net_ratio', -1, 1),
    holds('bucket_of_the_day', 'bucket < 48 and tick_count > 0 and big_count <= tick_count and abs(net_value) <= amount', 'trade_date, ts_code, bucket'),
  ],
  maxDaysPerStep: 5,
  readyAt: '18:30',
})
