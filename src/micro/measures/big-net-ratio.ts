import { FLOW } from '../flow-sums.ts'
import { defineMeasure, share } from '../measure.ts'

/** 大单净额占比: big net value ÷ all value; NaN without trades. */
export const bigNetRatio = defineMeasure({
  name: 'big_net_ratio',
  label: { zh: '大单净额占比', en: 'big net ratio' },
  unit: 'ratio',
  value: (sums, at) => share(sums[at + FLOW.bigBuyAmount]! - sums[at + FLOW.bigSellAmount]!, sums[at + FLOW.totalAmount]!),
})
