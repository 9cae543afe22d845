import { cny, date, nullable, number } from '../column.ts'
import { defineTable, holds, unique } from '../table.ts'

/** 大盘资金流向 (东方财富口径): net inflow of the whole market by order size. Plain CNY, unlike the stock-level money flow. */
export const odsMoneyflowMktDc = defineTable({
  name: 'ods_moneyflow_mkt_dc',
  layer: 'ods',
  label: { zh: '大盘资金流向', en: 'Market money flow' },
  about: 'One row per day: the two composite indices and the market’s net inflow by order size.',
  grain: ['trade_date'],
  partition: 'none',
  columns: {
    trade_date: date('交易日', 'Trade date'),
    close_sh: nullable(number('上证收盘', 'SSE Composite close', { unit: 'points' })),
    pct_change_sh: nullable(number('上证涨跌幅', 'SSE Composite change', { unit: '%' })),
    close_sz: nullable(number('深证收盘', 'SZSE Component close', { unit: 'points' })),
    pct_change_sz: nullable(number('深证涨跌幅', 'SZSE Component change', { unit: '%' })),
    net_amount: nullable(cny('主力净流入', 'Net inflow, main force')),
    net_amount_rate: nullable(number('主力净流入占比', 'Net inflow, main force, of turnover', { unit: '%' })),
    buy_elg_amount: nullable(cny('超大单净流入', 'Net inflow, extra large')),
    buy_elg_amount_rate: nullable(number('超大单净流入占比', 'Net inflow, extra large, of turnover', { unit: '%' })),
    buy_lg_amount: nullable(cny('大单净流入', 'Net inflow, large')),
    buy_lg_amount_rate: nullable(number('大单净流入占比', 'Net inflow, large, of turnover', { unit: '%' })),
    buy_md_amount: nullable(cny('中单净流入', 'Net inflow, medium')),
    buy_md_amount_rate: nullable(number('中单净流入占比', 'Net inflow, medium, of turnover', { unit: '%' })),
    buy_sm_amount: nullable(cny('小单净流入', 'Net inflow, small')),
    buy_sm_amount_rate: nullable(number('小单净流入占比', 'Net inflow, small, of turnover', { unit: '%' })),
  },
  inputs: [],
  build: { by: 'fetch' },
  audits: [
    { ...unique('trade_date'), severity: 'warning' },
    // The vendor stores money in single precision: the parts agree with the whole to about seven digits.
    holds(
      'parts_add_up',
      'abs(net_amount - buy_elg_amount - buy_lg_amount) <= 1e5 + 1e-5 * abs(net_amount)',
      'trade_date, net_amount, buy_elg_amount, buy_lg_amount',
      'warning',
    ),
  ],
  readyAt: '19:00',
})
