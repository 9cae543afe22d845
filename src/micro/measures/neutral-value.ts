import { FLOW } from '../flow-sums.ts'
import { cny, defineMeasure } from '../measure.ts'

/** 中性成交额: value of continuous trading whose side is not known, CNY. */
export const neutralValue = defineMeasure({
  name: 'neutral_value',
  label: { zh: '中性成交额', en: 'neutral value' },
  unit: 'cny',
  value: (sums, at) => cny(sums[at + FLOW.neutralAmount]!),
})
