import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pearson } from './pearson.ts'

test('pearson() is 1 on a line, −1 on a falling one, and leaves out pairs with a NaN', () => {
  expect(pearson(Float64Array.of(1, 2, NaN, 4), Float64Array.of(3, 5, 7, 9))).toBe(1)
  expect(pearson(Float64Array.of(1, 2, 3), Float64Array.of(6, NaN, 2))).toBe(-1)
  expect(pearson(Float64Array.of(1, 2, 3, 4), Float64Array.of(1, 3, 2, 4))).toBeCloseTo(0.8, 14)
})

test('pearson() has no answer where nothing varies, exactly', () => {
  expect(pearson(new Float64Array(7).fill(0.1), Float64Array.of(1, 2, 3, 4, 5, 6, 7))).toBeNaN()
  expect(pearson(Float64Array.of(1), Float64Array.of(1))).toBeNaN()
  expect(() => pearson(new Float64Array(2), new Float64Array(3))).toThrow(RangeError)
})

test('pearson() stays within ±1 and does not see scale, shift or order of arguments', () => {
  const list = fc.array(fc.tuple(fc.integer({ min: -1000, max: 1000 }), fc.integer({ min: -1000, max: 1000 })), { minLength: 3, maxLength: 40 })
  fc.assert(
    fc.property(list, (pairs) => {
      const x = Float64Array.from(pairs, ([a]) => a)
      const y = Float64Array.from(pairs, ([, b]) => b)
      const r = pearson(x, y)
      if (Number.isNaN(r)) return
      expect(Math.abs(r)).toBeLessThanOrEqual(1)
      expect(pearson(y, x)).toBeCloseTo(r, 12)
      expect(
        pearson(
          x.map((value) => 3 * value + 7),
          y,
        ),
      ).toBeCloseTo(r, 12)
    }),
  )
})
