import { expect, test } from 'vitest'
import { isBuyQuantity, isSellQuantity, roundToLot } from './lot.ts'
import { tradeDate } from './trade-date.ts'

const date = tradeDate(20240105)

test('roundToLot() gives multiples of 100, on STAR 200 and more, on Beijing 100 and more', () => {
  expect([99, 100, 199, 250].map((shares) => roundToLot(shares, 'main', date))).toEqual([0, 100, 100, 200])
  expect([199, 200, 201, 333].map((shares) => roundToLot(shares, 'star', date))).toEqual([0, 200, 201, 333])
  expect([99, 100, 101].map((shares) => roundToLot(shares, 'bse', date))).toEqual([0, 100, 101])
  expect(() => roundToLot(100, 'star', tradeDate(20190719))).toThrow(/Cannot tell lots of "star" on 2019-07-19/)
})

test('isBuyQuantity() refuses odd lots', () => {
  expect([0, 50, 100, 150, 100.5].map((shares) => isBuyQuantity(shares, 'main', date))).toEqual([false, false, true, false, false])
  expect([150, 200, 201].map((shares) => isBuyQuantity(shares, 'star', date))).toEqual([false, true, true])
})

test('isSellQuantity() lets the odd rest go in one order only', () => {
  expect([50, 100, 150, 200, 250].map((shares) => isSellQuantity(shares, 250, 'main', date))).toEqual([true, true, true, true, true])
  expect([30, 120, 180, 300].map((shares) => isSellQuantity(shares, 250, 'main', date))).toEqual([false, false, false, false])
  expect([150, 199].map((shares) => isSellQuantity(shares, 199, 'star', date))).toEqual([false, true])
  expect([150, 200, 201, 350].map((shares) => isSellQuantity(shares, 350, 'star', date))).toEqual([false, true, true, true])
})
