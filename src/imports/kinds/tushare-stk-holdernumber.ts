import { optionalNumber, pastDate, securityCode, vendorTable } from '../vendor-table.ts'

/** TuShare 股东人数. */
export const tushareStkHoldernumber = vendorTable({
  name: 'tushare_stk_holdernumber',
  label: { zh: 'TuShare 股东人数', en: 'TuShare number of shareholders' },
  about: 'TuShare stk_holdernumber: ts_code,ann_date,end_date,holder_num.',
  table: 'ods_stk_holdernumber',
  fields: { ts_code: securityCode('ts_code'), ann_date: pastDate('ann_date'), end_date: pastDate('end_date'), holder_num: optionalNumber('holder_num') },
  marks: [['holder_num']],
})
