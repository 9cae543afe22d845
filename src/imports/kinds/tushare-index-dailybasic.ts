import { allAre } from '../daily-shape.ts'
import { indexCode, optionalNumbersNamed, pastDate, vendorTable } from '../vendor-table.ts'

/** TuShare 大盘指数每日指标: plain CNY and shares. */
export const tushareIndexDailybasic = vendorTable({
  name: 'tushare_index_dailybasic',
  label: { zh: 'TuShare 指数每日指标', en: 'TuShare daily valuation of indices' },
  about: 'TuShare index_dailybasic: market values (CNY), shares, turnover (%), PE and PB of an index.',
  table: 'ods_index_dailybasic',
  fields: {
    trade_date: pastDate('trade_date'),
    ts_code: indexCode('ts_code'),
    ...optionalNumbersNamed('total_mv', 'float_mv', 'total_share', 'float_share', 'free_share', 'turnover_rate', 'turnover_rate_f', 'pe', 'pe_ttm', 'pb'),
  },
  marks: [['float_mv']],
  fits: (sample) => allAre('index', sample),
})
