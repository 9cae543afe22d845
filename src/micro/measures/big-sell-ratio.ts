import { FLOW } from '../flow-sums.ts'
import { defineMeasure, share } from '../measure.ts'

/** 大单卖出占比: big sell value ÷ all value; NaN without trades. */
export const bigSellRatio = defineMeasure({
  name: 'big_sell_ratio',
  label: { zh: '大单卖出占比', en: 'big sell ratio' },
  unit: 'ratio',
  value: (sums, at) => share(sums[at + FLOW.bigSellAmount]!, sums[at + FLOW.totalAmount]!),
})
