import { expect, test } from 'vitest'
import { aShareCalendar } from './a-share-calendar.ts'
import { marketPhaseAt } from './market-phase.ts'
import { clockTime, formatClock, instantOf, timeOfDay } from './shanghai-time.ts'
import { tradeDate } from './trade-date.ts'

const at = (date: number, clock: string) => marketPhaseAt(instantOf(tradeDate(date), clockTime(clock)), aShareCalendar)

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
