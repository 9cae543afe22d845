import { category, code, count, date, nullable, price, ratio, text, yesno } from '../column.ts'
import { dimStock } from '../dim/dim_stock.ts'
import { dimTradeCal } from '../dim/dim_trade_cal.ts'
import { odsStockSt } from '../ods/ods_stock_st.ts'
import { labelDays } from '../label-days.ts'
import { defineTable, sameDay, unique, withLookback } from '../table.ts'
import { dwdDaily } from './dwd_daily.ts'

/** 个股标签: what the rules say of a stock on a day: board, risk warning, listing age, suspension and price limits (from core/rules, never coded here). */
export const dwdStockLabelDaily = defineTable({
  name: 'dwd_stock_label_daily',
  layer: 'dwd',
  label: { zh: '个股日标签', en: 'Daily stock labels' },
  about: 'One row per stock and market day from its first bar on, traded or suspended (up to 250 market days without a bar).',
  grain: ['trade_date', 'ts_code'],
  partition: 'year',
  columns: {
    trade_date: date('交易日', 'Trade date'),
    ts_code: code('证券代码', 'Code'),
    board: category('板', 'Board'),
    is_st: nullable(yesno('风险警示', 'Risk warning', { about: 'In ods_stock_st that day; unknown when the table has no rows for the day.' })),
    is_delisting: nullable(yesno('退市整理', 'Delisting arrangement', { about: 'Unknown until name history is imported.' })),
    list_days: count('上市天数', 'Days listed', { about: 'Market days since listing, listing day = 1; since the first bar known where the list date is not.' }),
    is_suspended: yesno('停牌', 'Suspended', { about: 'No own bar on the day (inferred).' }),
    suspend_days: count('停牌天数', 'Days suspended', { about: 'Consecutive market days without an own bar up to the day.' }),
    limit_pct: nullable(ratio('涨跌幅限制', 'Price limit')),
    no_limit_reason: nullable(text('无涨跌幅原因', 'Why no limit')),
    up_limit: nullable(price('涨停价', 'Upper limit')),
    down_limit: nullable(price('跌停价', 'Lower limit')),
    is_limit_up: nullable(yesno('收盘涨停', 'Closed at upper limit')),
    is_limit_down: nullable(yesno('收盘跌停', 'Closed at lower limit')),
  },
  inputs: [withLookback(dwdDaily, 'all'), sameDay(dimTradeCal), sameDay(dimStock, { strength: 'soft' }), sameDay(odsStockSt, { strength: 'soft' })],
  build: { by: 'compute', version: '1', compute: labelDays },
  audits: [unique('trade_date', 'ts_code')],
  readyAt: '17:05',
})
