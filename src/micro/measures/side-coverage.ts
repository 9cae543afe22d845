import { FLOW } from '../flow-sums.ts'
import { defineMeasure, share } from '../measure.ts'

/** 方向识别率: the share of the value of continuous trading whose side is known; NaN without continuous trading. */
export const sideCoverage = defineMeasure({
  name: 'side_coverage',
  label: { zh: '方向识别率', en: 'side coverage' },
  unit: 'ratio',
  value(sums, at) {
    const classified = sums[at + FLOW.buyAmount]! + sums[at + FLOW.sellAmount]!
    return share(classified, classified + sums[at + FLOW.neutralAmount]!)
  },
})
