import { code, date, number } from '../column.ts'
import { defineTable, holds, unique } from '../table.ts'

/** 指数成分和权重: the weights of the members of an index at the end of a month. Spec warehouse-ods §5.21. */
export const odsIndexWeight = defineTable({
  name: 'ods_index_weight',
  layer: 'ods',
  label: { zh: '指数权重', en: 'Index weights' },
  about: 'One row per index, month and member, under the month’s last open day.',
  grain: ['index_code', 'trade_date', 'con_code'],
  partition: 'none',
  columns: {
    index_code: code('指数代码', 'Index code'),
    trade_date: date('交易日', 'Trade date'),
    con_code: code('成分代码', 'Member code'),
    weight: number('权重', 'Weight', { unit: '%' }),
  },
  inputs: [],
  build: { by: 'fetch' },
  audits: [
    { ...unique('index_code', 'trade_date', 'con_code'), severity: 'warning' },
    holds('weight_in_percent', 'weight >= 0 and weight <= 100', 'index_code, trade_date, con_code, weight'),
    {
      name: 'weights_add_up',
      severity: 'warning',
      rule: 'the weights of an index add up to 100 to within 1',
      sql: 'select index_code, trade_date, sum(weight) as total from {table} group by index_code, trade_date having abs(total - 100) > 1',
    },
  ],
  readyAt: '18:00',
})
