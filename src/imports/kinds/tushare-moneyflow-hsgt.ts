import { optionalNumbersNamed, pastDate, vendorTable } from '../vendor-table.ts'

/** TuShare 沪深港通资金流向. */
export const tushareMoneyflowHsgt = vendorTable({
  name: 'tushare_moneyflow_hsgt',
  label: { zh: 'TuShare 沪深港通资金流向', en: 'TuShare Stock Connect flows' },
  about: 'TuShare moneyflow_hsgt: northbound and southbound flows (million CNY).',
  table: 'ods_moneyflow_hsgt',
  fields: { trade_date: pastDate('trade_date'), ...optionalNumbersNamed('ggt_ss', 'ggt_sz', 'hgt', 'sgt', 'north_money', 'south_money') },
  marks: [['north_money', 'hgt']],
})
