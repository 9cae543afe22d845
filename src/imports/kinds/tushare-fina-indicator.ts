import { optionalDate, optionalNumbersNamed, optionalText, pastDate, securityCode, vendorTable } from '../vendor-table.ts'

/** TuShare 财务指标: every version of a report; equal content is one version (its fingerprint is part of the key). */
export const tushareFinaIndicator = vendorTable({
  name: 'tushare_fina_indicator',
  label: { zh: 'TuShare 财务指标', en: 'TuShare financial indicators' },
  about: 'TuShare fina_indicator: one row per stock, report period and version; further columns go to ext_json.',
  table: 'ods_fina_indicator',
  fields: {
    ts_code: securityCode('ts_code'),
    end_date: pastDate('end_date'),
    ann_date: optionalDate('ann_date'),
    update_flag: optionalText('update_flag'),
    ...optionalNumbersNamed('eps', 'dt_eps', 'total_revenue_ps', 'revenue_ps', 'bps', 'ocfps', 'cfps', 'retainedps', 'undist_profit_ps', 'capital_rese_ps', 'surplus_rese_ps'),
    ...optionalNumbersNamed('extra_item', 'profit_dedt', 'op_income', 'ebit', 'ebitda', 'fcff', 'fcfe', 'interestdebt', 'netdebt', 'working_capital', 'invest_capital', 'rd_exp'),
    ...optionalNumbersNamed('current_ratio', 'quick_ratio', 'cash_ratio', 'assets_turn', 'inv_turn', 'ar_turn', 'ca_turn', 'fa_turn'),
    ...optionalNumbersNamed('netprofit_margin', 'grossprofit_margin', 'profit_to_gr', 'op_of_gr', 'roe', 'roe_waa', 'roe_dt', 'roe_yearly', 'roa', 'roa_yearly', 'npta', 'roic'),
    ...optionalNumbersNamed('debt_to_assets', 'assets_to_eqt', 'dp_assets_to_eqt', 'debt_to_eqt', 'ocf_to_shortdebt', 'ocf_to_debt'),
    ...optionalNumbersNamed('q_eps', 'q_dtprofit', 'q_netprofit_margin', 'q_gsprofit_margin', 'q_roe', 'q_dt_roe', 'q_npta', 'q_ocf_to_sales', 'q_sales_yoy', 'q_op_qoq'),
    ...optionalNumbersNamed('q_profit_yoy', 'q_netprofit_yoy', 'basic_eps_yoy', 'cfps_yoy', 'op_yoy', 'ebt_yoy', 'netprofit_yoy', 'dt_netprofit_yoy', 'ocf_yoy', 'roe_yoy'),
    ...optionalNumbersNamed('bps_yoy', 'assets_yoy', 'eqt_yoy', 'tr_yoy', 'or_yoy', 'equity_yoy'),
  },
  marks: [['eps', 'roe', 'bps']],
  rest: 'ext_json',
  hash: 'row_hash',
})
