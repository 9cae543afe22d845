import { allAre, dailyFields } from '../daily-shape.ts'
import { instrumentOf } from '../instrument.ts'
import { codeOf, vendorTable } from '../vendor-table.ts'

/** TuShare 场内基金日线: the header of stocks, codes of funds. */
export const tushareFundDaily = vendorTable({
  name: 'tushare_fund_daily',
  label: { zh: 'TuShare 场内基金日线', en: 'TuShare daily bars of listed funds' },
  about: 'TuShare fund_daily: unadjusted bars of ETF and LOF, vol (lots), amount (thousand CNY).',
  table: 'ods_fund_daily',
  fields: { ...dailyFields, ts_code: codeOf((code) => instrumentOf(code) === 'fund', 'ts_code') },
  fits: (sample) => allAre('fund', sample),
})
