import { category, cny, code, count, date, json, nullable, number, price, ratio, score, text, yesno } from '../column.ts'
import { candidateDays } from '../candidate-days.ts'
import { dimStock } from '../dim/dim_stock.ts'
import { dimTradeCal } from '../dim/dim_trade_cal.ts'
import { dwdAdjFactor } from '../dwd/dwd_adj_factor.ts'
import { dwdDaily } from '../dwd/dwd_daily.ts'
import { dwdStockLabelDaily } from '../dwd/dwd_stock_label_daily.ts'
import { abuPriceLevels } from '../dws/abu_price_levels.ts'
import { stockActivePool } from '../dws/stock_active_pool.ts'
import { stockBollingerData } from '../dws/stock_bollinger_data.ts'
import { stockFundQuality } from '../dws/stock_fund_quality.ts'
import { stockLevelScoreDaily } from '../dws/stock_level_score_daily.ts'
import { between, defineTable, holds, sameDay, unique, withLookback } from '../table.ts'

/** 次日候选 (spec microstructure §10): the work set of a day put to the six filters: what the candidate page and the backtester read in one query. */
export const strategyCandidates = defineTable({
  name: 'strategy_candidates',
  layer: 'ads',
  label: { zh: '次日候选', en: 'Candidates' },
  about:
    'One row per stock of the work set (pool rank up to 800). Selected stocks first, by rank score; the others after them with the first filter that said no, best fund quality first.',
  grain: ['trade_date', 'ts_code'],
  partition: 'year',
  columns: {
    trade_date: date('交易日', 'Trade date'),
    ts_code: code('证券代码', 'Code'),
    valid_for: date('适用交易日', 'Valid for', { about: 'The next trading day; the candidate expires after it.' }),
    candidate_rank: count('排名', 'Rank'),
    selected: yesno('入选', 'Selected'),
    first_failed: nullable(category('淘汰于', 'First failed filter', { about: 'F1 active, F2 money, F3 support, F4 resistance, F5 room, F6 tradable.' })),
    is_tradable: yesno('可交易', 'Tradable', { about: 'Traded that day, not closed at the lower limit, no risk warning, no delisting arrangement.' }),
    name: text('名称', 'Name'),
    board: category('板', 'Board'),
    close: price('收盘价', 'Close'),
    ret_1d: nullable(ratio('日收益', 'One-day return')),
    rank_score: nullable(
      score('排序分', 'Rank score', { about: '0.40 fund_quality_pct + 0.35 support_pct + 0.25 (1 - resistance_pct); an untested resistance counts as 0.5.' }),
    ),
    support_price: nullable(price('支撑价', 'Support', { about: 'The ideal price to buy at, in the price scale of the trade date.' })),
    support_level_id: nullable(text('支撑编号', 'Support level')),
    support_type: nullable(category('支撑类型', 'Support type', { about: 'support or flip.' })),
    support_score: nullable(score('支撑承接分', 'Support score')),
    support_pct: nullable(ratio('支撑承接分位', 'Support percentile')),
    support_tests: count('支撑测试数', 'Support tests'),
    support_strength: nullable(score('支撑强度', 'Support strength')),
    distance: nullable(ratio('距支撑', 'Distance', { about: 'close / support - 1.' })),
    resistance_price: nullable(price('阻力价', 'Resistance')),
    resistance_level_id: nullable(text('阻力编号', 'Resistance level')),
    resistance_score: nullable(score('阻力抛压分', 'Resistance score')),
    resistance_pct: nullable(ratio('阻力抛压分位', 'Resistance percentile')),
    target_price: nullable(price('目标价', 'Target', { about: 'The nearest resistance, else the upper Bollinger band.' })),
    stop_price: nullable(price('止损价', 'Stop', { about: 'Support × (1 - stop_pct).' })),
    room: nullable(ratio('盈亏比', 'Reward over risk', { unit: 'times', about: '(target - support) / (support - stop).' })),
    reasons_json: json('筛选过程', 'Filter trail', { about: 'Each filter: value, threshold, pass, note.' }),
    fund_quality_z: nullable(number('资金质量Z', 'Fund quality z')),
    fund_quality_score: nullable(score('资金质量分', 'Fund quality score')),
    fund_quality_pct: nullable(ratio('资金质量分位', 'Fund quality percentile')),
    window_start: nullable(date('窗口起日', 'Window start')),
    window_end: nullable(date('窗口止日', 'Window end', { about: 'Up to five trading days before the trade date.' })),
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
    param_set_id: text('参数集', 'Parameter set'),
  },
  inputs: [
    sameDay(stockActivePool),
    withLookback(stockFundQuality, 5, { strength: 'soft' }),
    withLookback(abuPriceLevels, 10, { strength: 'soft' }),
    sameDay(stockLevelScoreDaily, { strength: 'soft' }),
    sameDay(dwdDaily),
    sameDay(dwdStockLabelDaily, { strength: 'soft' }),
    sameDay(stockBollingerData, { strength: 'soft' }),
    withLookback(dwdAdjFactor, 10, { strength: 'soft' }),
    sameDay(dimStock, { strength: 'soft' }),
    sameDay(dimTradeCal),
  ],
  build: { by: 'compute', version: '1', compute: candidateDays },
  audits: [
    unique('trade_date', 'ts_code'),
    unique('trade_date', 'candidate_rank'),
    between('fund_quality_score', 0, 1),
    between('rank_score', 0, 1),
    holds(
      'stop_below_support_below_target',
      'selected = 0 or (stop_price < support_price and support_price < target_price)',
      'trade_date, ts_code, stop_price, support_price, target_price',
    ),
  ],
  readyAt: '19:15',
})
