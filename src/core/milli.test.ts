import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toCny, toMilli, toTick } from './milli.ts'

test('toMilli() is exact for every price written with three decimals, and toCny() is its inverse', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 100_000_000 }), (milli) => {
      const written = Number(`${Math.floor(milli / 1000)}.${String(milli % 1000).padStart(3, '0')}`)
      expect(toMilli(written)).toBe(milli)
      expect(toCny(milli)).toBe(written)
    }),
  )
  expect(toMilli(NaN)).toBeNaN()
})

test('toTick() rounds half up, so that 10.005 is 10.01 although the double lies below', () => {
  expect([toTick(toMilli(10.005), 10), toTick(toMilli(10.004), 10), toTick(4709, 1)]).toEqual([10_010, 10_000, 4709])
})
