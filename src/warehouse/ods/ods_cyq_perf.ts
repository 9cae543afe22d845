import { code, date, nullable, number, price } from '../column.ts'
import { defineTable, holds, unique } from '../table.ts'

/** 筹码及胜率: cost quantiles of the holders, on the price basis of the day itself. Spec warehouse-ods §5.15. */
export const odsCyqPerf = defineTable({
  name: 'ods_cyq_perf',
  layer: 'ods',
  label: { zh: '筹码胜率', en: 'Chip costs' },
  about: 'One row of holders’ cost quantiles and winner rate per stock and day; a snapshot of its date, never comparable across ex-dates.',
  grain: ['trade_date', 'ts_code'],
  partition: 'year',
  columns: {
    trade_date: date('交易日', 'Trade date'),
    ts_code: code('证券代码', 'Code'),
    his_low: nullable(price('历史最低价', 'Lowest ever')),
    his_high: nullable(price('历史最高价', 'Highest ever')),
    cost_5pct: nullable(price('5分位成本', 'Cost, 5th percentile')),
    cost_15pct: nullable(price('15分位成本', 'Cost, 15th percentile')),
    cost_50pct: nullable(price('50分位成本', 'Cost, median')),
    cost_85pct: nullable(price('85分位成本', 'Cost, 85th percentile')),
    cost_95pct: nullable(price('95分位成本', 'Cost, 95th percentile')),
    weight_avg: nullable(price('加权平均成本', 'Cost, weighted average')),
    winner_rate: nullable(number('获利比例', 'Winner rate', { unit: '%' })),
  },
  inputs: [],
  build: { by: 'fetch' },
  audits: [
    { ...unique('trade_date', 'ts_code'), severity: 'warning' },
    holds(
      'quantiles_in_order',
      'cost_5pct <= cost_15pct and cost_15pct <= cost_50pct and cost_50pct <= cost_85pct and cost_85pct <= cost_95pct',
      'trade_date, ts_code, cost_5pct, cost_50pct, cost_95pct',
      'warning',
    ),
    holds('winner_rate_in_percent', 'winner_rate between 0 and 100', 'trade_date, ts_code, winner_rate', 'warning'),
  ],
  readyAt: '19:30',
})
