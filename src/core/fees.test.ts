import fc from 'fast-check'
import { expect, test } from 'vitest'
import { feesOf } from './fees.ts'
import { tradeDate } from './trade-date.ts'

const date = tradeDate(20240105)
const sell = (day: number) => feesOf({ side: 'sell', price: 10_000, shares: 100_000, date: tradeDate(day), exchange: 'SH' })
const buy = (day: number) => feesOf({ side: 'buy', price: 10_000, shares: 100_000, date: tradeDate(day), exchange: 'SH' })

test('feesOf() gives the worked example of spec microstructure §15.7', () => {
  const bought = feesOf({ side: 'buy', price: 10_000, shares: 1000, date, exchange: 'SH' })
  const sold = feesOf({ side: 'sell', price: 10_500, shares: 1000, date, exchange: 'SH' })
  expect(bought).toEqual({ commission: 5000, stampDuty: 0, transferFee: 100, total: 5100 })
  expect(sold).toEqual({ commission: 5000, stampDuty: 5250, transferFee: 110, total: 10_360 })
  expect((10_500 - 10_000) * 1000 - bought.total - sold.total).toBe(484_540)
})

test('feesOf() takes the stamp duty of the day from the side that owed it', () => {
  // 1,000,000 CNY: 0.1 % is 1,000 CNY = 1,000,000 厘.
  expect([20050121, 20050124, 20070530, 20080424, 20080919, 20230825, 20230828].map((day) => [buy(day).stampDuty, sell(day).stampDuty])).toEqual([
    [2_000_000, 2_000_000],
    [1_000_000, 1_000_000],
    [3_000_000, 3_000_000],
    [1_000_000, 1_000_000],
    [0, 1_000_000],
    [0, 1_000_000],
    [0, 500_000],
  ])
})

test('feesOf() takes the transfer fee of the day and market', () => {
  const fee = (day: number, exchange: 'SH' | 'SZ' | 'BJ') => feesOf({ side: 'buy', price: 10_000, shares: 100_000, date: tradeDate(day), exchange }).transferFee
  expect([fee(20150731, 'SH'), fee(20150731, 'SZ'), fee(20150803, 'SZ'), fee(20220428, 'SH'), fee(20220429, 'SH')]).toEqual([20_000, 0, 20_000, 20_000, 10_000])
  expect([fee(20220428, 'BJ'), fee(20220429, 'BJ')]).toEqual([25_000, 10_000])
})

test('feesOf() charges funds commission only and uses the broker’s own terms', () => {
  const fund = feesOf({ side: 'sell', price: 4709, shares: 1_000_000, date, exchange: 'SH', isFund: true, terms: { rate: 0.00005, minimum: 0 } })
  expect(fund).toEqual({ commission: 235_450, stampDuty: 0, transferFee: 0, total: 235_450 })
  expect(feesOf({ side: 'sell', price: 10_000, shares: 0, date, exchange: 'SH' }).total).toBe(0)
  for (const bad of [-100, 0.5, NaN]) expect(() => feesOf({ side: 'sell', price: 10_001, shares: bad, date, exchange: 'SH' })).toThrow(RangeError)
})

test('feesOf() rounds each fee half up to the 分, by long arithmetic', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3_000_000 }), fc.integer({ min: 1, max: 1_000_000_000 }), (price, shares) => {
      const amount = BigInt(price) * BigInt(shares)
      const cents = (hundredMillionths: bigint) => Number((amount * hundredMillionths * 2n + 1_000_000_000n) / 2_000_000_000n) * 10
      const found = feesOf({ side: 'sell', price, shares, date, exchange: 'SZ' })
      expect(found).toEqual({
        commission: Math.max(5000, cents(25_000n)),
        stampDuty: cents(50_000n),
        transferFee: cents(1000n),
        total: found.commission + found.stampDuty + found.transferFee,
      })
    }),
  )
})
