import { FLOW } from '../flow-sums.ts'
import { cny, defineMeasure } from '../measure.ts'

/** 大单净额: value of big buys less big sells, CNY. */
export const bigNetValue = defineMeasure({
  name: 'big_net_value',
  label: { zh: '大单净额', en: 'big net value' },
  unit: 'cny',
  value: (sums, at) => cny(sums[at + FLOW.bigBuyAmount]! - sums[at + FLOW.bigSellAmount]!),
})
