import { FLOW } from '../flow-sums.ts'
import { defineMeasure, share } from '../measure.ts'

/** 订单流失衡: (buyer-initiated − seller-initiated) ÷ all value, auctions and unclassified ticks included, in [-1, 1]; NaN without trades. */
export const orderFlowImbalance = defineMeasure({
  name: 'order_flow_imbalance',
  label: { zh: '订单流失衡', en: 'order flow imbalance' },
  unit: 'ratio',
  value: (sums, at) => share(sums[at + FLOW.buyAmount]! - sums[at + FLOW.sellAmount]!, sums[at + FLOW.totalAmount]!),
})
