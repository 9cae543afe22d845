import { cny, code, date, nullable, number, share } from '../column.ts'
import { defineTable, holds, unique } from '../table.ts'

/** 大盘指数每日指标: valuation, capital and turnover of an index. */
export const odsIndexDailybasic = defineTable({
  name: 'ods_index_dailybasic',
  layer: 'ods',
  label: { zh: '指数每日指标', en: 'Daily valuation of indices' },
  about: 'One row of market value, shares, turnover and valuation per index and day. This interface gives plain CNY and shares.',
  grain: ['trade_date', 'ts_code'],
  partition: 'year',
  columns: {
    trade_date: date('交易日', 'Trade date'),
    ts_code: code('指数代码', 'Index code'),
    total_mv: nullable(cny('总市值', 'Market value')),
    float_mv: nullable(cny('流通市值', 'Floating market value')),
    total_share: nullable(share('总股本', 'Total shares')),
    float_share: nullable(share('流通股本', 'Floating shares')),
    free_share: nullable(share('自由流通股本', 'Free-float shares')),
    turnover_rate: nullable(number('换手率', 'Turnover rate', { unit: '%' })),
    turnover_rate_f: nullable(number('自由流通换手率', 'Turnover rate, free float', { unit: '%' })),
    pe: nullable(number('市盈率', 'P/E', { unit: '×' })),
    pe_ttm: nullable(number('市盈率TTM', 'P/E TTM', { unit: '×' })),
    pb: nullable(number('市净率', 'P/B', { unit: '×' })),
  },
  inputs: [],
  build: { by: 'fetch' },
  audits: [
    { ...unique('trade_date', 'ts_code'), severity: 'warning' },
    holds('shares_in_order', 'float_share <= total_share * 1.001', 'trade_date, ts_code, float_share, total_share', 'warning'),
  ],
  readyAt: '17:30',
})
