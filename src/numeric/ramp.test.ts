import { expect, test } from 'vitest'
import { ramp } from './ramp.ts'

test('ramp() rises from a to b, stays within 0 to 1, and falls when b < a', () => {
  expect([0, 1, 1.5, 2, 9].map((x) => ramp(x, 1, 2))).toEqual([0, 0, 0.5, 1, 1])
  expect([0, 1.5, 9].map((x) => ramp(x, 2, 1))).toEqual([1, 0.5, 0])
  expect(ramp(NaN, 0, 1)).toBeNaN()
  expect(() => ramp(1, 2, 2)).toThrow(RangeError)
})
