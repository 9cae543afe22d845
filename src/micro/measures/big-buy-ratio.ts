import { FLOW } from '../flow-sums.ts'
import { defineMeasure, share } from '../measure.ts'

/** 大单买入占比: big buy value ÷ all value; NaN without trades. */
export const bigBuyRatio = defineMeasure({
  name: 'big_buy_ratio',
  label: { zh: '大单买入占比', en: 'big buy ratio' },
  unit: 'ratio',
  value: (sums, at) => share(sums[at + FLOW.bigBuyAmount]!, sums[at + FLOW.totalAmount]!),
})
