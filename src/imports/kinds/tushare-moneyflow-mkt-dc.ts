import { optionalNumbersNamed, pastDate, vendorTable } from '../vendor-table.ts'

/** TuShare 大盘资金流向 (东方财富口径). */
export const tushareMoneyflowMktDc = vendorTable({
  name: 'tushare_moneyflow_mkt_dc',
  label: { zh: 'TuShare 大盘资金流向', en: 'TuShare market money flow' },
  about: 'TuShare moneyflow_mkt_dc: net inflows of the whole market by order size (CNY, and % of turnover).',
  table: 'ods_moneyflow_mkt_dc',
  fields: {
    trade_date: pastDate('trade_date'),
    ...optionalNumbersNamed('close_sh', 'pct_change_sh', 'close_sz', 'pct_change_sz', 'net_amount', 'net_amount_rate', 'buy_elg_amount', 'buy_elg_amount_rate'),
    ...optionalNumbersNamed('buy_lg_amount', 'buy_lg_amount_rate', 'buy_md_amount', 'buy_md_amount_rate', 'buy_sm_amount', 'buy_sm_amount_rate'),
  },
  marks: [
    ['close_sh', 'pct_change_sh'],
    ['net_amount', 'buy_elg_amount'],
  ],
})
