import { expect, test } from 'vitest'
import { runDaily } from '#backtest/daily-run.ts'
import { marketByHand } from '#backtest/market-by-hand.ts'
import { movingAverageCross } from './moving-average-cross.ts'

const options = { slippage: { model: 'none' }, costFactor: 0 } as const

test('movingAverageCross buys at the open after the fast mean rose above the slow one and sells at the open after it fell below', () => {
  // Means of 2 and 3 days: above from day 3 (10.25 > 10.17) to day 5, below on day 6.
  const market = marketByHand(20240102, [{ code: '600519.SH', bars: [10, 10, 10, 10.5, 10.8, 10.6, 10.2, 10, 9.9] }])
  const { trades, orders } = runDaily(market, movingAverageCross, { fast: 2, slow: 3, maxPositions: 1 }, options)
  expect(orders).toHaveLength(2)
  expect(trades).toHaveLength(1)
  expect(trades[0]).toMatchObject({ entryDate: 20240108, exitDate: 20240111, entryPrice: 10.8, exitPrice: 10, entryRule: 'cross_up', exitReason: 'cross_down' })
})

test('movingAverageCross sees no cross on an ex-day, for its means are adjusted', () => {
  const bars = [10, 10, 10, 10.2, 10.3, 5.2, 5.25, 5.3]
  const adjFactor = Float64Array.from(bars, (price) => (price < 6 ? 2 : 1))
  const { trades, openPositions } = runDaily(
    marketByHand(20240102, [{ code: '600519.SH', bars, adjFactor }]),
    movingAverageCross,
    { fast: 2, slow: 3, maxPositions: 1 },
    options,
  )
  expect(trades).toEqual([])
  expect(openPositions).toHaveLength(1)
})

test('movingAverageCross shares the money among its places and asks for no more than it has', () => {
  const rising = [10, 10, 10, 10.1, 10.2, 10.3, 10.4]
  const market = marketByHand(
    20240102,
    ['600001.SH', '600002.SH', '600003.SH'].map((code) => ({ code, bars: rising })),
  )
  const { openPositions, orders } = runDaily(market, movingAverageCross, { fast: 1, slow: 3, maxPositions: 2 }, { ...options, cash: 100_000 })
  expect(openPositions.map(({ code, shares }) => [code, shares])).toEqual([
    ['600001.SH', 4900],
    ['600002.SH', 4900],
  ])
  expect(orders).toHaveLength(2)
})
