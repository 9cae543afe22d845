import { expect, test } from 'vitest'
import { bollingerLines, movingMean, readLines } from './moving-lines.ts'

test('movingMean() begins with the first full window', () => {
  expect(movingMean([1, 2, 3, 4, 8], 3)).toEqual([undefined, undefined, 2, 3, 5])
})

test('bollingerLines() stand two population deviations from the mean', () => {
  // 2 and 4: mean 3, population deviation 1.
  expect(bollingerLines([2, 4], 2)).toEqual({ mid: [undefined, 3], upper: [undefined, 5], lower: [undefined, 1] })
})

test('readLines() keeps what it knows, in its own order, and shows Bollinger at first', () => {
  expect(readLines(undefined)).toEqual(['boll'])
  expect(readLines(['ma20', 'x', 'ma5'])).toEqual(['ma5', 'ma20'])
  expect(readLines([])).toEqual([])
})
