import { category, cny, code, count, date, instant, nullable, number, price, ratio, score, share, text, yesno } from '../column.ts'
import { dwdAdjFactor } from '../dwd/dwd_adj_factor.ts'
import { dwdDaily } from '../dwd/dwd_daily.ts'
import { levelTestDays } from '../level-test-days.ts'
import { odsQuote } from '../ods/ods_quote.ts'
import { odsTick } from '../ods/ods_tick.ts'
import { between, defineTable, holds, sameDay, unique, withLookback } from '../table.ts'
import { abuPriceLevels } from './abu_price_levels.ts'
import { bigTradeThreshold } from './big_trade_threshold.ts'
import { stockActivePool } from './stock_active_pool.ts'
import { stockMicrostructureDaily } from './stock_microstructure_daily.ts'

/** 价位测试 (spec microstructure §9): every visit of the price into the band of a level known before the day, with the flow inside the band and its scores. */
export const stockLevelMicrostructure = defineTable({
  name: 'stock_level_microstructure',
  layer: 'dws',
  label: { zh: '价位测试与吸收', en: 'Level tests' },
  about:
    'One row per stock, day, level and test. Levels are those of the last calculation before the day, in the price scale of the day. The return of the next day is in dws_level_test_outcome: no row here ever changes.',
  grain: ['trade_date', 'ts_code', 'level_id', 'test_id'],
  partition: 'year',
  columns: {
    trade_date: date('交易日', 'Trade date'),
    ts_code: code('证券代码', 'Code'),
    level_id: text('价位编号', 'Level id'),
    test_id: count('测试序号', 'Test', { about: '1, 2, … in order of entry.' }),
    level_calc_date: date('价位计算日', 'Level calculated on'),
    level_price: price('价位', 'Level', { about: 'In the unadjusted price scale of the trade date.' }),
    level_type: category('类型', 'Type'),
    strength: score('强度', 'Strength'),
    band_pct: ratio('观察带半宽', 'Band half-width'),
    approach: nullable(category('来向', 'Approach', { about: 'above, below, or unknown.' })),
    entry_kind: category('进入方式', 'Entry', { about: 'normal; gap: the first print; carry: the day before closed inside; unknown: no previous close.' }),
    exit_side: category('离开方向', 'Exit', { about: 'above, below, close_in, close_above, close_below; open: the records stop before the day does.' }),
    t_entry: instant('进入时间', 'Entered at'),
    t_exit: nullable(instant('离开时间', 'Left at', { about: 'Unknown where the records stop before the day does.' })),
    t_confirm: nullable(instant('确认时间', 'Confirmed at', { about: 'When the exit was certain: from then on score_exante is known.' })),
    is_scored: yesno('是否评分', 'Scored', { about: 'At least 3 prints in the band, entered normally or by a gap, inside for at most half of the session.' }),
    n_prints: count('带内笔数', 'Prints in band'),
    resumed: count('续接次数', 'Resumed'),
    dwell_s: nullable(number('停留', 'Dwell', { unit: 's' })),
    spans_lunch: yesno('跨午休', 'Spans lunch'),
    vol_total: share('带内成交量', 'Volume in band'),
    value_total: cny('带内成交额', 'Value in band'),
    big_buy_value: nullable(cny('带内大单买入', 'Big buys in band')),
    big_sell_value: nullable(cny('带内大单卖出', 'Big sells in band')),
    big_net_value: nullable(cny('带内大单净额', 'Big net in band')),
    big_net_ratio: nullable(ratio('大单净额占比', 'Big net ratio')),
    order_flow_imbalance: nullable(ratio('订单流失衡', 'Order-flow imbalance')),
    max_penetration: nullable(ratio('最大穿透', 'Deepest penetration', { about: 'Through the level against its role, as a fraction of it.' })),
    pen_up: nullable(ratio('向上穿透', 'Penetration up')),
    pen_down: nullable(ratio('向下穿透', 'Penetration down')),
    time_above_level_ratio: nullable(ratio('位上时间占比', 'Time above')),
    time_below_level_ratio: nullable(ratio('位下时间占比', 'Time below')),
    value_per_min: nullable(cny('每分钟成交额', 'Value per minute', { unit: 'CNY/min' })),
    sell_absorbed_value: nullable(cny('承接卖盘', 'Sells absorbed', { about: 'Active sells in the band when the price did not leave below.' })),
    p_exit: nullable(price('离开价', 'Exit price')),
    future_return_30m: nullable(
      ratio('其后30分钟收益', 'Return in 30 minutes', { about: 'From the exit, on the session clock. Known at future_30m_known_at the same day.' }),
    ),
    future_30m_known_at: nullable(instant('30分钟收益可知时间', 'Known at')),
    h30_truncated: yesno('收盘截断', 'Cut by the close'),
    adv: nullable(cny('前20日均成交额', 'Average value, 20 days before')),
    r_ref: number('参考30分钟波动', 'Reference 30-minute move', {
      unit: 'fraction',
      about: 'Standard deviation of 30-minute returns of the 20 days before, 0.005 to 0.03; 0.01 where fewer than 60 are known.',
    }),
    support_absorption_score_test: nullable(score('支撑承接分', 'Support absorption')),
    resistance_sell_absorption_score_test: nullable(score('阻力抛压分', 'Resistance selling')),
    flip_support_score_test: nullable(score('翻转支撑分', 'Flip support')),
    score_exante: nullable(score('事前分', 'Score, ex ante', { about: 'Without the reaction term: known at t_confirm, the only one live code may use.' })),
    score_quality: nullable(score('评分权重', 'Weight of the score', { about: 'min(1, value in band / 1 % of adv): thin tests are drawn to 0.5.' })),
    param_set_id: text('参数集', 'Parameter set'),
  },
  inputs: [
    sameDay(odsTick),
    sameDay(odsQuote, { strength: 'soft' }),
    sameDay(bigTradeThreshold),
    withLookback(abuPriceLevels, 10, { strength: 'soft' }),
    withLookback(dwdDaily, 62, { strength: 'soft' }),
    withLookback(dwdAdjFactor, 62, { strength: 'soft' }),
    withLookback(stockMicrostructureDaily, 20, { strength: 'soft' }),
    withLookback(stockActivePool, 20, { strength: 'soft' }),
  ],
  build: { by: 'compute', version: '1', compute: levelTestDays },
  audits: [
    unique('trade_date', 'ts_code', 'level_id', 'test_id'),
    between('support_absorption_score_test', 0, 1),
    between('resistance_sell_absorption_score_test', 0, 1),
    between('flip_support_score_test', 0, 1),
    holds(
      'inside_its_day',
      't_exit is null or (t_entry <= t_exit and t_exit <= t_confirm)',
      'trade_date, ts_code, level_id, test_id, t_entry, t_exit, t_confirm',
    ),
  ],
  maxDaysPerStep: 5,
  readyAt: '18:30',
})
