import { allAre } from '../daily-shape.ts'
import { indexCode, optionalNumber, optionalNumbersNamed, pastDate, priceField, vendorTable } from '../vendor-table.ts'

/** TuShare 指数日线: the header of stocks, codes of indices. */
export const tushareIndexDaily = vendorTable({
  name: 'tushare_index_daily',
  label: { zh: 'TuShare 指数日线', en: 'TuShare daily bars of indices' },
  about: 'TuShare index_daily: points, vol (lots), amount (thousand CNY).',
  table: 'ods_index_daily',
  fields: {
    trade_date: pastDate('trade_date'),
    ts_code: indexCode('ts_code'),
    close: priceField('close'),
    ...optionalNumbersNamed('open', 'high', 'low', 'pre_close', 'change', 'vol', 'amount'),
    pct_chg: optionalNumber('pct_chg', 'pct_change'),
  },
  marks: [['open'], ['pre_close', 'pct_chg']],
  fits: (sample) => allAre('index', sample),
})
