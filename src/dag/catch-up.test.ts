import { expect, test } from 'vitest'
import { clockTime, instantOf } from '#core/shanghai-time.ts'
import type { TradeDate } from '#core/trade-date.ts'
import { dueDates } from './catch-up.ts'

// Thursday, Friday, (weekend), Monday, Tuesday.
const days = [20260108, 20260109, 20260112, 20260113] as TradeDate[]
const startsAt = (date: TradeDate) => instantOf(date, clockTime('16:01'))
const at = (date: number, time: string) => instantOf(date as TradeDate, clockTime(time))
const done =
  (...dates: number[]) =>
  (date: TradeDate): boolean =>
    dates.includes(date)

test('dueDates() lists missed open days oldest first after a machine slept over a weekend', () => {
  const request = { days, startsAt, isSettled: done(20260108), mode: 'all' as const }
  expect(dueDates({ ...request, now: at(20260112, '16:00') })).toEqual([20260109])
  expect(dueDates({ ...request, now: at(20260112, '16:01') })).toEqual([20260109, 20260112])
  expect(dueDates({ ...request, now: at(20260111, '20:00') })).toEqual([20260109])
})

test('dueDates() looks back a window of open days, or at the latest only, or not at all', () => {
  const request = { days, startsAt, isSettled: done(), now: at(20260113, '17:00') }
  expect(dueDates({ ...request, mode: 'all', window: 2 })).toEqual([20260112, 20260113])
  expect(dueDates({ ...request, mode: 'latest-only' })).toEqual([20260113])
  expect(dueDates({ ...request, mode: 'latest-only', isSettled: done(20260113) })).toEqual([])
  expect(dueDates({ ...request, mode: 'off' })).toEqual([])
})
