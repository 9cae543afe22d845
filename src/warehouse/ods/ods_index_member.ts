import { code, date, nullable, text } from '../column.ts'
import { defineTable, unique } from '../table.ts'

/** 指数成分: the members of an index as the vendor lists them on a date. */
export const odsIndexMember = defineTable({
  name: 'ods_index_member',
  layer: 'ods',
  label: { zh: '指数成分', en: 'Index members' },
  about: 'One row per index, list date and member. The list holds until the next one; nothing is known before the first.',
  grain: ['trade_date', 'index_code', 'ts_code'],
  partition: 'none',
  columns: {
    trade_date: date('更新日期', 'List date'),
    index_code: code('指数代码', 'Index code'),
    ts_code: code('成分代码', 'Member code'),
    name: nullable(text('名称', 'Name')),
  },
  inputs: [],
  build: { by: 'fetch' },
  audits: [{ ...unique('trade_date', 'index_code', 'ts_code'), severity: 'warning' }],
  readyAt: '17:00',
})
