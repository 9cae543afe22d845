import { FLOW } from '../flow-sums.ts'
import { cny, defineMeasure, share } from '../measure.ts'

/** 成交均价: value ÷ volume, CNY per share; NaN without trades. */
export const vwap = defineMeasure({
  name: 'vwap',
  label: { zh: '成交均价', en: 'VWAP' },
  unit: 'cny_per_share',
  value: (sums, at) => cny(share(sums[at + FLOW.totalAmount]!, sums[at + FLOW.totalVolume]!)),
})
