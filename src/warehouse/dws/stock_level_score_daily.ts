import { category, code, count, date, nullable, number, ratio, score, text } from '../column.ts'
import { levelPercentileDays } from '../level-percentile-days.ts'
import { between, defineTable, sameDay, unique, withLookback } from '../table.ts'
import { dwsLevelScore } from './dws_level_score.ts'
import { stockActivePool } from './stock_active_pool.ts'

/** 价位承接评分 (spec microstructure §9.4): the level scores of a day and where they stand in history. Levels without a test in the window have no row, not 0.5. */
export const stockLevelScoreDaily = defineTable({
  name: 'stock_level_score_daily',
  layer: 'dws',
  label: { zh: '价位承接评分', en: 'Level scores' },
  about:
    'One row per stock, day and level tested in the last 20 trading days. Percentiles against earlier days only: the stock’s own 250 days where 30 values are known, else the pool’s 60 days where 100 are.',
  grain: ['trade_date', 'ts_code', 'level_id'],
  partition: 'year',
  columns: {
    trade_date: date('交易日', 'Trade date'),
    ts_code: code('证券代码', 'Code'),
    level_id: text('价位编号', 'Level id'),
    level_type: category('类型', 'Type'),
    support_absorption_score_L: nullable(score('支撑承接分', 'Support absorption')),
    support_pct: nullable(ratio('支撑承接分位', 'Support percentile')),
    resistance_sell_absorption_score_L: nullable(score('阻力抛压分', 'Resistance selling')),
    resistance_pct: nullable(ratio('阻力抛压分位', 'Resistance percentile')),
    flip_support_score_L: nullable(score('翻转支撑分', 'Flip support')),
    flip_pct: nullable(ratio('翻转支撑分位', 'Flip percentile')),
    pct_ref: nullable(category('分位参照', 'Percentile reference', { about: 'own, cross, or unknown where there is too little history.' })),
    n_tests_support: count('支撑测试数', 'Support tests'),
    n_tests_resistance: count('阻力测试数', 'Resistance tests'),
    n_tests_flip: count('翻转测试数', 'Flip tests'),
    weight_sum: number('权重和', 'Sum of weights'),
    last_test_date: date('最近测试日', 'Last test'),
    param_set_id: text('参数集', 'Parameter set'),
  },
  inputs: [withLookback(dwsLevelScore, 250), sameDay(stockActivePool, { strength: 'soft' })],
  build: { by: 'compute', version: '1', compute: levelPercentileDays },
  audits: [unique('trade_date', 'ts_code', 'level_id'), between('support_pct', 0, 1), between('resistance_pct', 0, 1), between('flip_pct', 0, 1)],
  readyAt: '18:50',
})
