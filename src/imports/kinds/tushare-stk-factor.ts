import { toLabels } from '#core/frame.ts'
import { cellsOf } from '../header.ts'
import { optionalNumber, optionalNumbersNamed, pastDate, securityCode, vendorTable } from '../vendor-table.ts'

const indicators = ['macd_dif', 'macd_dea', 'macd', 'kdj_k', 'kdj_d', 'rsi_6', 'rsi_12', 'rsi_24', 'boll_upper', 'boll_mid', 'boll_lower', 'cci']

/** TuShare 股票技术因子, short (`macd_dif`) or pro (`macd_dif_qfq`): the short interface computes on forward-adjusted prices without saying so. */
export const tushareStkFactor = vendorTable({
  name: 'tushare_stk_factor',
  label: { zh: 'TuShare 股票技术因子', en: 'TuShare technical factors' },
  about: 'TuShare stk_factor or stk_factor_pro: prices in three adjustments and vendor-computed indicators; further columns go to ext_json.',
  table: 'ods_stk_factor',
  fields: {
    trade_date: pastDate('trade_date'),
    ts_code: securityCode('ts_code'),
    ...optionalNumbersNamed(...['open', 'high', 'low', 'close', 'pre_close'].flatMap((name) => [name, `${name}_qfq`, `${name}_hfq`])),
    ...optionalNumbersNamed('change', 'vol', 'amount', 'adj_factor'),
    pct_chg: optionalNumber('pct_chg', 'pct_change'),
    ...Object.fromEntries(indicators.map((name) => [`${name}_qfq`, optionalNumber(`${name}_qfq`, name)])),
    kdj_qfq: optionalNumber('kdj_qfq', 'kdj_j'),
  },
  marks: [['close_qfq'], ['macd_dif', 'macd_dif_qfq', 'kdj_k', 'kdj_k_qfq']],
  rest: 'ext_json',
  derive: (_, table) => ({
    src_api: toLabels(table.line.map(() => (cellsOf(table, 'macd_dif_qfq', 'kdj_k_qfq') === undefined ? 'stk_factor' : 'stk_factor_pro'))),
  }),
})
