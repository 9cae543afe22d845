import { FLOW } from '../flow-sums.ts'
import { defineMeasure } from '../measure.ts'

/** 大单卖出量: shares of big ticks on the seller's side. */
export const bigSellVolume = defineMeasure({
  name: 'big_sell_volume',
  label: { zh: '大单卖出量', en: 'big sell volume' },
  unit: 'share',
  value: (sums, at) => sums[at + FLOW.bigSellVolume]!,
})
