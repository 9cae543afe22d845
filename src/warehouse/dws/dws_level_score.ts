import { category, code, count, date, nullable, number, score, text } from '../column.ts'
import { dwdDaily } from '../dwd/dwd_daily.ts'
import { levelScoreDays } from '../level-score-days.ts'
import { between, defineTable, unique, withLookback } from '../table.ts'
import { stockLevelMicrostructure } from './stock_level_microstructure.ts'

/** 价位评分 S_L (spec microstructure §9.4) before it is compared: the tests of the last 20 trading days of a level, recent and well-traded ones weighing more. */
export const dwsLevelScore = defineTable({
  name: 'dws_level_score',
  layer: 'dws',
  label: { zh: '价位评分（未比较）', en: 'Level scores, raw' },
  about: 'One row per stock, day and level with a scored test in the last 20 trading days. Where it stands in history is in stock_level_score_daily.',
  grain: ['trade_date', 'ts_code', 'level_id'],
  partition: 'year',
  columns: {
    trade_date: date('交易日', 'Trade date'),
    ts_code: code('证券代码', 'Code'),
    level_id: text('价位编号', 'Level id'),
    level_type: category('类型', 'Type', { about: 'At the last test.' }),
    support_absorption_score_L: nullable(score('支撑承接分', 'Support absorption')),
    resistance_sell_absorption_score_L: nullable(score('阻力抛压分', 'Resistance selling')),
    flip_support_score_L: nullable(score('翻转支撑分', 'Flip support')),
    n_tests_support: count('支撑测试数', 'Support tests'),
    n_tests_resistance: count('阻力测试数', 'Resistance tests'),
    n_tests_flip: count('翻转测试数', 'Flip tests'),
    weight_sum: number('权重和', 'Sum of weights', { about: 'Of all scored tests, without the neutral prior of 1.' }),
    last_test_date: date('最近测试日', 'Last test'),
    param_set_id: text('参数集', 'Parameter set'),
  },
  inputs: [withLookback(stockLevelMicrostructure, 19), withLookback(dwdDaily, 20, { strength: 'soft' })],
  build: { by: 'compute', version: '1', compute: levelScoreDays },
  audits: [
    unique('trade_date', 'ts_code', 'level_id'),
    between('support_absorption_score_L', 0, 1),
    between('resistance_sell_absorption_score_L', 0, 1),
    between('flip_support_score_L', 0, 1),
  ],
  readyAt: '18:45',
})
