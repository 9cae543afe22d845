import { expect, test } from 'vitest'
import { seededRng } from '#core/rng.ts'
import { zeroIntelligence, type ZeroIntelligence } from './zero-intelligence.ts'

const model = (marketRate: number, limitRate: number, cancelRate: number, window: number): ZeroIntelligence => ({ marketRate, limitRate, cancelRate, window })

test.each([
  [1, 0.02, 0.01, 300, 12.74],
  [1, 0.02, 0.1, 300, 19.44],
  [1, 0.05, 0.02, 120, 5.79],
])(
  'zeroIntelligence() with μ %d, α %d, δ %d, W %d has a mean spread of %d ticks within 6 per cent (spec simulator §11.4)',
  (mu, alpha, delta, window, spread) => {
    const run = zeroIntelligence(model(mu, alpha, delta, window), 16_000, 1000, seededRng('santa fe'))
    expect(Math.abs(run.meanSpread / spread - 1)).toBeLessThan(0.06)
  },
)

test('zeroIntelligence() keeps as many orders as arrive and leave: 2αW = μ + δN', () => {
  const run = zeroIntelligence(model(1, 0.02, 0.05, 300), 8000, 500, seededRng('balance'))
  expect(run.meanOrders).toBeCloseTo((2 * 0.02 * 300 - 1) / 0.05, -1)
})

test('zeroIntelligence() is the same for the same seed and refuses rates that are not positive', () => {
  const run = () => zeroIntelligence(model(1, 0.05, 0.02, 120), 200, 10, seededRng('same'))
  expect(run()).toEqual(run())
  expect(() => zeroIntelligence(model(1, 0, 0.02, 120), 1, 0, seededRng('x'))).toThrow(/rates are positive/)
})
