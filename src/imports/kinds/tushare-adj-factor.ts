import { allAre } from '../daily-shape.ts'
import { instrumentOf } from '../instrument.ts'
import { codeOf, pastDate, priceField, vendorTable } from '../vendor-table.ts'

/** TuShare 复权因子 of stocks. */
export const tushareAdjFactor = vendorTable({
  name: 'tushare_adj_factor',
  label: { zh: 'TuShare 复权因子', en: 'TuShare adjustment factors' },
  about: 'TuShare adj_factor: ts_code,trade_date,adj_factor of stocks.',
  table: 'ods_adj_factor',
  fields: { trade_date: pastDate('trade_date'), ts_code: codeOf((code) => instrumentOf(code) === 'stock', 'ts_code'), adj_factor: priceField('adj_factor') },
  fits: (sample) => allAre('stock', sample),
})
