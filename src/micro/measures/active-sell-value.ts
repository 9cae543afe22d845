import { FLOW } from '../flow-sums.ts'
import { cny, defineMeasure } from '../measure.ts'

/** 主动卖出额: the seller-initiated part of continuous trading, CNY. */
export const activeSellValue = defineMeasure({
  name: 'active_sell_value',
  label: { zh: '主动卖出额', en: 'active sell value' },
  unit: 'cny',
  value: (sums, at) => cny(sums[at + FLOW.sellAmount]!),
})
