import { category, cny, code, count, date, json, nullable, number, price, ratio, score, text } from '../column.ts'
import { dimStock } from '../dim/dim_stock.ts'
import { dimTradeCal } from '../dim/dim_trade_cal.ts'
import { dwdDaily } from '../dwd/dwd_daily.ts'
import { stockActivePool } from '../dws/stock_active_pool.ts'
import { stockFundQuality } from '../dws/stock_fund_quality.ts'
import { between, defineTable, sameDay, unique, withLookback } from '../table.ts'

/** 次日候选: the active pool of a day ranked by the quality of the money behind its rise. What the candidate page reads in one query. */
export const adsCandidateDaily = defineTable({
  name: 'ads_candidate_daily',
  layer: 'ads',
  label: { zh: '次日候选', en: 'Candidates' },
  about: 'One row per stock of the work set (pool rank up to 800), best fund quality of the last five trading days first, then by activity.',
  grain: ['trade_date', 'ts_code'],
  partition: 'year',
  columns: {
    trade_date: date('交易日', 'Trade date'),
    ts_code: code('证券代码', 'Code'),
    valid_for: date('适用交易日', 'Valid for', { about: 'The next trading day.' }),
    candidate_rank: count('排名', 'Rank'),
    name: text('名称', 'Name'),
    board: category('板', 'Board'),
    close: price('收盘价', 'Close'),
    ret_1d: nullable(ratio('日收益', 'One-day return')),
    fund_quality_z: nullable(number('资金质量Z', 'Fund quality z')),
    fund_quality_score: nullable(score('资金质量分', 'Fund quality score')),
    fund_quality_pct: nullable(ratio('资金质量分位', 'Fund quality percentile')),
    window_start: nullable(date('窗口起日', 'Window start')),
    window_end: nullable(date('窗口止日', 'Window end')),
    window_days: nullable(count('窗口天数', 'Window days')),
    price_return: nullable(ratio('窗口涨幅', 'Window return')),
    big_net_sum: nullable(cny('大单净额合计', 'Big net, sum')),
    big_net_ratio_w: nullable(ratio('大单净额占比', 'Big net ratio')),
    support_ratio: nullable(ratio('回调承接率', 'Support ratio')),
    activity_score: score('活跃度', 'Activity'),
    pool_rank: count('活跃排名', 'Pool rank'),
    status: category('状态', 'Status', {
      about: 'OK, INSUFFICIENT, NO_REFERENCE (see stock_fund_quality), or NO_WINDOW: no rise window with ticks within five days.',
    }),
    components_json: json('评分构成', 'Components'),
  },
  inputs: [
    sameDay(stockActivePool),
    withLookback(stockFundQuality, 5, { strength: 'soft' }),
    sameDay(dwdDaily),
    sameDay(dimStock, { strength: 'soft' }),
    sameDay(dimTradeCal),
  ],
  build: { by: 'sql', version: '1' },
  audits: [unique('trade_date', 'ts_code'), unique('trade_date', 'candidate_rank'), between('fund_quality_score', 0, 1)],
  readyAt: '19:15',
})
