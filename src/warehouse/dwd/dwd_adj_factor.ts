import { code, date, number, text, yesno } from '../column.ts'
import { odsAdjFactor } from '../ods/ods_adj_factor.ts'
import { between, defineTable, unique, withLookback } from '../table.ts'
import { dwdDaily } from './dwd_daily.ts'

/** 复权因子: the cumulative back-adjustment factor on every own bar, known at that day's close and never changed by later corporate actions. */
export const dwdAdjFactor = defineTable({
  name: 'dwd_adj_factor',
  layer: 'dwd',
  label: { zh: '复权因子', en: 'Adjustment factors' },
  about: 'One row per stock and own bar: the vendor factor from the day there is one, before it the running product of previous close / reference price.',
  grain: ['trade_date', 'ts_code'],
  partition: 'year',
  columns: {
    trade_date: date('交易日', 'Trade date'),
    ts_code: code('证券代码', 'Code'),
    adj_factor: number('复权因子', 'Adjustment factor', { about: 'price × factor = back-adjusted price.' }),
    origin: text('来源', 'Origin', {
      about:
        'vendor = ods_adj_factor (scaled to go on from the chain when bars lie before it); implied = product of close(previous)/pre_close; none = bars are already forward-adjusted.',
    }),
    is_filled: yesno('是否补齐', 'Filled', { about: '1 when the vendor gave no factor for the day and the last known one was carried.' }),
  },
  inputs: [withLookback(dwdDaily, 'all'), withLookback(odsAdjFactor, 'all', { strength: 'soft' })],
  build: { by: 'sql', version: '1' },
  audits: [unique('trade_date', 'ts_code'), between('adj_factor', 1e-6, 1e6)],
  readyAt: '17:30',
})
