import { category, code, date, json, nullable, price, score, text } from '../column.ts'
import { defineTable, unique } from '../table.ts'

/** 外部价位表: price levels a user brings (spec microstructure §8). They are tested like our own and carry `source = 'import'`. */
export const odsPriceLevel = defineTable({
  name: 'ods_price_level',
  layer: 'ods',
  label: { zh: '外部价位', en: 'External price levels' },
  about: 'One row per stock, calculation date and level, as imported. The level is in the unadjusted price scale of its calculation date.',
  grain: ['trade_date', 'ts_code', 'level_id'],
  partition: 'year',
  columns: {
    trade_date: date('计算日', 'Calculation date'),
    ts_code: code('证券代码', 'Code'),
    level_id: text('价位编号', 'Level id'),
    level_price: price('价位', 'Level'),
    level_type: category('类型', 'Type', { about: 'support, resistance or flip.' }),
    flip_dir: nullable(category('翻转方向', 'Flip')),
    break_date: nullable(date('突破日', 'Break date')),
    strength: nullable(score('强度', 'Strength', { about: '0 to 1; unknown counts as 0.5.' })),
    remarks: nullable(json('其他列', 'Other columns', { about: 'Columns of the file that have no place here.' })),
  },
  inputs: [],
  build: { by: 'fetch' },
  audits: [unique('trade_date', 'ts_code', 'level_id')],
  readyAt: '16:00',
})
