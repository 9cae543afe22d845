import { expect, test } from 'vitest'
import { marketPhaseAt } from './market-phase.ts'
import { PROFILES, type Market } from './market-profile.ts'
import { clockTime, formatClock, instantOf, timeOfDay } from './shanghai-time.ts'
import { tradeDate, type EpochMs } from './trade-date.ts'
import { zoneInstant } from './zone-time.ts'

const at = (date: number, clock: string) => marketPhaseAt(instantOf(tradeDate(date), clockTime(clock)))

test('marketPhaseAt() walks through a day', () => {
  const phases = ['00:00', '09:14:59', '09:15', '09:30', '11:30', '13:00', '14:57', '15:00', '15:05', '15:30'].map((clock) => at(20260707, clock).phase)
  expect(phases).toEqual(['pre', 'pre', 'open_auction', 'morning', 'lunch', 'afternoon', 'close_auction', 'closed', 'after_hours', 'closed'])
  expect([at(20260707, '10:00').isOpen, at(20260707, '12:00').isOpen, at(20260707, '15:10').isOpen]).toEqual([true, false, true])
})

test('marketPhaseAt() knows what comes next and since when, across a weekend', () => {
  const lunch = at(20260707, '12:00')
  expect([formatClock(timeOfDay(lunch.since)), lunch.next, formatClock(timeOfDay(lunch.nextAt))]).toEqual(['11:30:00', 'afternoon', '13:00:00'])
  const sunday = at(20260705, '12:00')
  expect(sunday).toMatchObject({ tradeDate: 20260703, isTradingDay: false, isOpen: false, phase: 'closed', next: 'pre' })
  expect(sunday.nextAt).toBe(instantOf(tradeDate(20260706), 0))
})

test('marketPhaseAt() follows the dated timetable: no after-hours trading on the main board before 2026-07-06, no closing call before 2018-08-20', () => {
  expect(at(20260703, '15:10').phase).toBe('closed')
  expect(at(20180817, '14:58').phase).toBe('afternoon')
  expect(at(20180820, '14:58').phase).toBe('close_auction')
})

const there = (market: Market, date: number, clock: string) => marketPhaseAt(zoneInstant(PROFILES[market].zone, tradeDate(date), clockTime(clock)), market)
const phases = (market: Market, date: number, ...clocks: readonly string[]) => clocks.map((clock) => there(market, date, clock).phase)

test('marketPhaseAt() of Hong Kong has auctions before and behind the session, on a half day behind the morning', () => {
  expect(phases('hk', 20260105, '08:59', '09:00', '09:30', '12:00', '13:00', '16:00', '16:10')).toEqual([
    'pre',
    'open_auction',
    'morning',
    'lunch',
    'afternoon',
    'close_auction',
    'closed',
  ])
  expect(phases('hk', 20260216, '11:59', '12:00', '12:10', '13:30')).toEqual(['morning', 'close_auction', 'closed', 'closed'])
})

test('marketPhaseAt() of New York has no lunch, closes at 13:00 after Thanksgiving, and moves by an hour against UTC in March', () => {
  expect(phases('us', 20260105, '09:27', '09:28', '09:30', '12:00', '15:50', '16:00')).toEqual([
    'pre',
    'open_auction',
    'morning',
    'afternoon',
    'close_auction',
    'closed',
  ])
  expect(phases('us', 20261127, '12:49', '12:50', '13:00')).toEqual(['afternoon', 'close_auction', 'closed'])
  expect(marketPhaseAt(Date.UTC(2026, 2, 6, 14, 0) as EpochMs, 'us').phase).toBe('pre')
  expect(marketPhaseAt(Date.UTC(2026, 2, 9, 14, 0) as EpochMs, 'us').phase).toBe('morning')
  const holiday = there('us', 20260703, '11:00')
  expect(holiday).toMatchObject({ tradeDate: 20260702, isTradingDay: false, isOpen: false, phase: 'closed', next: 'pre' })
})

test('marketPhaseAt() of coins is never closed', () => {
  const sunday = there('crypto', 20260705, '23:59')
  expect(sunday).toMatchObject({ tradeDate: 20260705, isTradingDay: true, isOpen: true, phase: 'afternoon', next: 'morning' })
  expect(sunday.nextAt).toBe(Date.UTC(2026, 6, 6))
})

test('marketPhaseAt() of China goes on beyond its announced closures, on weekdays', () => {
  expect(there('cn', 20270104, '10:00')).toMatchObject({ tradeDate: 20270104, isTradingDay: true, phase: 'morning' })
})
