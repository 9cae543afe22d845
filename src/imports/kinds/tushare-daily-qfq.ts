import { adjustmentNamed, allAre, dailyFields } from '../daily-shape.ts'
import { securityCode, vendorTable } from '../vendor-table.ts'

/** TuShare 日线 (前复权). The header is that of unadjusted bars: the name of the file must say qfq, or `--kind` must. */
export const tushareDailyQfq = vendorTable({
  name: 'tushare_daily_qfq',
  label: { zh: 'TuShare 日线 (前复权)', en: 'TuShare daily bars, forward-adjusted' },
  about: 'TuShare pro_bar(adj=qfq): as tushare_daily, with forward-adjusted prices; vol (lots) and amount (thousand CNY) unadjusted.',
  table: 'ods_daily_qfq',
  fields: { ...dailyFields, ts_code: securityCode('ts_code') },
  fits: (sample, context) => allAre('stock', sample) && adjustmentNamed(context) === 'qfq',
})
