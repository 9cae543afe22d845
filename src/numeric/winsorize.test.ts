import { expect, test } from 'vitest'
import { winsorize } from './winsorize.ts'

test('winsorize() draws the ends to the quantiles and keeps NaN', () => {
  const values = Float64Array.of(100, 1, NaN, 2, 3, 4, 5, 6, 7, 8, -50)
  const drawn = winsorize(values, 0.1, 0.9)
  // Ten known values: P10 = −50 + 0.9 · 51, P90 = 8 + 0.1 · 92.
  expect(drawn[10]).toBeCloseTo(-4.1, 12)
  expect(drawn[0]).toBeCloseTo(17.2, 12)
  expect(drawn.slice(1, 10)).toEqual(Float64Array.of(1, NaN, 2, 3, 4, 5, 6, 7, 8))
  expect(winsorize(values, 0, 1)).toEqual(values)
  expect(winsorize(values, 0.1, 0.9, values)).toEqual(drawn)
})
