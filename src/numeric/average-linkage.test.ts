import fc from 'fast-check'
import { expect, test } from 'vitest'
import { seededRng } from '#core/rng.ts'
import { averageLinkage } from './average-linkage.ts'
import { independentTrials } from './independent-trials.ts'

/** Merge the closest pair of groups by the mean of all member distances, again and again. */
function slowLinkage(d: Float64Array, n: number, cut: number): number[] {
  let groups = Array.from({ length: n }, (_, i) => [i])
  for (;;) {
    let best: [number, number, number] | undefined
    for (let a = 0; a < groups.length; a++)
      for (let b = a + 1; b < groups.length; b++) {
        const pairs = groups[a]!.flatMap((i) => groups[b]!.map((j) => d[i * n + j]!))
        const height = pairs.reduce((x, y) => x + y, 0) / pairs.length
        if (best === undefined || height < best[2]) best = [a, b, height]
      }
    if (best === undefined || best[2] > cut) break
    const [a, b] = best
    groups = [...groups.filter((_, i) => i !== a && i !== b), [...groups[a]!, ...groups[b]!]]
  }
  const ordered = groups.toSorted((a, b) => Math.min(...a) - Math.min(...b))
  return Array.from({ length: n }, (_, i) => ordered.findIndex((group) => group.includes(i)))
}

test('averageLinkage() equals merging the closest pair again and again', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 12 }), fc.integer(), fc.double({ min: 0.1, max: 0.9, noNaN: true }), (n, seed, cut) => {
      const rng = seededRng(seed)
      const d = new Float64Array(n * n)
      for (let a = 0; a < n; a++) for (let b = 0; b < a; b++) d[a * n + b] = d[b * n + a] = rng.next()
      expect([...averageLinkage(d, n, cut)]).toEqual(slowLinkage(d, n, cut))
    }),
  )
})

test('averageLinkage() refuses a matrix of the wrong size', () => {
  expect(() => averageLinkage(new Float64Array(3), 2, 1)).toThrow('2 things need 4 distances')
  expect(averageLinkage(new Float64Array(), 0, 1)).toHaveLength(0)
})

test('independentTrials() counts ideas, not parameter sets', () => {
  const rng = seededRng(5)
  const ideas = Array.from({ length: 3 }, () => Float64Array.from({ length: 300 }, () => rng.normal()))
  const trials = ideas.flatMap((idea) => Array.from({ length: 10 }, () => idea.map((value) => value + 0.5 * rng.normal())))
  const { count, clusters, rawCount } = independentTrials(trials)
  expect([count, rawCount]).toEqual([3, 30])
  expect([...clusters]).toEqual(Array.from({ length: 30 }, (_, i) => Math.floor(i / 10)))
})

test('independentTrials() leaves a flat trial alone and joins copies', () => {
  const wave = Float64Array.from({ length: 50 }, (_, i) => Math.sin(i))
  expect(independentTrials([wave, new Float64Array(50).fill(0.1), wave.map((x) => 2 * x), wave.map((x) => -x)]).clusters).toEqual(Int32Array.of(0, 1, 0, 2))
  expect(() => independentTrials([wave, wave.subarray(1)])).toThrow('same days')
})
