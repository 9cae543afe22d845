import { allAre } from '../daily-shape.ts'
import { instrumentOf } from '../instrument.ts'
import { codeOf, pastDate, priceField, vendorTable } from '../vendor-table.ts'

/** TuShare 基金复权因子: the header of stocks, codes of funds. */
export const tushareFundAdj = vendorTable({
  name: 'tushare_fund_adj',
  label: { zh: 'TuShare 基金复权因子', en: 'TuShare adjustment factors of funds' },
  about: 'TuShare fund_adj: ts_code,trade_date,adj_factor of listed funds.',
  table: 'ods_fund_adj',
  fields: { trade_date: pastDate('trade_date'), ts_code: codeOf((code) => instrumentOf(code) === 'fund', 'ts_code'), adj_factor: priceField('adj_factor') },
  fits: (sample) => allAre('fund', sample),
})
