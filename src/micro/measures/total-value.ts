import { FLOW } from '../flow-sums.ts'
import { cny, defineMeasure } from '../measure.ts'

/** 成交额: all value of the day or window, CNY: opening print, continuous trading and closing print. */
export const totalValue = defineMeasure({
  name: 'total_value',
  label: { zh: '成交额', en: 'total value' },
  unit: 'cny',
  value: (sums, at) => cny(sums[at + FLOW.totalAmount]!),
})
