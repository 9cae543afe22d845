import { expect, test } from 'vitest'
import { Stream } from './keyed-stream.ts'
import { keepOf, LogMemory, MARKET_SCALES, STOCK_SCALES } from './log-memory.ts'

const mean = (x: readonly number[]) => x.reduce((sum, value) => sum + value, 0) / x.length

test('LogMemory keeps its standard deviation and forgets half of a deviation in a half-life', () => {
  const stream = new Stream(1, 'vol', 'memory')
  const memory = new LogMemory([{ halfLife: 3, sd: 0.4 }], 0)
  memory.begin(stream)
  const path = Array.from({ length: 200_000 }, () => memory.next(stream, 0))
  const centre = mean(path)
  const variance = mean(path.map((x) => (x - centre) ** 2))
  expect(centre).toBeCloseTo(-0.08, 2)
  expect(Math.sqrt(variance)).toBeCloseTo(0.4, 2)
  expect(mean(path.slice(3).map((x, i) => (x - centre) * (path[i]! - centre))) / variance).toBeCloseTo(0.5, 1)
  expect(mean(path.map(Math.exp))).toBeCloseTo(1, 2)
})

test('LogMemory of the market and the stock has the spread fitted to real stocks', () => {
  const spread = (scales: typeof MARKET_SCALES) => Math.hypot(...scales.map(({ sd }) => sd))
  expect(spread(MARKET_SCALES)).toBeCloseTo(0.4588, 3)
  expect(spread(STOCK_SCALES)).toBeGreaterThan(0.4888)
})

test('LogMemory with a positive weight is higher after a rise than after a fall, and a shock counts as 3 at most', () => {
  const after = (shock: number) => new LogMemory(STOCK_SCALES, 0.1).next(new Stream(1, 'vol', 'same'), shock)
  expect(after(2)).toBeGreaterThan(after(-2))
  expect(after(9)).toBe(after(3))
})

test('LogMemory whose levels are put back goes on as if it had never stopped', () => {
  const [whole, first, second] = [0, 0, 0].map(() => new LogMemory(STOCK_SCALES, 0.2)) as [LogMemory, LogMemory, LogMemory]
  const days = Array.from({ length: 20 }, (_, day) => day)
  const streamOf = (day: number) => new Stream(5, 'vol', 'x', day)
  const path = days.map((day) => whole.next(streamOf(day), 0.5))
  for (const day of days.slice(0, 9)) first.next(streamOf(day), 0.5)
  second.levels.set(first.levels)
  expect(days.slice(9).map((day) => second.next(streamOf(day), 0.5))).toEqual(path.slice(9))
})

test('keepOf() leaves a half after the half-life', () => {
  for (const days of [1, 3, 20, 120]) expect(keepOf(days) ** days).toBeCloseTo(0.5, 12)
})
