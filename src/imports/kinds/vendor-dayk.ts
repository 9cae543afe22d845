import { daykKind } from '../dayk.ts'

/** 日K (不复权) of the tick vendor: no previous close, volume in shares. */
export const vendorDayk = daykKind({
  name: 'vendor_dayk',
  label: { zh: '日K (不复权)', en: 'Vendor daily bars, unadjusted' },
  about: 'timestamp,code,low,open,close,high,volume (shares),turnover (CNY),securityId: unadjusted daily bars without previous close.',
  table: 'ods_daily',
  hasFactor: false,
})
