import { FLOW } from '../flow-sums.ts'
import { defineMeasure } from '../measure.ts'

/** 成交量: all shares of the day or window. */
export const totalVolume = defineMeasure({
  name: 'total_volume',
  label: { zh: '成交量', en: 'total volume' },
  unit: 'share',
  value: (sums, at) => sums[at + FLOW.totalVolume]!,
})
