import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { clusterLevels } from './cluster-levels.ts'
import { levelStrength } from './level-strength.ts'
import { LEVEL_PARAMS } from './price-level.ts'

const vectors = join(process.env.FUPAN_SHARED ?? join(import.meta.dirname, '../../../shared'), 'fixtures/vectors/microstructure.json')
const hasShared = existsSync(vectors)
const points: readonly (readonly [number, number])[] = [
  [9.48, 0.9],
  [9.52, 0.5],
  [9.95, 0.7],
  [10.02, 1.1],
  [10.05, 0.4],
  [10.6, 0.8],
  [10.66, 0.6],
]
const clustersOf = (of: readonly (readonly [number, number])[], tol: number, lone = 0.8) =>
  clusterLevels(
    Float64Array.from(of, ([price]) => price),
    Float64Array.from(of, ([, weight]) => weight),
    tol,
    lone,
  )

test('clusterLevels() gives the example of spec §15.6', () => {
  expect(clustersOf(points, 0.08).map(({ mean, weight, from, to }) => [mean.toFixed(4), weight.toFixed(1), to - from])).toEqual([
    ['9.4943', '1.4', 2],
    ['10.0032', '2.2', 3],
    ['10.6257', '1.4', 2],
  ])
})

test.skipIf(!hasShared)('clusterLevels() and levelStrength() give the vectors (needs FUPAN_SHARED)', () => {
  const { cluster, strength } = JSON.parse(readFileSync(vectors, 'utf8'))
  expect(clustersOf(cluster.points, cluster.tol).map(({ mean, weight, from, to }) => [Number(mean.toFixed(4)), Number(weight.toFixed(12)), to - from])).toEqual(
    cluster.clusters,
  )
  const { W: weight, held, broken, days_since_last: daysSinceTouch } = strength
  expect(levelStrength({ weight, held, broken, daysSinceTouch }, LEVEL_PARAMS)).toBeCloseTo(strength.strength, 12)
})

test('clusterLevels() measures from the weighted mean of what is already there', () => {
  const joined = (of: readonly (readonly [number, number])[], tol: number) => clustersOf(of, tol, 0).map(({ from, to }) => [from, to])
  // A heavy first point holds the mean at 10.008: 10.10 is out of reach. A light one lets it come to 10.064.
  expect(
    joined(
      [
        [10, 9],
        [10.08, 1],
        [10.1, 1],
      ],
      0.085,
    ),
  ).toEqual([
    [0, 2],
    [2, 3],
  ])
  expect(
    joined(
      [
        [10, 1],
        [10.08, 4],
        [10.1, 1],
      ],
      0.085,
    ),
  ).toEqual([[0, 3]])
  // Exactly tol away belongs to it.
  expect(
    joined(
      [
        [10, 1],
        [10.5, 1],
      ],
      0.5,
    ),
  ).toEqual([[0, 2]])
})

test('clusterLevels() keeps a lone point only from its weight on', () => {
  expect(
    clustersOf(
      [
        [10, 0.8],
        [11, 0.79],
      ],
      0.1,
    ).map(({ mean }) => mean),
  ).toEqual([10])
  expect(clustersOf([], 0.1)).toEqual([])
})

test('clusterLevels() gives every point one cluster, and clusters at least tol apart', () => {
  const point = fc.tuple(fc.integer({ min: 900, max: 1100 }), fc.integer({ min: 1, max: 30 }))
  fc.assert(
    fc.property(fc.array(point, { maxLength: 40, size: 'max' }), fc.integer({ min: 1, max: 20 }), (drawn, tol) => {
      const sorted = drawn.toSorted(([p], [q]) => p - q)
      const clusters = clustersOf(sorted, tol, 0)
      expect(clusters.flatMap(({ from, to }) => sorted.slice(from, to))).toEqual(sorted)
      for (const [i, { from, to, mean, weight }] of clusters.entries()) {
        const own = sorted.slice(from, to)
        expect(weight).toBe(own.reduce((sum, [, w]) => sum + w, 0))
        expect(mean).toBeCloseTo(own.reduce((sum, [price, w]) => sum + price * w, 0) / weight, 9)
        if (i > 0) expect(mean - clusters[i - 1]!.mean).toBeGreaterThanOrEqual(tol)
      }
    }),
  )
})

test('clusterLevels() refuses prices and weights of different length', () => {
  expect(() => clusterLevels(new Float64Array(2), new Float64Array(1), 1, 1)).toThrow('Cannot cluster 2 prices with 1 weights')
})
