import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Calendar, weekdaysWithout } from './calendar.ts'
import { clockTime, instantOf } from './shanghai-time.ts'
import { dateOfDayNumber, dayNumber, tradeDate, type TradeDate } from './trade-date.ts'

const d = tradeDate
// Monday to Friday, a closed Wednesday, one more Monday.
const week = new Calendar([d(20260105), d(20260106), d(20260108), d(20260109), d(20260112)], d(20260101), d(20260118))

test('Calendar answers from open and closed days', () => {
  expect([week.isOpen(d(20260106)), week.isOpen(d(20260107)), week.isOpen(d(20260110))]).toEqual([true, false, false])
  expect([week.next(d(20260106)), week.next(d(20260107)), week.next(d(20260109)), week.next(d(20260101))]).toEqual([20260108, 20260108, 20260112, 20260105])
  expect([week.previous(d(20260108)), week.previous(d(20260107)), week.previous(d(20260118))]).toEqual([20260106, 20260106, 20260112])
  expect([
    week.shift(d(20260105), 3),
    week.shift(d(20260112), -4),
    week.shift(d(20260106), 0),
    week.shift(d(20260107), 1),
    week.shift(d(20260107), -1),
  ]).toEqual([20260109, 20260105, 20260106, 20260108, 20260106])
  expect([week.between(d(20260105), d(20260112)), week.between(d(20260112), d(20260105)), week.between(d(20260106), d(20260107))]).toEqual([4, -4, 0])
  expect([week.indexOf(d(20260105)), week.indexOf(d(20260112)), week.length, week.dateAt(2)]).toEqual([0, 4, 5, 20260108])
  expect([week.back(d(20260112), 0), week.back(d(20260112), 3), week.back(d(20260112), 4), week.back(d(20260108), 9)]).toEqual([
    20260112, 20260106, 20260105, 20260105,
  ])
  expect(week.dates(d(20260106), d(20260110))).toEqual([20260106, 20260108, 20260109])
})

test('Calendar refuses what lies outside it, and closed days where an ordinal is asked', () => {
  expect(() => week.isOpen(d(20251231))).toThrow(
    'Cannot look up 2025-12-31: the calendar covers 2026-01-01 to 2026-01-18. Import a calendar that covers the day',
  )
  expect(() => week.next(d(20260112))).toThrow(/Cannot find the market day after 2026-01-12/)
  expect(() => week.previous(d(20260105))).toThrow(RangeError)
  expect(() => week.shift(d(20260105), -1)).toThrow(RangeError)
  expect(() => week.shift(d(20260105), 1.5)).toThrow(RangeError)
  expect(() => week.shift(d(20260107), 0)).toThrow(/closed/)
  expect(() => week.indexOf(d(20260107))).toThrow(/closed/)
  expect(() => week.back(d(20260107), 1)).toThrow(/closed/)
  expect(() => week.dateAt(5)).toThrow(RangeError)
  expect(() => new Calendar([])).toThrow(RangeError)
  expect(() => new Calendar([d(20260106), d(20260105)], d(20260101), d(20260118))).toThrow(/ascend/)
  expect(() => new Calendar([d(20260119)], d(20260101), d(20260118))).toThrow(/found 2026-01-19/)
})

test('Calendar.currentFor() gives a job at 02:00, and a Sunday, to the market day before', () => {
  const at = (date: number, time: string) => week.currentFor(instantOf(d(date), clockTime(time)))
  expect(at(20260106, '02:00')).toBe(20260105)
  expect(at(20260106, '08:29:59.999')).toBe(20260105)
  expect(at(20260106, '08:30')).toBe(20260106)
  expect(at(20260106, '23:59')).toBe(20260106)
  expect(at(20260107, '12:00')).toBe(20260106)
  expect(at(20260111, '20:00')).toBe(20260109)
})

test('Calendar.lastCompleted() never reaches a session whose bars are not published', () => {
  const at = (date: number, time: string) => week.lastCompleted(instantOf(d(date), clockTime(time)))
  expect(at(20260106, '16:59:59')).toBe(20260105)
  expect(at(20260106, '17:00')).toBe(20260106)
  expect(at(20260107, '02:00')).toBe(20260106)
  expect(at(20260112, '10:00')).toBe(20260109)
  expect(week.lastCompleted(instantOf(d(20260106), clockTime('15:30')), clockTime('15:05'))).toBe(20260106)
})

test('Calendar agrees with a search through the list on random calendars', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.integer({ min: 20_000, max: 20_060 }), { minLength: 1, maxLength: 40 }),
      fc.integer({ min: 19_995, max: 20_065 }),
      fc.integer({ min: -6, max: 6 }),
      (days, at, n) => {
        const open = days.toSorted((a, b) => a - b).map(dateOfDayNumber)
        const calendar = new Calendar(open, dateOfDayNumber(19_980), dateOfDayNumber(20_080))
        const date = dateOfDayNumber(at)
        const found = (ask: () => TradeDate) => {
          try {
            return ask()
          } catch {
            return undefined
          }
        }
        expect(calendar.isOpen(date)).toBe(open.includes(date))
        expect(found(() => calendar.next(date))).toBe(open.find((other) => other > date))
        expect(found(() => calendar.previous(date))).toBe(open.findLast((other) => other < date))
        const after = open.filter((other) => other > date)
        const before = open.filter((other) => other < date)
        expect(found(() => calendar.shift(date, n))).toBe(n > 0 ? after[n - 1] : n < 0 ? before.at(n) : open.find((other) => other === date))
        const other = dateOfDayNumber(at + n > 20_070 ? 20_070 : at + n)
        const [low, high] = n < 0 ? [other, date] : [date, other]
        expect(calendar.between(date, other)).toBe(Math.sign(n) * open.filter((day) => day > low && day <= high).length + 0)
        expect(calendar.dates(low, high)).toEqual(open.filter((day) => day >= low && day <= high))
      },
    ),
  )
})

test('weekdaysWithout() leaves out weekends and every day of a closure', () => {
  expect(weekdaysWithout([{ from: d(20260101), to: d(20260102) }, { from: d(20260107) }], d(20260101), d(20260112))).toEqual([
    20260105, 20260106, 20260108, 20260109, 20260112,
  ])
  expect(dayNumber(d(20260112)) - dayNumber(d(20260105))).toBe(7)
})
