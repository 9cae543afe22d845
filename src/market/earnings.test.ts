import { expect, test } from 'vitest'
import { annualYear, trailing } from './earnings.ts'

test('annualYear() is the year before last until 30 April and the last year from 1 May', () => {
  expect([20250101, 20250430, 20250501, 20251231].map(annualYear)).toEqual([2023, 2023, 2024, 2024])
})

test('trailing() sums the last four announced quarters', () => {
  const profit = (year: number) => ({ 2023: 400, 2024: 800, 2025: 1600 })[year] ?? NaN
  expect(trailing(profit, 20250430)).toBe(0.75 * 800 + 0.25 * 400)
  expect(trailing(profit, 20250501)).toBe(0.25 * 1600 + 0.75 * 800)
  expect(trailing(profit, 20250901)).toBe(0.5 * 1600 + 0.5 * 800)
  expect(trailing(profit, 20251101)).toBe(0.75 * 1600 + 0.25 * 800)
})
