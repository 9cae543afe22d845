import { adjustmentNamed, allAre, dailyFields, isOnGrid, rejectOffGrid } from '../daily-shape.ts'
import { optionalNumber, securityCode, vendorTable } from '../vendor-table.ts'

/** TuShare 日线 (不复权). Told from adjusted files by the name, or by prices on the 0.01 grid; rows off it are rejected. */
export const tushareDaily = vendorTable({
  name: 'tushare_daily',
  label: { zh: 'TuShare 日线 (不复权)', en: 'TuShare daily bars, unadjusted' },
  about: 'TuShare daily: ts_code,trade_date,open,high,low,close,pre_close,…,vol (lots),amount (thousand CNY); unadjusted prices.',
  table: 'ods_daily',
  fields: { ...dailyFields, ts_code: securityCode('ts_code'), ah_vol: optionalNumber('ah_vol'), ah_amount: optionalNumber('ah_amount') },
  fits: (sample, context) => allAre('stock', sample) && (adjustmentNamed(context) ?? (isOnGrid(sample) ? 'raw' : undefined)) === 'raw',
  check: rejectOffGrid,
})
