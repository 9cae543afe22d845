import { code, date, nullable, number, price, share } from '../column.ts'
import { defineTable, holds, unique } from '../table.ts'

/** 每日指标: valuation, turnover and share capital of the day, vendor units. Spec warehouse-ods §5.5. */
export const odsDailyBasic = defineTable({
  name: 'ods_daily_basic',
  layer: 'ods',
  label: { zh: '每日指标', en: 'Daily valuation' },
  about: 'One row of valuation, turnover and share capital per stock and trading day.',
  grain: ['trade_date', 'ts_code'],
  partition: 'year',
  columns: {
    trade_date: date('交易日', 'Trade date'),
    ts_code: code('证券代码', 'Code'),
    close: nullable(price('收盘价', 'Close')),
    turnover_rate: nullable(number('换手率', 'Turnover rate', { unit: '%', about: 'Against floating shares.' })),
    turnover_rate_f: nullable(number('自由流通换手率', 'Turnover rate, free float', { unit: '%' })),
    volume_ratio: nullable(number('量比', 'Volume ratio', { unit: '×' })),
    pe: nullable(number('市盈率', 'P/E', { unit: '×', about: 'NULL when earnings are not positive.' })),
    pe_ttm: nullable(number('市盈率TTM', 'P/E TTM', { unit: '×', about: 'NULL when earnings are not positive.' })),
    pb: nullable(number('市净率', 'P/B', { unit: '×', about: 'Negative when equity is negative.' })),
    ps: nullable(number('市销率', 'P/S', { unit: '×' })),
    ps_ttm: nullable(number('市销率TTM', 'P/S TTM', { unit: '×' })),
    dv_ratio: nullable(number('股息率', 'Dividend yield', { unit: '%' })),
    dv_ttm: nullable(number('股息率TTM', 'Dividend yield TTM', { unit: '%' })),
    total_share: nullable(share('总股本', 'Total shares', { unit: '10,000 shares' })),
    float_share: nullable(share('流通股本', 'Floating shares', { unit: '10,000 shares' })),
    free_share: nullable(share('自由流通股本', 'Free-float shares', { unit: '10,000 shares' })),
    total_mv: nullable(number('总市值', 'Market value', { unit: '10,000 CNY' })),
    circ_mv: nullable(number('流通市值', 'Floating market value', { unit: '10,000 CNY' })),
    limit_status: nullable(number('涨跌停状态', 'Limit status', { about: 'Hidden vendor field; kept, never relied on.' })),
  },
  inputs: [],
  build: { by: 'fetch' },
  audits: [
    { ...unique('trade_date', 'ts_code'), severity: 'warning' },
    holds(
      'shares_in_order',
      'free_share <= float_share * 1.001 and float_share <= total_share * 1.001',
      'trade_date, ts_code, free_share, float_share, total_share',
      'warning',
    ),
    holds('turnover_not_negative', 'turnover_rate >= 0', 'trade_date, ts_code, turnover_rate', 'warning'),
  ],
  readyAt: '17:30',
})
