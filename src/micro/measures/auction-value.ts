import { FLOW } from '../flow-sums.ts'
import { cny, defineMeasure } from '../measure.ts'

/** 集合竞价成交额: value of the opening and the closing print, CNY. */
export const auctionValue = defineMeasure({
  name: 'auction_value',
  label: { zh: '集合竞价成交额', en: 'auction value' },
  unit: 'cny',
  value: (sums, at) => cny(sums[at + FLOW.auctionAmount]!),
})
