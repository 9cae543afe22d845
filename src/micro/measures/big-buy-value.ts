import { FLOW } from '../flow-sums.ts'
import { cny, defineMeasure } from '../measure.ts'

/** 大单买入额: value of big ticks on the buyer's side, CNY. */
export const bigBuyValue = defineMeasure({
  name: 'big_buy_value',
  label: { zh: '大单买入额', en: 'big buy value' },
  unit: 'cny',
  value: (sums, at) => cny(sums[at + FLOW.bigBuyAmount]!),
})
