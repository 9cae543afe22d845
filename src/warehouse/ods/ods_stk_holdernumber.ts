import { code, date, nullable, number } from '../column.ts'
import { defineTable, holds, unique } from '../table.ts'

/** 股东人数: number of shareholders at a date, as announced. The same date may be announced twice (report, then exchange filing). */
export const odsStkHoldernumber = defineTable({
  name: 'ods_stk_holdernumber',
  layer: 'ods',
  label: { zh: '股东人数', en: 'Number of shareholders' },
  about: 'One row per stock, count date and announcement. Known from the trading day after ann_date.',
  grain: ['ts_code', 'end_date', 'ann_date'],
  partition: 'none',
  columns: {
    ts_code: code('证券代码', 'Code'),
    ann_date: date('公告日', 'Announcement date'),
    end_date: date('截止日', 'Count date'),
    holder_num: nullable(number('股东户数', 'Shareholders', { unit: 'count' })),
  },
  inputs: [],
  build: { by: 'fetch' },
  audits: [
    { ...unique('ts_code', 'end_date', 'ann_date'), severity: 'warning' },
    holds('announced_after_count', 'ann_date >= end_date', 'ts_code, end_date, ann_date', 'warning'),
  ],
  readyAt: '+1 08:00',
})
