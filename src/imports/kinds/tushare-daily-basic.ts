import { allAre } from '../daily-shape.ts'
import { optionalNumbersNamed, pastDate, securityCode, vendorTable } from '../vendor-table.ts'

/** TuShare 每日指标. */
export const tushareDailyBasic = vendorTable({
  name: 'tushare_daily_basic',
  label: { zh: 'TuShare 每日指标', en: 'TuShare daily valuation' },
  about: 'TuShare daily_basic: turnover (%), PE/PB/PS, shares (10,000), market values (10,000 CNY).',
  table: 'ods_daily_basic',
  fields: {
    trade_date: pastDate('trade_date'),
    ts_code: securityCode('ts_code'),
    ...optionalNumbersNamed('close', 'turnover_rate', 'turnover_rate_f', 'volume_ratio', 'pe', 'pe_ttm', 'pb', 'ps', 'ps_ttm', 'dv_ratio', 'dv_ttm'),
    ...optionalNumbersNamed('total_share', 'float_share', 'free_share', 'total_mv', 'circ_mv', 'limit_status'),
  },
  marks: [['turnover_rate', 'circ_mv', 'ps_ttm', 'volume_ratio']],
  fits: (sample) => !allAre('index', sample),
})
