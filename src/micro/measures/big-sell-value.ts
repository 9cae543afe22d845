import { FLOW } from '../flow-sums.ts'
import { cny, defineMeasure } from '../measure.ts'

/** 大单卖出额: value of big ticks on the seller's side, CNY. */
export const bigSellValue = defineMeasure({
  name: 'big_sell_value',
  label: { zh: '大单卖出额', en: 'big sell value' },
  unit: 'cny',
  value: (sums, at) => cny(sums[at + FLOW.bigSellAmount]!),
})
