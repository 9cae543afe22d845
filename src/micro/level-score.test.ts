import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { aggregateLevelScore, levelPercentile } from './level-score.ts'

const vectors = join(process.env.FUPAN_SHARED ?? join(import.meta.dirname, '../../../shared'), 'fixtures/vectors/microstructure.json')
const hasShared = existsSync(vectors)
const example = [
  { age: 0, amount: 6e6, score: 0.8502 },
  { age: 0, amount: 3e6, score: 0.2791 },
  { age: 7, amount: 8e6, score: 0.81 },
]

test('aggregateLevelScore() gives the example of spec §15.5', () => {
  const { score, weightSum, tests } = aggregateLevelScore(example, 4e8)
  expect([score.toFixed(4), weightSum.toFixed(4), tests]).toEqual(['0.6281', '2.9613', 3])
})

test.skipIf(!hasShared)('aggregateLevelScore() and levelPercentile() give the vectors (needs FUPAN_SHARED)', () => {
  const { aggregate, midrank } = JSON.parse(readFileSync(vectors, 'utf8'))
  const tests = aggregate.tests.map(([age, amount, score]: [number, number, number]) => ({ age, amount, score }))
  const found = aggregateLevelScore(tests, aggregate.adv20)
  expect(found.score).toBeCloseTo(aggregate.score_L, 12)
  expect(found.weightSum).toBeCloseTo(aggregate.weight, 12)
  const own = Float64Array.from([...midrank.hist, ...midrank.hist, ...midrank.hist]).toSorted()
  expect(levelPercentile(0.58, own, new Float64Array(0))).toEqual({ pct: midrank['pct_0.58'], reference: 'own' })
  expect(levelPercentile(0.5, own, new Float64Array(0))).toEqual({ pct: midrank['pct_0.5'], reference: 'own' })
})

test('aggregateLevelScore() leaves out old tests and those without a score, and is unknown without any', () => {
  const kept = aggregateLevelScore(example, 4e8)
  expect(
    aggregateLevelScore([...example, { age: 20, amount: 9e6, score: 0.1 }, { age: 1, amount: 9e6, score: NaN }, { age: -1, amount: 9e6, score: 1 }], 4e8),
  ).toEqual(kept)
  expect(aggregateLevelScore([], 4e8)).toEqual({ score: NaN, tests: 0, weightSum: 0 })
  expect(aggregateLevelScore(example, NaN).score).toBeNaN()
})

test('aggregateLevelScore() lies between the neutral prior and its tests', () => {
  const one = fc.record({ age: fc.integer({ min: 0, max: 19 }), amount: fc.integer({ min: 0, max: 1e8 }), score: fc.double({ min: 0, max: 1, noNaN: true }) })
  fc.assert(
    fc.property(fc.array(one, { minLength: 1, maxLength: 12, size: 'max' }), (tests) => {
      const { score } = aggregateLevelScore(tests, 4e8)
      const all = [0.5, ...tests.map((test) => test.score)]
      expect(score).toBeGreaterThanOrEqual(Math.min(...all) - 1e-12)
      expect(score).toBeLessThanOrEqual(Math.max(...all) + 1e-12)
    }),
  )
})

test('levelPercentile() prefers 30 own values, then 100 of the pool, then says nothing', () => {
  const own = new Float64Array(30).fill(0.2)
  const cross = new Float64Array(100).fill(0.9)
  const short = own.subarray(1)
  expect(levelPercentile(0.5, own, cross)).toEqual({ pct: 1, reference: 'own' })
  expect(levelPercentile(0.5, short, cross)).toEqual({ pct: 0, reference: 'cross' })
  expect(levelPercentile(0.5, short, cross.subarray(1))).toEqual({ pct: NaN, reference: undefined })
  expect(levelPercentile(NaN, own, cross)).toEqual({ pct: NaN, reference: undefined })
})
