import { expect, test } from 'vitest'
import { seededRng } from '#core/rng.ts'
import { stationaryBootstrap } from './stationary-bootstrap.ts'

test('stationaryBootstrap() draws every day equally often, in blocks of the mean length', () => {
  const times = new Float64Array(50)
  let breaks = 0
  stationaryBootstrap(50, seededRng(1), { draws: 4000, meanBlock: 10 }, (positions) => {
    positions.forEach((at, i) => {
      times[at]!++
      if (i > 0 && at !== (positions[i - 1]! + 1) % 50) breaks++
    })
  })
  // 4,000 expected of each; blocks make the deviation about √(4,000 · 10).
  expect(Math.max(...times.map((count) => Math.abs(count / 4000 - 1)))).toBeLessThan(0.2)
  // A new block begins with chance 1/10 a day, and by chance 1/50 of those follow on anyway.
  expect(breaks / (4000 * 49)).toBeCloseTo(0.1 * 0.98, 2)
})

test('stationaryBootstrap() repeats with the seed and refuses the impossible', () => {
  const draw = () => {
    const seen: number[] = []
    stationaryBootstrap(7, seededRng('a'), { draws: 3, meanBlock: 2 }, (positions) => seen.push(...positions))
    return seen
  }
  expect(draw()).toEqual(draw())
  expect(() => stationaryBootstrap(0, seededRng(1), { draws: 1, meanBlock: 1 }, () => {})).toThrow('Cannot resample')
})

test('stationaryBootstrap() with mean block 1 draws independent days', () => {
  let follows = 0
  stationaryBootstrap(100, seededRng(2), { draws: 200, meanBlock: 1 }, (positions) => {
    for (let i = 1; i < 100; i++) if (positions[i] === positions[i - 1]! + 1) follows++
  })
  expect(follows / (200 * 99)).toBeLessThan(0.02)
})
