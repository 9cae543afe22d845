import fc from 'fast-check'
import { expect, test } from 'vitest'
import { clockTime, dateOf, formatClock, instantOf, timeOfDay } from './shanghai-time.ts'
import { tradeDate, type EpochMs } from './trade-date.ts'

test('instantOf() is eight hours behind Shanghai', () => {
  expect(instantOf(tradeDate(20260910), clockTime('09:30'))).toBe(Date.UTC(2026, 8, 10, 1, 30))
  expect(instantOf(tradeDate(20260910), clockTime('02:00'))).toBe(Date.UTC(2026, 8, 9, 18))
})

test('dateOf() and timeOfDay() take an instant apart the way the platform does in Asia/Shanghai', () => {
  const platform = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai', dateStyle: 'short', timeStyle: 'medium' })
  fc.assert(
    fc.property(fc.integer({ min: Date.UTC(1992, 0, 1), max: Date.UTC(2060, 0, 1) }), (at) => {
      const date = dateOf(at as EpochMs)
      const time = timeOfDay(at as EpochMs)
      expect(instantOf(date, time)).toBe(at)
      expect(platform.format(at)).toBe(`${String(date).replace(/(....)(..)(..)/, '$1-$2-$3')} ${formatClock(time)}`)
    }),
  )
})

test('clockTime() reads hours to milliseconds and refuses the rest', () => {
  expect([clockTime('9:30'), clockTime('09:30:05'), clockTime('09:30:05.25'), clockTime('23:59:59.999')]).toEqual([
    34_200_000, 34_205_000, 34_205_250, 86_399_999,
  ])
  for (const bad of ['24:00', '09:60', '09:30:60', '0930', '', '09:30:05.1234', 'noon']) expect(() => clockTime(bad)).toThrow(/^Cannot read a clock time/)
})
