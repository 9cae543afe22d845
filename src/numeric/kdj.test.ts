import fc from 'fast-check'
import { expect, test } from 'vitest'
import { kdj } from './kdj.ts'

test('kdj() by hand: three bars, a close at the top, in the middle, at the bottom', () => {
  const { k, d, j } = kdj([10, 11, 12, 12, 12], [9, 9, 10, 10, 9], [10, 11, 12, 10.5, 9], 3)
  expect([k[0], k[1]]).toEqual([NaN, NaN])
  // RSV 100 · 3/3; then (10.5 − 9)/3 of 9..12, then 0.
  expect(k[2]).toBeCloseTo(50 + 50 / 3, 10)
  expect(d[2]).toBeCloseTo(50 + 50 / 9, 10)
  expect(j[2]).toBeCloseTo(3 * k[2]! - 2 * d[2]!, 10)
  expect(k[3]).toBeCloseTo(k[2]! + (50 - k[2]!) / 3, 10)
  expect(k[4]).toBeCloseTo((k[3]! * 2) / 3, 10)
})

test('kdj() of prices that do not move stays in the middle, and K and D never leave 0 to 100', () => {
  expect([...kdj([5, 5, 5], [5, 5, 5], [5, 5, 5], 2).k]).toEqual([NaN, 50, 50])
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 1000 }), fc.nat(50), fc.nat(50)), { maxLength: 80 }), (bars) => {
      const { k, d } = kdj(
        bars.map(([close, up]) => close + up),
        bars.map(([close, , down]) => close - down),
        bars.map(([close]) => close),
      )
      for (const values of [k, d]) for (const value of values.subarray(8)) expect(value >= 0 && value <= 100).toBe(true)
    }),
  )
})
