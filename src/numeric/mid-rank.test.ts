import fc from 'fast-check'
import { expect, test } from 'vitest'
import { midRank, midRanks } from './mid-rank.ts'

const history = [0.41, 0.44, 0.47, 0.5, 0.5, 0.52, 0.55, 0.58, 0.6, 0.66]

test('midRank() gives the vectors of spec microstructure §15.5', () => {
  expect(midRank(history, 0.58)).toBe(0.75)
  expect(midRank(history, 0.5)).toBe(0.4)
  expect([midRank(history, 0), midRank(history, 1), midRank(history, NaN), midRank([NaN], 1), midRank([], 1)]).toEqual([0, 1, NaN, NaN, NaN])
})

test('midRanks() equals midRank() of every value, and the ranks average 0.5 (spec warehouse-dws §16)', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.integer({ min: 0, max: 5 }), fc.constant(NaN)), { minLength: 1, maxLength: 60 }), (list) => {
      const values = Float64Array.from(list)
      const ranks = midRanks(values)
      expect([...ranks]).toEqual(list.map((value) => midRank(values, value)))
      const known = [...ranks].filter((rank) => !Number.isNaN(rank))
      if (known.length > 0) expect(known.reduce((sum, rank) => sum + rank, 0) / known.length).toBeCloseTo(0.5, 12)
    }),
  )
  expect(() => midRanks(new Float64Array(2), new Float64Array(1))).toThrow(RangeError)
})
