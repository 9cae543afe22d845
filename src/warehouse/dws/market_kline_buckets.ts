import { category, code, date, instant, yesno } from '../column.ts'
import { klineBucketDays } from '../kline-bucket-days.ts'
import { klineValues } from '../kline-values.ts'
import { defineTable, holds, sameDay, unique } from '../table.ts'
import { marketKlines } from './market_klines.ts'

/**
 * 聚合K线: what charts fold on demand, as rows for whoever reads by SQL: 5, 15, 30, 60 and 120 minutes and the session, by trading-minute counting (spec simulator §17.3). A day built again
 * because its minutes changed changes all of them; while a session runs the aggregator keeps its buckets here, those not over yet with `is_final` 0.
 */
export const marketKlineBuckets = defineTable({
  name: 'market_kline_buckets',
  layer: 'dws',
  label: { zh: '聚合K线', en: 'K-line buckets' },
  about: 'One bar per stock, interval and label, folded from market_klines; kernel numeric/resample-bars.ts, the one the k-line API uses.',
  grain: ['trade_date', 'ts_code', 'interval', 'time'],
  order: ['ts_code', 'interval', 'trade_date', 'time'],
  partition: 'month',
  columns: {
    trade_date: date('交易日', 'Trade date'),
    ts_code: code('证券代码', 'Code'),
    interval: category('周期', 'Interval', { about: '5m, 15m, 30m, 60m, 120m, or 1d: the session folded from its minutes.' }),
    time: instant('时间', 'Label', { about: 'End of the bucket.' }),
    ...klineValues,
    is_final: yesno('已完成', 'Final', { about: '0 = the session has not passed its last minute.' }),
    source: category('来源', 'Source', { about: 'Feed of the ticks, or the minute file.' }),
  },
  inputs: [sameDay(marketKlines)],
  build: { by: 'compute', version: '1', compute: klineBucketDays },
  audits: [
    unique('trade_date', 'ts_code', 'interval', 'time'),
    holds(
      'prices_within_range',
      'low <= least(open, close) and high >= greatest(open, close)',
      'trade_date, ts_code, interval, time, open, high, low, close',
      'warning',
    ),
  ],
  maxDaysPerStep: 10,
  readyAt: '17:05',
})
