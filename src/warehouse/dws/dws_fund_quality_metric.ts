import { category, cny, code, count, date, json, nullable, number, price, ratio } from '../column.ts'
import { dwdStockDailyStandard } from '../dwd/dwd_stock_daily_standard.ts'
import { fundQualityMetrics } from '../fund-quality-metrics.ts'
import { odsDailyBasic } from '../ods/ods_daily_basic.ts'
import { between, defineTable, sameDay, unique, withLookback } from '../table.ts'
import { stockMicrostructureDaily } from './stock_microstructure_daily.ts'

/** 资金质量指标: the raw metrics of a stock's rise window ending on the day (spec microstructure §7.1–7.2), before they are compared across stocks. */
export const dwsFundQualityMetric = defineTable({
  name: 'dws_fund_quality_metric',
  layer: 'dws',
  label: { zh: '资金质量指标', en: 'Fund-quality metrics' },
  about: 'One row per stock and day that ends a rise window; INSUFFICIENT when tick days cover less than 80 % of it.',
  grain: ['trade_date', 'ts_code'],
  partition: 'year',
  columns: {
    trade_date: date('窗口止日', 'Window end'),
    ts_code: code('证券代码', 'Code'),
    window_start: date('窗口起日', 'Window start'),
    window_days: count('窗口天数', 'Window days'),
    status: category('状态', 'Status'),
    price_return: ratio('窗口涨幅', 'Window return'),
    big_net_sum: nullable(cny('大单净额合计', 'Big net, sum')),
    big_net_ratio_w: nullable(ratio('大单净额占比', 'Big net ratio')),
    turnover_ratio: nullable(ratio('窗口换手', 'Turnover of free float')),
    ff_source: category('自由流通口径', 'Free-float source'),
    pos_days_ratio: nullable(ratio('净流入天数占比', 'Positive days')),
    trend_corr: nullable(ratio('资金价格相关', 'Trend correlation')),
    trend_corr_diff: nullable(ratio('差分相关', 'Correlation of changes', { about: 'Diagnostic, not scored.' })),
    big_buy_vwap: nullable(price('大单买入均价', 'Big-buy VWAP', { about: 'In the price scale of the window end.' })),
    big_cost_gain: nullable(ratio('大单浮盈', 'Gain over big-buy cost')),
    support_ratio: nullable(ratio('回调承接率', 'Support ratio')),
    n_pullbacks: count('回调次数', 'Pullbacks'),
    pullbacks_json: json('回调明细', 'Pullbacks in detail'),
    days_with_data: number('有数据天数', 'Days with ticks'),
  },
  inputs: [withLookback(dwdStockDailyStandard, 'all'), withLookback(stockMicrostructureDaily, 'all'), sameDay(odsDailyBasic, { strength: 'soft' })],
  build: { by: 'compute', version: '1', compute: fundQualityMetrics },
  audits: [unique('trade_date', 'ts_code'), between('support_ratio', 0, 1), between('pos_days_ratio', 0, 1)],
  readyAt: '18:45',
})
