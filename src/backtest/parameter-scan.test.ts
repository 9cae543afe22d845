import fc from 'fast-check'
import { expect, test } from 'vitest'
import { seededRng } from '#core/rng.ts'
import {
  gridPoints,
  gridSize,
  latinHypercube,
  parametersAt,
  plateauScore,
  randomPoints,
  refinementPoints,
  steps,
  type GridPoint,
  type ScoredPoint,
} from './parameter-scan.ts'

const axes = [
  { name: 'window', values: steps(10, 50, 10) },
  { name: 'width', values: steps(1.5, 2.5, 0.25) },
  { name: 'stop', values: [0.02, 0.03] },
]

test('gridPoints() lists every place once, the last axis fastest', () => {
  const points = gridPoints(axes)
  expect(points).toHaveLength(gridSize(axes))
  expect(new Set(points.map(String)).size).toBe(50)
  expect(parametersAt(axes, points[1]!)).toEqual({ window: 10, width: 1.5, stop: 0.03 })
})

test('steps() include both ends without drift', () => {
  expect(steps(0.1, 0.7, 0.1)).toEqual([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7])
  expect(() => steps(1, 0, 1)).toThrow('Cannot space values')
})

test('randomPoints() never repeat, and cover the grid when asked for all of it', () => {
  expect(randomPoints(axes, 99, seededRng(1)).map(String).toSorted()).toEqual(gridPoints(axes).map(String).toSorted())
  expect(randomPoints(axes, 20, seededRng(1))).toEqual(randomPoints(axes, 20, seededRng(1)))
  const firsts = new Map<string, number>()
  for (let seed = 0; seed < 2000; seed++) {
    const key = String(randomPoints(axes.slice(2), 1, seededRng(seed))[0])
    firsts.set(key, (firsts.get(key) ?? 0) + 1)
  }
  expect(Math.abs(firsts.get('0')! - 1000)).toBeLessThan(100)
})

test('latinHypercube() uses every step of every axis equally often', () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const wide = ['a', 'b'].map((name) => ({ name, values: steps(1, 12, 1) }))
      const points = latinHypercube(wide, 12, seededRng(seed))
      for (const axis of [0, 1]) expect(points.map((point) => point[axis]!).toSorted((a, b) => a - b)).toEqual(steps(0, 11, 1))
    }),
    { numRuns: 30 },
  )
  expect(latinHypercube([{ name: 'one', values: [3] }], 5, seededRng(1))).toEqual([[0]])
})

test('refinementPoints() climb a hill to its top and then say nothing', () => {
  const height = ([a, b, c]: GridPoint) => 10 - (a! - 3) ** 2 - (b! - 1) ** 2 - (c! - 1) ** 2
  const tried: ScoredPoint[] = [{ point: [0, 4, 0], score: height([0, 4, 0]) }]
  for (let round = 0; round < 40; round++) {
    const next = refinementPoints(axes, tried)
    if (next.length === 0) break
    tried.push(...next.map((point) => ({ point, score: height(point) })))
  }
  expect(Math.max(...tried.map(({ score }) => score))).toBe(10)
  expect(tried.length).toBeLessThan(gridSize(axes))
  expect(refinementPoints(axes, [{ point: [0, 0, 0], score: NaN }])).toEqual([])
})

test('plateauScore() tells a plateau from a needle', () => {
  const square = axes.slice(0, 2)
  const scores = (height: (point: GridPoint) => number) => gridPoints(square).map((point) => ({ point, score: height(point) }))
  expect(
    plateauScore(
      square,
      scores(([a, b]) => 1 - 0.05 * (Math.abs(a! - 2) + Math.abs(b! - 2))),
    ),
  ).toEqual({ share: 1, tried: 4, neighbours: 4 })
  expect(
    plateauScore(
      square,
      scores(([a, b]) => (a === 2 && b === 2 ? 1 : 0.1)),
    )!.share,
  ).toBe(0)
  expect(plateauScore(square, [{ point: [0, 0], score: 1 }])).toEqual({ share: NaN, tried: 0, neighbours: 2 })
  expect(plateauScore(square, [])).toBeUndefined()
})

test('gridPoints() refuses an axis without values, out of order or named twice', () => {
  expect(() => gridPoints([{ name: 'x', values: [] }])).toThrow('"x": it needs at least one value')
  expect(() => gridPoints([{ name: 'x', values: [2, 1] }])).toThrow('values must ascend')
  expect(() => gridPoints([axes[0]!, axes[0]!])).toThrow('its own name')
})
