import { expect, test } from 'vitest'
import { marketByHand } from './market-by-hand.ts'
import { slippageOf } from './slippage.ts'

const stock = marketByHand(20240102, [
  { code: '600519.SH', bars: [10, 10.1, 10, 10.1, 10, 10.1].map((price) => [price, price, price, price, 40_000] as const) },
]).stocks[0]!

test('slippageOf() charges ticks on stops and nothing on auctions unless told', () => {
  expect(slippageOf({ model: 'fixed_ticks', ticks: 1 }, stock, 5, 10_000, 300, false)).toBe(3000)
  expect(slippageOf({ model: 'fixed_ticks', ticks: 1 }, stock, 5, 10_000, 300, true)).toBe(0)
  expect(slippageOf({ model: 'fixed_ticks', ticks: 1, auctionTicks: 2 }, stock, 5, 10_000, 300, true)).toBe(6000)
  expect(slippageOf({ model: 'none' }, stock, 5, 10_000, 300, true)).toBe(0)
})

test('slippageOf() charges basis points rounded half up to the 分', () => {
  // 5 bp of 10.01 × 100 = 0.5005 CNY, of 10.10 × 100 = 0.505 CNY.
  expect(slippageOf({ model: 'bps', bps: 5 }, stock, 5, 10_010, 100, true)).toBe(500)
  expect(slippageOf({ model: 'bps', bps: 5 }, stock, 5, 10_100, 100, true)).toBe(510)
})

test('slippageOf() charges half the spread and the square root of the share of the average volume', () => {
  // Four returns before day 5: +1 %, −0.990099 %, +1 %, −0.990099 %; σ = 0.01148983; 10,000 of 40,000 shares: √ = 0.5.
  const sigma = Math.sqrt([0.01, 10 / 10.1 - 1, 0.01, 10 / 10.1 - 1].map((x, _, all) => (x - all.reduce((a, b) => a + b) / 4) ** 2).reduce((a, b) => a + b) / 3)
  const expected = Math.round((0.5 * 10 * 10_000 + 0.7 * sigma * 0.5 * 10_000 * 10_000) / 10) * 10
  expect(slippageOf({ model: 'sqrt_impact' }, stock, 5, 10_000, 10_000, true)).toBe(expected)
  expect(expected).toBe(452_140)
  // No history: the spread alone.
  expect(slippageOf({ model: 'sqrt_impact', spreadTicks: 2 }, stock, 1, 10_000, 100, true)).toBe(1000)
})
