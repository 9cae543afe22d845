import { expect, test } from 'vitest'
import { neweyWest } from './newey-west.ts'

test('neweyWest() at lag 0 is the plain t with the n denominator', () => {
  const { mean, standardError, t } = neweyWest(Float64Array.of(1, 2, NaN, 3, 4), 0)
  expect([mean, standardError]).toEqual([2.5, Math.sqrt(1.25 / 4)])
  expect(t).toBeCloseTo(2.5 / Math.sqrt(1.25 / 4), 14)
})

test('neweyWest() weighs autocovariances by Bartlett: 1 2 3 4 at lag 2 by hand', () => {
  // Deviations −1.5 −0.5 0.5 1.5; γ0 = 5/4, γ1 = 1.25/4, γ2 = −1.5/4; variance = (5 + 2(2/3 · 1.25 − 1/3 · 1.5))/4.
  expect(neweyWest(Float64Array.of(1, 2, 3, 4), 2).standardError).toBeCloseTo(Math.sqrt((5 + (4 / 3) * 1.25 - (2 / 3) * 1.5) / 16), 14)
})

test('neweyWest() widens the error of overlapping returns', () => {
  const steps = Float64Array.from({ length: 400 }, (_, i) => Math.sin(i * i))
  const overlapping = steps.map((_, i) => steps.subarray(Math.max(0, i - 4), i + 1).reduce((sum, x) => sum + x, 0))
  expect(neweyWest(overlapping, 5).standardError).toBeGreaterThan(1.5 * neweyWest(overlapping, 0).standardError)
})

test('neweyWest() has no t for one value or equal values', () => {
  expect(neweyWest(Float64Array.of(3), 1)).toMatchObject({ mean: 3, t: NaN, count: 1 })
  expect(neweyWest(Float64Array.of(3, 3, 3), 1)).toMatchObject({ mean: 3, t: NaN })
  expect(() => neweyWest(Float64Array.of(3), 0.5)).toThrow('Cannot apply Newey–West')
})
