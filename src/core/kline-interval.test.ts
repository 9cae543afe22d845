import { expect, test } from 'vitest'
import { INTERVALS, minutesOf, periodEnd, periodStart, readInterval, SESSION_SHAPES, slotEnd, slotStart } from './kline-interval.ts'
import { slotLabel } from './session.ts'
import { tradeDate } from './trade-date.ts'

test('readInterval() knows the nine intervals and their aliases, and tells a minute from a month', () => {
  for (const interval of INTERVALS) expect(readInterval(interval)).toBe(interval)
  expect(['1h', '2h', 'D', 'W', 'M', '1D', 'd'].map(readInterval)).toEqual(['60m', '120m', '1d', '1w', '1M', '1d', '1d'])
  expect(['', '3m', 'm', '1y', 'constructor', '1 m'].map(readInterval)).toEqual([undefined, undefined, undefined, undefined, undefined, undefined])
})

test('minutesOf() counts minutes of the session and nothing for days', () => {
  expect(INTERVALS.map(minutesOf)).toEqual([1, 5, 15, 30, 60, 120, undefined, undefined, undefined])
})

test('slotEnd() of the Chinese session is the label of core/session, slotStart() a minute before it', () => {
  for (let slot = 0; slot <= 240; slot++) expect(slotEnd(SESSION_SHAPES.cn, slot)).toBe(slotLabel(slot))
  expect(slotStart(SESSION_SHAPES.cn, 121)).toBe(46_800_000)
  expect(slotStart(SESSION_SHAPES.cn, 0)).toBe(34_200_000)
  expect(() => slotEnd(SESSION_SHAPES.cn, 241)).toThrow(RangeError)
  expect(() => slotStart(SESSION_SHAPES.us, -1)).toThrow(/0 to 390/)
})

test('periodEnd() and periodStart() are Sunday and Monday of the ISO week, last and first day of the month', () => {
  const both = (interval: '1d' | '1w' | '1M', date: number) => [periodStart(interval, tradeDate(date)), periodEnd(interval, tradeDate(date))]
  expect(both('1w', 20260101)).toEqual([20251229, 20260104])
  expect(both('1w', 20260104)).toEqual([20251229, 20260104])
  expect(both('1M', 20240215)).toEqual([20240201, 20240229])
  expect(both('1M', 20251231)).toEqual([20251201, 20251231])
  expect(both('1d', 20260105)).toEqual([20260105, 20260105])
})
