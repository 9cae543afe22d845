import { expect, test } from 'vitest'
import { seededRng } from '#core/rng.ts'
import { logMemory, MARKET_SCALES, STOCK_SCALES } from './log-memory.ts'

const mean = (x: readonly number[]) => x.reduce((sum, value) => sum + value, 0) / x.length

test('logMemory() keeps its standard deviation and forgets half of a deviation in a half-life', () => {
  const next = logMemory([{ halfLife: 3, sd: 0.4 }], 0, seededRng('memory'))
  const path = Array.from({ length: 200_000 }, () => next(0))
  const centre = mean(path)
  const variance = mean(path.map((x) => (x - centre) ** 2))
  expect(centre).toBeCloseTo(-0.08, 2)
  expect(Math.sqrt(variance)).toBeCloseTo(0.4, 2)
  expect(mean(path.slice(3).map((x, i) => (x - centre) * (path[i]! - centre))) / variance).toBeCloseTo(0.5, 1)
  expect(mean(path.map(Math.exp))).toBeCloseTo(1, 2)
})

test('logMemory() of the market and the stock has the spread of spec simulator §4.2', () => {
  const spread = (scales: typeof MARKET_SCALES) => Math.hypot(...scales.map(({ sd }) => sd))
  expect(spread(MARKET_SCALES)).toBeCloseTo(0.5466, 4)
  expect(spread(STOCK_SCALES)).toBeCloseTo(0.4888, 4)
})

test('logMemory() with a positive weight is higher after a rise than after a fall, and a shock counts as 3 at most', () => {
  const after = (shock: number) => logMemory(STOCK_SCALES, 0.1, seededRng('same'))(shock)
  expect(after(2)).toBeGreaterThan(after(-2))
  expect(after(9)).toBe(after(3))
})
