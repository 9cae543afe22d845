import { FLOW } from '../flow-sums.ts'
import { cny, defineMeasure } from '../measure.ts'

/** 主动买入额: the buyer-initiated part of continuous trading, CNY. */
export const activeBuyValue = defineMeasure({
  name: 'active_buy_value',
  label: { zh: '主动买入额', en: 'active buy value' },
  unit: 'cny',
  value: (sums, at) => cny(sums[at + FLOW.buyAmount]!),
})
