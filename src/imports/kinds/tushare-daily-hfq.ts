import { adjustmentNamed, allAre, dailyFields } from '../daily-shape.ts'
import { securityCode, vendorTable } from '../vendor-table.ts'

/** TuShare 日线 (后复权). The header is that of unadjusted bars: the name of the file must say hfq, or `--kind` must. */
export const tushareDailyHfq = vendorTable({
  name: 'tushare_daily_hfq',
  label: { zh: 'TuShare 日线 (后复权)', en: 'TuShare daily bars, back-adjusted' },
  about: 'TuShare pro_bar(adj=hfq): as tushare_daily, with back-adjusted prices; vol (lots) and amount (thousand CNY) unadjusted.',
  table: 'ods_daily_hfq',
  fields: { ...dailyFields, ts_code: securityCode('ts_code') },
  fits: (sample, context) => allAre('stock', sample) && adjustmentNamed(context) === 'hfq',
})
