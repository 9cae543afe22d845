import { expect, test } from 'vitest'
import { lineFit } from './line-fit.ts'

test('lineFit() finds the line and how much of y it explains', () => {
  const fit = lineFit(Float64Array.of(0, 1, 2, NaN, 3), Float64Array.of(1, 3, 5, 99, 7))
  expect(fit).toEqual({ slope: 2, intercept: 1, rSquared: 1, count: 4 })
  // x: −1 0 1, y: 0 3 0 → no slope, nothing explained.
  expect(lineFit(Float64Array.of(-1, 0, 1), Float64Array.of(0, 3, 0))).toEqual({ slope: 0, intercept: 1, rSquared: 0, count: 3 })
})

test('lineFit() has no answer when x stands still, and no R² when y does', () => {
  expect(lineFit(Float64Array.of(2, 2), Float64Array.of(1, 5)).slope).toBeNaN()
  expect(lineFit(Float64Array.of(1, 2), Float64Array.of(5, 5))).toEqual({ slope: 0, intercept: 5, rSquared: NaN, count: 2 })
  expect(() => lineFit(Float64Array.of(1), Float64Array.of())).toThrow('Cannot fit a line')
})
