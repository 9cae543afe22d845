import { category, code, date, nullable, text } from '../column.ts'
import { defineTable, holds, unique } from '../table.ts'

/** 每日停复牌: suspensions and resumptions. Spec warehouse-ods §5.17. */
export const odsSuspendD = defineTable({
  name: 'ods_suspend_d',
  layer: 'ods',
  label: { zh: '停复牌', en: 'Suspensions' },
  about: 'One row per stock, day and suspension window; an empty window is the whole day.',
  grain: ['trade_date', 'ts_code', 'suspend_type', 'suspend_timing_key'],
  partition: 'year',
  columns: {
    trade_date: date('交易日', 'Trade date'),
    ts_code: code('证券代码', 'Code'),
    suspend_type: category('类型', 'Type', { about: 'S = suspended, R = resumed' }),
    suspend_timing: nullable(text('停牌时段', 'Window', { about: 'NULL = whole day, else text such as 09:30-10:00' })),
    suspend_timing_key: text('时段键', 'Window key', { about: 'The window, or an empty text for the whole day.' }),
  },
  inputs: [],
  build: { by: 'fetch' },
  audits: [
    { ...unique('trade_date', 'ts_code', 'suspend_type', 'suspend_timing_key'), severity: 'warning' },
    holds('known_type', "suspend_type in ('S', 'R')", 'trade_date, ts_code, suspend_type'),
  ],
  readyAt: '09:00',
})
