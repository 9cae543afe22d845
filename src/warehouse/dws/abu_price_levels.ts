import { category, count, date, code, json, nullable, price, score, text } from '../column.ts'
import { dwdStockDailyStandard } from '../dwd/dwd_stock_daily_standard.ts'
import { odsPriceLevel } from '../ods/ods_price_level.ts'
import { odsTick } from '../ods/ods_tick.ts'
import { priceLevelDays } from '../price-level-days.ts'
import { between, defineTable, holds, sameDay, unique, withLookback } from '../table.ts'

/** 关键价位 (spec microstructure §8): where confirmed swings of the last 250 bars cluster. Known after the close of the day; tests of a day use an earlier one's. */
export const abuPriceLevels = defineTable({
  name: 'abu_price_levels',
  layer: 'dws',
  label: { zh: '关键价位', en: 'Price levels' },
  about:
    'One row per stock, calculation day and level. Calculated on the last trading day of each week and on every day with ticks; imported levels beside them.',
  grain: ['trade_date', 'ts_code', 'level_id'],
  partition: 'year',
  columns: {
    trade_date: date('计算日', 'Calculation date'),
    ts_code: code('证券代码', 'Code'),
    level_id: text('价位编号', 'Level id', {
      about: 'Hash of the oldest member swing; kept while a level of the next calculation day shares a member and lies within tol.',
    }),
    calc_date: date('计算日', 'Calculation date', { about: 'The same as trade_date, under its promised name.' }),
    level_price: price('价位', 'Level', { about: 'In the unadjusted price scale of the calculation date, on the tick.' }),
    level_type: category('类型', 'Type', { about: 'support, resistance, or flip: former resistance now support.' }),
    flip_dir: nullable(category('翻转方向', 'Flip', { about: 'R2S: resistance became support. S2R: support became resistance.' })),
    break_date: nullable(date('突破日', 'Break date')),
    strength: score('强度', 'Strength', {
      about: '0.5 (1 - exp(-W/2)) + 0.3 (held+1)/(held+broken+2) + 0.2 · 0.5^(days since last touch / 60). Display and loose bounds only.',
    }),
    n_swings: count('摆点数', 'Swings'),
    touched: count('触及次数', 'Touches'),
    held: count('守住次数', 'Held'),
    broken: count('击穿次数', 'Broken'),
    first_date: date('首个摆点日', 'First swing'),
    last_touch: nullable(date('最近触及日', 'Last touch')),
    tol: price('聚类容差', 'Tolerance'),
    members_json: json('成员摆点', 'Member swings', { about: 'date, side, price (in the scale of the calculation date) and weight of each swing.' }),
    source: category('来源', 'Source', { about: 'swings = found here; import = an external level table.' }),
    param_set_id: text('参数集', 'Parameter set'),
  },
  inputs: [withLookback(dwdStockDailyStandard, 400), sameDay(odsTick, { strength: 'soft' }), sameDay(odsPriceLevel, { strength: 'soft' })],
  build: { by: 'compute', version: '1', compute: priceLevelDays },
  chained: true,
  audits: [
    unique('trade_date', 'ts_code', 'level_id'),
    between('strength', 0, 1),
    holds('on_a_side', "level_type in ('support', 'resistance', 'flip')", 'trade_date, ts_code, level_id, level_type'),
  ],
  readyAt: '18:00',
})
