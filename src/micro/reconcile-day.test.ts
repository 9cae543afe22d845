import { expect, test } from 'vitest'
import { reconcileDay } from './reconcile-day.ts'

test('reconcileDay() grades the share of the daily amount that the ticks explain', () => {
  const grade = (ticks: number) => reconcileDay(ticks, 0, 1_000_000).quality
  expect([1_000_000, 980_000, 979_999, 900_000, 899_999, 1_020_000, 1_020_001].map(grade)).toEqual(['OK', 'OK', 'PARTIAL', 'PARTIAL', 'BAD', 'OK', 'BAD'])
})

test('reconcileDay() counts after-hours value only when the vendor did', () => {
  expect(reconcileDay(960, 40, 1000)).toEqual({ coverage: 1, quality: 'OK' })
  expect(reconcileDay(1000, 40, 1000)).toEqual({ coverage: 1, quality: 'OK' })
})

test('reconcileDay() leaves a day without a daily amount unchecked', () => {
  expect(reconcileDay(1000, 0, NaN)).toEqual({ coverage: NaN, quality: 'UNCHECKED' })
  expect(reconcileDay(1000, 0, 0).quality).toBe('UNCHECKED')
})
