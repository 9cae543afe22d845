import fc from 'fast-check'
import { expect, test } from 'vitest'
import { quantileSorted } from './quantile.ts'
import { robustZ } from './robust-z.ts'

test('robustZ() follows the steps of spec microstructure §7.3', () => {
  const values = Float64Array.from({ length: 41 }, (_, i) => i - 20)
  const z = robustZ(values)
  // P2.5 = −19 and P97.5 = 19; median 0; MAD 10.
  expect(z[20]).toBe(0)
  expect(z[30]).toBeCloseTo(10 / 14.826, 12)
  expect(z[0]).toBeCloseTo(-19 / 14.826, 12)
})

test('robustZ() falls back to the deviation when MAD is 0, to 0 when nothing varies, and gives 0 for NaN', () => {
  const mostly = new Float64Array(41)
  mostly[0] = 1
  mostly[1] = 1
  mostly[2] = NaN
  const z = robustZ(mostly)
  expect(z[2]).toBe(0)
  expect(z[0]).toBe(3)
  expect(robustZ(new Float64Array(30).fill(0.1))).toEqual(new Float64Array(30))
  expect(robustZ(Float64Array.of(NaN, NaN))).toEqual(new Float64Array(2))
})

test('robustZ() measures against a reference when one is given', () => {
  const reference = Float64Array.from({ length: 41 }, (_, i) => i - 20)
  const z = robustZ(Float64Array.of(10, 1e9, NaN), reference)
  expect([z[0]! * 14.826, z[1]! * 14.826, z[2]].map((x) => x!.toFixed(10))).toEqual(['10.0000000000', '19.0000000000', '0.0000000000'])
})

test('robustZ() keeps order, stays within ±3 and does not see scale', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -500, max: 500 }), { minLength: 20, maxLength: 80 }), (list) => {
      const values = Float64Array.from(list)
      const z = robustZ(values)
      const scaled = robustZ(values.map((x) => 4 * x))
      const sorted = values.toSorted()
      for (const [i, x] of z.entries()) {
        expect(Math.abs(x)).toBeLessThanOrEqual(3)
        expect(scaled[i]).toBeCloseTo(x, 10)
        if (x > 0) expect(values[i]!).toBeGreaterThan(quantileSorted(sorted, 0.5))
      }
    }),
  )
})
