import fc from 'fast-check'
import { expect, test } from 'vitest'
import { median } from './median.ts'
import { quantile, quantileSorted } from './quantile.ts'

test('quantile() gives the worked percentile of spec microstructure §15.2', () => {
  const values = Float64Array.of(90, 12, 240, 15, 18, 66, 22, 52, 30, 41)
  expect(quantile(values, 0.9)).toBeCloseTo(105, 12)
  expect(quantile(values, 0.95)).toBeCloseTo(172.5, 12)
  expect([quantile(values, 0), quantile(values, 1), median(values)]).toEqual([12, 240, 35.5])
  expect(values[0]).toBe(90)
})

test('quantile() equals the definition on a sorted copy, NaN left out', () => {
  const value = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ noNaN: true, min: -1e6, max: 1e6 }), fc.constant(NaN))
  fc.assert(
    fc.property(fc.array(value, { maxLength: 200 }), fc.double({ min: 0, max: 1, noNaN: true }), (list, p) => {
      const sorted = list.filter((x) => !Number.isNaN(x)).toSorted((a, b) => a - b)
      const h = (sorted.length - 1) * p
      const low = sorted[Math.floor(h)] ?? NaN
      const expected = Math.floor(h) === h ? low : low + (h - Math.floor(h)) * (sorted[Math.ceil(h)]! - low)
      // -0 and 0 are one value.
      expect(quantile(Float64Array.from(list), p) + 0).toBe(expected + 0)
      expect(quantileSorted(Float64Array.from(sorted), p) + 0).toBe(expected + 0)
    }),
  )
})

test('quantile() refuses a p outside 0 to 1, also of nothing', () => {
  for (const bad of [-0.1, 1.1, NaN]) {
    expect(() => quantile(Float64Array.of(1), bad)).toThrow(/Cannot take a quantile/)
    expect(() => quantileSorted([], bad)).toThrow(RangeError)
  }
  expect(quantile(new Float64Array(), 0.5)).toBeNaN()
})
