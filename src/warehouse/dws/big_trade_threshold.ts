import { tradeThresholds } from '../trade-thresholds.ts'
import { category, cny, code, count, date, nullable, text } from '../column.ts'
import { dimTradeCal } from '../dim/dim_trade_cal.ts'
import { dwdDaily } from '../dwd/dwd_daily.ts'
import { odsTick } from '../ods/ods_tick.ts'
import { between, defineTable, sameDay, unique, withLookback } from '../table.ts'

/** 大单阈值 (spec microstructure §4): from the 60 trading days before the day, today excluded, per grain class. */
export const bigTradeThreshold = defineTable({
  name: 'big_trade_threshold',
  layer: 'dws',
  label: { zh: '大单阈值', en: 'Big-trade thresholds' },
  about: 'One row per stock, day and grain class: the trade value from which a trade of that day is big. Uses days before it only.',
  grain: ['trade_date', 'ts_code', 'grain_class'],
  partition: 'year',
  columns: {
    trade_date: date('交易日', 'Trade date'),
    ts_code: code('证券代码', 'Code'),
    grain_class: category('粒度类', 'Grain class', { about: 'TBT single trades, AGG three-second aggregates.' }),
    p90: nullable(cny('90分位', 'P90')),
    p95: nullable(cny('95分位', 'P95')),
    threshold: cny('阈值', 'Threshold'),
    method: category('方法', 'Method', { about: 'PCT percentile, BLEND with turnover, ADV from turnover, FIXED 200 000.' }),
    n_days: count('样本天数', 'Sample days'),
    n_trades: count('样本笔数', 'Sample trades'),
    param_set_id: text('参数集', 'Parameter set'),
  },
  inputs: [withLookback(odsTick, 60), withLookback(dwdDaily, 20, { strength: 'soft' }), sameDay(dimTradeCal)],
  build: { by: 'compute', version: '1', compute: tradeThresholds },
  audits: [unique('trade_date', 'ts_code', 'grain_class'), between('threshold', 50_000, 1e12)],
  maxDaysPerStep: 5,
  readyAt: '15:30',
})
