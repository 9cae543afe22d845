import fc from 'fast-check'
import { expect, test } from 'vitest'
import { rollingMax } from './rolling-max.ts'
import { rollingMean } from './rolling-mean.ts'
import { rollingStandardDeviation } from './rolling-standard-deviation.ts'
import { standardDeviation } from './standard-deviation.ts'

const series = fc.array(fc.oneof({ weight: 12, arbitrary: fc.double({ min: 0.01, max: 3000, noNaN: true }) }, { weight: 1, arbitrary: fc.constant(NaN) }), {
  minLength: 1,
  maxLength: 80,
})
const window = fc.integer({ min: 1, max: 25 })
const kernels = { rollingMean, rollingStandardDeviation: (x: Float64Array, n: number) => rollingStandardDeviation(x, n), rollingMax }

test.each(Object.entries(kernels))('%s() of a window alone equals the same place in the whole history, bit for bit', (_, kernel) => {
  fc.assert(
    fc.property(series, window, (list, n) => {
      const values = Float64Array.from(list)
      const whole = kernel(values, n)
      for (let end = n; end <= values.length; end++) expect(Object.is(kernel(values.slice(end - n, end), n)[n - 1], whole[end - 1])).toBe(true)
    }),
  )
})

test.each([
  ['rollingMean', rollingMean, (x: number[]) => x.reduce((sum, value) => sum + value, 0) / x.length],
  ['rollingStandardDeviation', kernels.rollingStandardDeviation, (x: number[]) => standardDeviation(Float64Array.from(x))],
  ['rollingMax', rollingMax, (x: number[]) => Math.max(...x)],
] as const)('%s() equals a slow look at every window', (_, kernel, slow) => {
  fc.assert(
    fc.property(series, window, (list, n) => {
      const found = kernel(Float64Array.from(list), n)
      for (const [i, value] of found.entries()) {
        const seen = list.slice(Math.max(0, i - n + 1), i + 1)
        const expected = seen.length < n || seen.some((x) => Number.isNaN(x)) ? NaN : slow(seen)
        if (Number.isNaN(expected)) expect(value).toBeNaN()
        else expect(Math.abs(value - expected)).toBeLessThanOrEqual(1e-9 * (1 + Math.abs(expected)))
      }
    }),
  )
})

test('rollingStandardDeviation() of equal values is exactly 0', () => {
  expect(rollingStandardDeviation(new Float64Array(5).fill(0.1), 4)).toEqual(Float64Array.of(NaN, NaN, NaN, 0, 0))
  expect(rollingStandardDeviation(Float64Array.of(1, 2), 1)).toEqual(Float64Array.of(NaN, NaN))
})

test('rolling kernels refuse a window that is not a positive whole number and a result of another length', () => {
  for (const kernel of Object.values(kernels)) for (const bad of [0, 1.5, NaN]) expect(() => kernel(new Float64Array(3), bad)).toThrow(/Cannot roll/)
  expect(() => rollingMean(new Float64Array(3), 2, new Float64Array(2))).toThrow(RangeError)
})
