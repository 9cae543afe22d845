import { code, date, nullable, text } from '../column.ts'
import { defineTable, holds, unique } from '../table.ts'

/** 股票曾用名: the short names of a stock and when each was shown. Spec warehouse-ods §5.19. */
export const odsNamechange = defineTable({
  name: 'ods_namechange',
  layer: 'ods',
  label: { zh: '股票曾用名', en: 'Former names' },
  about: 'One row per stock and name, from the first day it was shown to the last calendar day before the next one.',
  grain: ['ts_code', 'start_date', 'name'],
  partition: 'none',
  columns: {
    ts_code: code('证券代码', 'Code'),
    name: text('证券简称', 'Name'),
    start_date: date('开始日期', 'From'),
    end_date: nullable(date('结束日期', 'To', { about: 'Last calendar day, included; NULL = still shown.' })),
    ann_date: nullable(date('公告日期', 'Announced')),
    change_reason: nullable(text('变更原因', 'Reason')),
  },
  inputs: [],
  build: { by: 'fetch' },
  audits: [
    { ...unique('ts_code', 'start_date', 'name'), severity: 'warning' },
    holds('ends_after_it_begins', 'end_date >= start_date', 'ts_code, name, start_date, end_date'),
  ],
  readyAt: '09:20',
})
