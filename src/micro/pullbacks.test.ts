import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { findPullbacks, PULLBACK_PARAMS, supportRatio } from './pullbacks.ts'

const vectorFile = join(process.env.FUPAN_SHARED ?? join(import.meta.dirname, '../../../shared'), 'fixtures/vectors/microstructure.json')
const hasShared = existsSync(vectorFile)
const find = (close: number[], net: number[], params = PULLBACK_PARAMS) => findPullbacks(Float64Array.from(close), Float64Array.from(net), params)

test.skipIf(!hasShared)('findPullbacks() finds the worked example (needs FUPAN_SHARED)', () => {
  const { pullback } = JSON.parse(readFileSync(vectorFile, 'utf8')) as {
    pullback: { close: number[]; big_net: number[]; segments: [number, number, number, number][]; support_ratio: number }
  }
  const found = find(pullback.close, pullback.big_net)
  expect(found.map(({ peak, trough }) => [peak, trough])).toEqual(pullback.segments.map(([peak, trough]) => [peak, trough]))
  found.forEach(({ depth, bigNet }, i) => {
    expect(depth).toBeCloseTo(pullback.segments[i]![2], 12)
    expect(bigNet).toBeCloseTo(pullback.segments[i]![3], 12)
  })
  expect(supportRatio(found)).toBe(pullback.support_ratio)
})

test('findPullbacks() wants 2 % over two days or 3 % in one', () => {
  expect(find([10, 9.75, 11], [0, 1, 0])).toEqual([])
  expect(find([10, 9.7, 11], [0, 1, 0])).toHaveLength(1)
  expect(find([10, 9.9, 9.8, 11], [0, 1, 1, 0])).toHaveLength(1)
  expect(find([10, 9.95, 9.9, 11], [0, 1, 1, 0])).toEqual([])
})

test('findPullbacks() extends over equal closes, counts a fall that lasts to the end, and starts on a lower close only', () => {
  expect(find([10, 10, 9.8, 9.8], [5, 5, 1, 2])).toMatchObject([{ peak: 1, trough: 3, bigNet: 3 }])
})

test('findPullbacks() leaves out a fall with a missing day and one deeper than asked', () => {
  expect(find([10, 9.8, 9.7, 11, 10], [0, NaN, 1, 0, 4])).toMatchObject([{ peak: 3, trough: 4, bigNet: 4 }])
  expect(find([10, 9.8, 9.7, 11, 10], [0, 1, 1, 0, 4], { ...PULLBACK_PARAMS, maxDepth: 0.04 })).toMatchObject([{ peak: 0 }])
})

test('findPullbacks() gives disjoint falls in day order, each from its peak to its trough', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 90, max: 110 }), { minLength: 1, maxLength: 25 }), (close) => {
      const found = find(close, close)
      found.forEach(({ peak, trough }, i) => {
        expect(peak).toBeLessThan(trough)
        if (i > 0) expect(peak).toBeGreaterThanOrEqual(found[i - 1]!.trough)
        expect(Math.max(...close.slice(peak, trough + 1))).toBe(close[peak])
        expect(Math.min(...close.slice(peak, trough + 1))).toBe(close[trough])
        if (trough < close.length - 1) expect(close[trough + 1]).toBeGreaterThan(close[trough]!)
      })
    }),
  )
})

test('supportRatio() is not known without pullbacks', () => {
  expect(supportRatio([])).toBeNaN()
})
