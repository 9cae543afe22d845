import { instantOf } from '#core/shanghai-time.ts'
import { tradeDate } from '#core/trade-date.ts'
import { expect, test } from 'vitest'
import { barsIn, coverFrom, endOf, placesOf } from './time-window.ts'

const HOUR = 3_600_000
const on = (date: number, hours: number) => instantOf(tradeDate(date), hours * HOUR)
const week = [20260105, 20260106, 20260107, 20260108, 20260109]
const hours = week.flatMap((date) => [10.5, 11.5, 14, 15].map((hour) => on(date, hour)))
const days = week.map((date) => on(date, 15))

test('placesOf() shows the same hours again from the labels of another interval', () => {
  const window = { from: on(20260106, 10.5), to: on(20260107, 15) }
  // 8 bars of an hour are fewer than a view has: the right edge stays, the left one gives.
  expect(placesOf(hours, window, '60m', 4)).toEqual({ from: 11 - 29 - 0.5, to: 11.5 })
  const many = Array.from({ length: 400 }, (_, i) => on(20260105, 9.5) + i * 60_000)
  expect(placesOf(many, { from: many[100]!, to: many[199]! }, '1m', 4)).toEqual({ from: 99.5, to: 199.5 })
})

test('placesOf() keeps the room at the right while the newest bar is in view', () => {
  expect(placesOf(days, { from: days[0]!, to: Infinity }, '1d', 4).to).toBe(4 + 4)
})

test('placesOf() narrows a window of half a year of minutes to its right edge', () => {
  const minutes = Array.from({ length: 2000 }, (_, i) => on(20260105, 9.5) + i * 60_000)
  expect(placesOf(minutes, { from: on(20250701, 15), to: Infinity }, '1m', 4)).toEqual({ from: 1999 - 239 - 0.5, to: 2003 })
})

test('coverFrom() asks for nothing a view will not show', () => {
  const window = { from: on(20250707, 15), to: Infinity }
  const newest = on(20260105, 15)
  expect(barsIn(window, '1d', newest)).toBeCloseTo(121, 0)
  expect(coverFrom(window, '60m', newest)).toBe(window.from)
  expect(coverFrom(window, '1m', newest)).toBeUndefined()
})

test('endOf() reaches over the bar the right edge lies in', () => {
  const window = { from: 0, to: on(20260107, 10.5) }
  expect(endOf(window, '1d')).toBe(on(20260107, 24) - 1)
  expect(endOf(window, '1w')).toBeGreaterThan(on(20260109, 15))
  expect(endOf({ from: 0, to: Infinity }, '1d')).toBeUndefined()
})
