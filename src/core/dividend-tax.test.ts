import { expect, test } from 'vitest'
import { dividendTaxRate } from './dividend-tax.ts'
import { tradeDate } from './trade-date.ts'

const rate = (bought: number, sold: number) => dividendTaxRate(tradeDate(bought), tradeDate(sold))

test('dividendTaxRate() takes 20 % up to the same day of the next month, 10 % up to the same day of the next year, then nothing', () => {
  expect([20240208, 20240209, 20250108, 20250109].map((sold) => rate(20240108, sold))).toEqual([0.2, 0.1, 0.1, 0])
})

test('dividendTaxRate() ends a month at its last day where the next is shorter', () => {
  expect([rate(20240131, 20240229), rate(20240131, 20240301), rate(20231229, 20240129), rate(20231229, 20240130), rate(20231229, 20241229)]).toEqual([
    0.2, 0.1, 0.2, 0.1, 0.1,
  ])
})

test('dividendTaxRate() follows the dated rule of the sale', () => {
  expect([rate(20040105, 20050610), rate(20040105, 20050613), rate(20120104, 20121231), rate(20110104, 20130104), rate(20140102, 20150908)]).toEqual([
    0.2, 0.1, 0.1, 0.05, 0,
  ])
})
