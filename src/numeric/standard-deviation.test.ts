import fc from 'fast-check'
import { expect, test } from 'vitest'
import { standardDeviation } from './standard-deviation.ts'

test('standardDeviation() divides by n − 1 unless told otherwise', () => {
  const values = Float64Array.of(2, 4, NaN, 4, 4, 5, 5, 7, 9)
  expect(standardDeviation(values, 0)).toBe(2)
  expect(standardDeviation(values)).toBeCloseTo(Math.sqrt(32 / 7), 14)
  expect([standardDeviation(Float64Array.of(3)), standardDeviation(Float64Array.of(3), 0), standardDeviation(Float64Array.of(NaN), 0)]).toEqual([NaN, 0, NaN])
})

test('standardDeviation() of equal values is exactly 0, whatever their binary fraction', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), fc.integer({ min: 2, max: 50 }), (value, n) => {
      expect(standardDeviation(new Float64Array(n).fill(value))).toBe(0)
    }),
  )
})

test('standardDeviation() keeps its digits far from zero', () => {
  expect(standardDeviation(Float64Array.of(1e9 + 1, 1e9 + 2, 1e9 + 3))).toBe(1)
})
