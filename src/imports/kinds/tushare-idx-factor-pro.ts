import { indexCode, optionalNumbersNamed, pastDate, vendorTable } from '../vendor-table.ts'

/** TuShare 指数技术因子: about eighty published indicators of an index. */
export const tushareIdxFactorPro = vendorTable({
  name: 'tushare_idx_factor_pro',
  label: { zh: 'TuShare 指数技术因子', en: 'TuShare technical factors of indices' },
  about: 'TuShare idx_factor_pro: indicators of an index without adjustment (_bfq); what we do not compute ourselves goes to ext_json.',
  table: 'ods_idx_factor_pro',
  fields: {
    trade_date: pastDate('trade_date'),
    ts_code: indexCode('ts_code'),
    ...optionalNumbersNamed('open', 'high', 'low', 'close', 'pre_close', 'change', 'pct_change', 'vol', 'amount'),
    ...optionalNumbersNamed('macd_dif_bfq', 'macd_dea_bfq', 'macd_bfq', 'kdj_k_bfq', 'kdj_d_bfq', 'kdj_bfq', 'rsi_bfq_6', 'rsi_bfq_12', 'rsi_bfq_24'),
    ...optionalNumbersNamed('boll_upper_bfq', 'boll_mid_bfq', 'boll_lower_bfq', 'cci_bfq', 'atr_bfq', 'updays', 'downdays', 'topdays', 'lowdays'),
    ...optionalNumbersNamed(...[5, 10, 20, 30, 60, 90, 250].flatMap((window) => [`ma_bfq_${window}`, `ema_bfq_${window}`])),
  },
  marks: [['macd_bfq', 'boll_mid_bfq', 'rsi_bfq_12']],
  rest: 'ext_json',
})
