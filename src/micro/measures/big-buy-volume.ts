import { FLOW } from '../flow-sums.ts'
import { defineMeasure } from '../measure.ts'

/** 大单买入量: shares of big ticks on the buyer's side. */
export const bigBuyVolume = defineMeasure({
  name: 'big_buy_volume',
  label: { zh: '大单买入量', en: 'big buy volume' },
  unit: 'share',
  value: (sums, at) => sums[at + FLOW.bigBuyVolume]!,
})
