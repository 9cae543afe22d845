import { code, date, number, price } from '../column.ts'
import { defineTable, holds, unique } from '../table.ts'

/** 筹码分布: what share of a stock's chips was bought at which price, on the price basis of the day itself. Spec warehouse-ods §5.14. */
export const odsCyqChips = defineTable({
  name: 'ods_cyq_chips',
  layer: 'ods',
  label: { zh: '筹码分布', en: 'Chip distribution' },
  about: 'One row per stock, day and price with chips. A snapshot of its date, never comparable across ex-dates; kept for a few days only.',
  grain: ['trade_date', 'ts_code', 'price'],
  unit: ['trade_date', 'ts_code'],
  partition: 'month',
  columns: {
    trade_date: date('交易日', 'Trade date'),
    ts_code: code('证券代码', 'Code'),
    price: price('成本价格', 'Cost'),
    percent: number('筹码占比', 'Share of chips', { unit: '%' }),
  },
  inputs: [],
  build: { by: 'fetch' },
  audits: [
    { ...unique('trade_date', 'ts_code', 'price'), severity: 'warning' },
    holds('share_in_percent', 'price > 0 and percent between 0 and 100', 'trade_date, ts_code, price, percent'),
    {
      name: 'shares_add_up',
      severity: 'warning',
      rule: 'the shares of a stock-day add up to 100 to within 1',
      sql: 'select trade_date, ts_code, sum(percent) as total from {table} group by trade_date, ts_code having abs(total - 100) > 1',
    },
  ],
  readyAt: '19:30',
})
