import { FLOW } from '../flow-sums.ts'
import { cny, defineMeasure } from '../measure.ts'

/** 主动净买入额: buyer-initiated less seller-initiated value, CNY. */
export const activeNetValue = defineMeasure({
  name: 'active_net_value',
  label: { zh: '主动净买入额', en: 'active net value' },
  unit: 'cny',
  value: (sums, at) => cny(sums[at + FLOW.buyAmount]! - sums[at + FLOW.sellAmount]!),
})
