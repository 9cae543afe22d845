import { date, nullable, number } from '../column.ts'
import { defineTable, holds, unique } from '../table.ts'

/** 沪深港通资金流向: northbound and southbound flows. The exchanges stopped publishing daily northbound net purchases on 2024-08-19. */
export const odsMoneyflowHsgt = defineTable({
  name: 'ods_moneyflow_hsgt',
  layer: 'ods',
  label: { zh: '沪深港通资金流向', en: 'Stock Connect flows' },
  about: 'One row of northbound and southbound flows per day, in million CNY (southbound in million HKD where the vendor says so).',
  grain: ['trade_date'],
  partition: 'none',
  columns: {
    trade_date: date('交易日', 'Trade date'),
    ggt_ss: nullable(number('港股通(沪)', 'Southbound, Shanghai', { unit: 'million CNY' })),
    ggt_sz: nullable(number('港股通(深)', 'Southbound, Shenzhen', { unit: 'million CNY' })),
    hgt: nullable(number('沪股通', 'Northbound, Shanghai', { unit: 'million CNY' })),
    sgt: nullable(number('深股通', 'Northbound, Shenzhen', { unit: 'million CNY' })),
    north_money: nullable(number('北向资金', 'Northbound', { unit: 'million CNY', about: 'hgt + sgt' })),
    south_money: nullable(number('南向资金', 'Southbound', { unit: 'million CNY', about: 'ggt_ss + ggt_sz' })),
  },
  inputs: [],
  build: { by: 'fetch' },
  audits: [
    { ...unique('trade_date'), severity: 'warning' },
    holds('north_adds_up', 'abs(north_money - hgt - sgt) <= 0.02', 'trade_date, north_money, hgt, sgt', 'warning'),
  ],
  readyAt: '18:00',
})
