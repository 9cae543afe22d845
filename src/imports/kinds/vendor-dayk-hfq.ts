import { daykKind } from '../dayk.ts'

/** 日K (后复权) of the tick vendor: told by its factor column, which also fills ods_adj_factor. */
export const vendorDaykHfq = daykKind({
  name: 'vendor_dayk_hfq',
  label: { zh: '日K (后复权)', en: 'Vendor daily bars, back-adjusted' },
  about: 'As vendor_dayk with back-adjusted prices and the cumulative factor.',
  table: 'ods_daily_hfq',
  hasFactor: true,
})
