import { expect, test } from 'vitest'
import { moments } from './moments.ts'

test('moments() are population moments with raw kurtosis', () => {
  const { count, mean, variance, skewness, kurtosis } = moments(Float64Array.of(0, 0, NaN, 0, 4))
  // Deviations −1 −1 −1 3: m2 = 3, m3 = 6, m4 = 21.
  expect([count, mean, variance]).toEqual([4, 1, 3])
  expect(skewness).toBeCloseTo(6 / 3 ** 1.5, 14)
  expect(kurtosis).toBeCloseTo(21 / 9, 14)
})

test('moments() of equal values or of nothing have no shape', () => {
  expect(moments(Float64Array.of(0.1, 0.1, 0.1))).toMatchObject({ variance: 0, skewness: NaN, kurtosis: NaN })
  expect(moments(new Float64Array())).toMatchObject({ count: 0, mean: NaN, skewness: NaN })
})
