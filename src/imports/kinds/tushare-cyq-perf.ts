import { optionalNumbersNamed, pastDate, securityCode, vendorTable } from '../vendor-table.ts'

/** TuShare 筹码及胜率. */
export const tushareCyqPerf = vendorTable({
  name: 'tushare_cyq_perf',
  label: { zh: 'TuShare 筹码胜率', en: 'TuShare chip costs' },
  about: 'TuShare cyq_perf: cost quantiles (CNY) and winner_rate (%).',
  table: 'ods_cyq_perf',
  fields: {
    trade_date: pastDate('trade_date'),
    ts_code: securityCode('ts_code'),
    ...optionalNumbersNamed('his_low', 'his_high', 'cost_5pct', 'cost_15pct', 'cost_50pct', 'cost_85pct', 'cost_95pct', 'weight_avg', 'winner_rate'),
  },
  marks: [['winner_rate', 'cost_50pct']],
})
