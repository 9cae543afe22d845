import { expect, test } from 'vitest'
import { histogramOf } from './histogram.ts'

test('histogramOf() counts every known value once, the largest too', () => {
  const { edges, counts } = histogramOf(Float64Array.of(0, 1, 1.9, NaN, 2, 4), 2)
  expect([...edges]).toEqual([0, 2, 4])
  expect([...counts]).toEqual([3, 2])
})

test('histogramOf() of equal values or of nothing is still a histogram', () => {
  expect(histogramOf(Float64Array.of(3, 3), 2)).toEqual({ edges: Float64Array.of(2.5, 3, 3.5), counts: Float64Array.of(0, 2) })
  expect(histogramOf(Float64Array.of(NaN), 2).counts).toHaveLength(0)
  expect(() => histogramOf(new Float64Array(), 0)).toThrow('at least one bin')
})
