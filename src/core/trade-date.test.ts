import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dateOfDayNumber, dayNumber, formatDate, tradeDate, weekday } from './trade-date.ts'

test('tradeDate() reads digits and dashes, and refuses what is not a day', () => {
  expect(tradeDate(20240229)).toBe(20240229)
  expect(tradeDate('2026-07-06')).toBe(20260706)
  for (const bad of [20230229, 20261301, 2026010, '2026/01/05', '', 19891231]) expect(() => tradeDate(bad)).toThrow(RangeError)
})

test('dayNumber() and dateOfDayNumber() agree with the platform on every day', () => {
  fc.assert(
    fc.property(fc.integer({ min: 7305, max: 47480 }), (day) => {
      const platform = new Date(day * 86_400_000)
      const date = dateOfDayNumber(day)
      expect(formatDate(date)).toBe(platform.toISOString().slice(0, 10))
      expect(dayNumber(date)).toBe(day)
      expect(weekday(date) % 7).toBe(platform.getUTCDay())
    }),
  )
})
