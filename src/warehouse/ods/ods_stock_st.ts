import { category, code, date, nullable, text } from '../column.ts'
import { defineTable, unique } from '../table.ts'

/** 风险警示股票: the stocks under special treatment (ST, *ST) on a day. Spec warehouse-ods §5.19. */
export const odsStockSt = defineTable({
  name: 'ods_stock_st',
  layer: 'ods',
  label: { zh: '风险警示', en: 'Special treatment' },
  about: 'One row per stock and day under special treatment. Absence means "not ST" only where the day’s list is complete.',
  grain: ['trade_date', 'ts_code'],
  partition: 'year',
  columns: {
    trade_date: date('交易日', 'Trade date'),
    ts_code: code('证券代码', 'Code'),
    name: nullable(text('名称', 'Name')),
    type: category('类型', 'Type', { about: 'ST, *ST, …; plain ST when the vendor gives only a flag.' }),
    type_name: nullable(text('类型名称', 'Type in words')),
  },
  inputs: [],
  build: { by: 'fetch' },
  audits: [{ ...unique('trade_date', 'ts_code'), severity: 'warning' }],
  readyAt: '09:20',
})
