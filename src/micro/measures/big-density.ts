import { FLOW } from '../flow-sums.ts'
import { defineMeasure, share } from '../measure.ts'

/** 大单密度: big ticks ÷ ticks of continuous trading; NaN without ticks. */
export const bigDensity = defineMeasure({
  name: 'big_density',
  label: { zh: '大单密度', en: 'big trade density' },
  unit: 'ratio',
  value: (sums, at) => share(sums[at + FLOW.bigCount]!, sums[at + FLOW.tickCount]!),
})
