import { category, cny, code, count, date, json, nullable, number, ratio, score, text } from '../column.ts'
import { fundQualityScores } from '../fund-quality-scores.ts'
import { between, defineTable, unique, withLookback } from '../table.ts'
import { dwsFundQualityMetric } from './dws_fund_quality_metric.ts'

/** 资金质量评分 (spec microstructure §7.3): how good the money behind a rise was, compared across the stocks of the day. */
export const stockFundQuality = defineTable({
  name: 'stock_fund_quality',
  layer: 'dws',
  label: { zh: '资金质量评分', en: 'Fund quality' },
  about: 'One row per stock and rise-window end. The score is a logistic of the weighted robust z-scores of seven metrics.',
  grain: ['trade_date', 'ts_code'],
  partition: 'year',
  columns: {
    trade_date: date('交易日', 'Trade date'),
    ts_code: code('证券代码', 'Code'),
    window_start: date('窗口起日', 'Window start'),
    window_end: date('窗口止日', 'Window end'),
    window_days: count('窗口天数', 'Window days'),
    status: category('状态', 'Status', { about: 'OK, INSUFFICIENT (ticks for < 80 % of the window), NO_REFERENCE (too few stocks to compare with).' }),
    price_return: ratio('窗口涨幅', 'Window return'),
    big_net_sum: nullable(cny('大单净额合计', 'Big net, sum')),
    big_net_ratio_w: nullable(ratio('大单净额占比', 'Big net ratio')),
    support_ratio: nullable(ratio('回调承接率', 'Support ratio')),
    fund_quality_z: nullable(number('资金质量Z', 'Fund quality z')),
    fund_quality_score: nullable(score('资金质量分', 'Fund quality score', { about: '1 / (1 + exp(-1.702 z)), in (0, 1).' })),
    fund_quality_pct: nullable(ratio('资金质量分位', 'Fund quality percentile')),
    components_json: json('评分构成', 'Components', { about: 'Per metric: value, z, weight, contribution.' }),
    param_set_id: text('参数集', 'Parameter set'),
  },
  inputs: [withLookback(dwsFundQualityMetric, 60)],
  build: { by: 'compute', version: '1', compute: fundQualityScores },
  audits: [unique('trade_date', 'ts_code'), between('fund_quality_score', 0, 1), between('fund_quality_pct', 0, 1)],
  readyAt: '19:00',
})
