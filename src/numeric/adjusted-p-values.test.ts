import fc from 'fast-check'
import { expect, test } from 'vitest'
import { benjaminiHochberg } from './benjamini-hochberg.ts'
import { holm } from './holm.ts'

test('holm() multiplies by what is left to reject: 0.01 0.04 0.03 0.005 by hand', () => {
  expect([...holm(Float64Array.of(0.01, 0.04, NaN, 0.03, 0.005))]).toEqual([0.03, 0.06, NaN, 0.06, 0.02])
})

test('benjaminiHochberg() scales by rank and never falls: 0.01 0.04 0.03 0.005 by hand', () => {
  expect([...benjaminiHochberg(Float64Array.of(0.01, 0.04, NaN, 0.03, 0.005))]).toEqual([0.02, 0.04, NaN, 0.04, 0.02])
})

test('holm() is never below benjaminiHochberg(), which is never below the p-value', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 }), (values) => {
      const p = Float64Array.from(values)
      const [family, rate] = [holm(p), benjaminiHochberg(p)]
      p.forEach((value, i) => {
        expect(rate[i]).toBeGreaterThanOrEqual(value - 1e-15)
        expect(family[i]).toBeGreaterThanOrEqual(rate[i]! - 1e-15)
        expect(family[i]).toBeLessThanOrEqual(1)
      })
    }),
  )
})
