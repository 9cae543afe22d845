import { expect, test } from 'vitest'
import { mean } from './mean.ts'

test('mean() leaves NaN out and has no answer for nothing', () => {
  expect(mean(Float64Array.of(1, NaN, 2, 6))).toBe(3)
  expect(mean(Int32Array.of(1, 2))).toBe(1.5)
  expect(mean(Float64Array.of(NaN))).toBeNaN()
  expect(mean(new Float64Array())).toBeNaN()
})
