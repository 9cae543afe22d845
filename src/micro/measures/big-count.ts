import { FLOW } from '../flow-sums.ts'
import { defineMeasure } from '../measure.ts'

/** 大单笔数: ticks of continuous trading at or above the big-trade threshold, with or without a side. */
export const bigCount = defineMeasure({
  name: 'big_count',
  label: { zh: '大单笔数', en: 'big trade count' },
  unit: 'count',
  value: (sums, at) => sums[at + FLOW.bigCount]!,
})
