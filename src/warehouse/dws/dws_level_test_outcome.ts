import { code, count, date, nullable, price, ratio, text } from '../column.ts'
import { dwdStockDailyStandard } from '../dwd/dwd_stock_daily_standard.ts'
import { between, defineTable, unique, withLookback } from '../table.ts'
import { stockLevelMicrostructure } from './stock_level_microstructure.ts'

/**
 * 价位测试次日结果: how a level test turned out by the stock's next close. A row of its own day, because only then it is known: the test itself never changes,
 * and no score reads this (spec microstructure §9.2, future_return_1d).
 */
export const dwsLevelTestOutcome = defineTable({
  name: 'dws_level_test_outcome',
  layer: 'dws',
  label: { zh: '价位测试次日结果', en: 'Level test outcomes' },
  about: 'One row per test whose next own bar, within ten calendar days, is the trade date. The test lies on test_date. For evaluation only.',
  grain: ['trade_date', 'ts_code', 'test_date', 'level_id', 'test_id'],
  partition: 'year',
  columns: {
    trade_date: date('可知日', 'Known on'),
    ts_code: code('证券代码', 'Code'),
    test_date: date('测试日', 'Test date'),
    level_id: text('价位编号', 'Level id'),
    test_id: count('测试序号', 'Test'),
    p_exit: price('离开价', 'Exit price', { about: 'In the price scale of the test date.' }),
    future_return_1d: nullable(ratio('次日收益', 'Return by the next close', { about: 'Adjusted close of the trade date / exit price - 1.' })),
  },
  inputs: [withLookback(stockLevelMicrostructure, 10, { strength: 'soft' }), withLookback(dwdStockDailyStandard, 10)],
  build: { by: 'sql', version: '1' },
  audits: [unique('trade_date', 'ts_code', 'test_date', 'level_id', 'test_id'), between('future_return_1d', -1, 10, 'warning')],
  readyAt: '19:00',
})
