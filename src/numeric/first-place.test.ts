import fc from 'fast-check'
import { expect, test } from 'vitest'
import { firstAbove, firstAtLeast } from './first-place.ts'

test('firstAtLeast() and firstAbove() stand before and after the equal values', () => {
  const values = [1, 3, 3, 3, 7]
  expect([0, 1, 3, 4, 7, 8].map((value) => firstAtLeast(values, value))).toEqual([0, 0, 1, 4, 4, 5])
  expect([0, 1, 3, 4, 7, 8].map((value) => firstAbove(values, value))).toEqual([0, 1, 4, 4, 5, 5])
  expect([firstAtLeast([], 1), firstAbove([], 1)]).toEqual([0, 0])
})

test('they agree with looking through all values, and read no further than the length', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -5, max: 5 })), fc.integer({ min: -6, max: 6 }), fc.nat(4), (drawn, value, junk) => {
      const values = Float64Array.from([...drawn.toSorted((a, b) => a - b), ...Array.from({ length: junk }, () => -99)])
      const used = values.subarray(0, drawn.length)
      expect(firstAtLeast(values, value, drawn.length)).toBe(used.filter((one) => one < value).length)
      expect(firstAbove(values, value, drawn.length)).toBe(used.filter((one) => one <= value).length)
    }),
  )
})
