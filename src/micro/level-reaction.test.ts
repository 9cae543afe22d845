import { expect, test } from 'vitest'
import { segmentsOf, sessionRulesOn } from '#core/session.ts'
import { formatClock, timeOfDay } from '#core/shanghai-time.ts'
import { tradeDate, type EpochMs } from '#core/trade-date.ts'
import { classifySides } from './classify-sides.ts'
import { halfHourReturns, nextDayReturn, reactionScale } from './level-reaction.ts'
import { instantOfClock, levelTape } from './level-tape.ts'
import { ticksByHand, type WrittenTick } from './ticks-by-hand.ts'

function tapeOf(ticks: readonly WrittenTick[], isComplete?: boolean) {
  const day = ticksByHand('TBT', ticks)
  const segments = segmentsOf(
    day.at.map((at) => timeOfDay(at as EpochMs)),
    sessionRulesOn(day.date, 'SH', 'main'),
  )
  return levelTape({ day, segments, sides: classifySides(day, segments) }, isComplete)
}

test('nextDayReturn() compares adjusted prices within ten calendar days', () => {
  const exit = { date: tradeDate(20260105), close: 10, adjFactor: 1 }
  const split = nextDayReturn(exit, { date: tradeDate(20260106), close: 5.25, adjFactor: 2 })
  expect(split.value).toBeCloseTo(0.05, 12)
  expect(formatClock(timeOfDay(split.knownAt as EpochMs))).toBe('15:00:00')
  expect(nextDayReturn(exit, { date: tradeDate(20260115), close: 11, adjFactor: 1 }).value).toBeCloseTo(0.1, 12)
  for (const next of [undefined, { date: tradeDate(20260116), close: 11, adjFactor: 1 }, { ...exit }])
    expect(nextDayReturn(exit, next)).toEqual({ value: NaN, knownAt: NaN })
})

test('halfHourReturns() cuts the session clock into whole half hours, lunch left out', () => {
  const times = ['09:25:00', '09:59:00', '10:10:00', '11:30:00', '13:29:00', '13:30:01', '15:00:00']
  const tape = tapeOf(times.map((time, i) => ({ time, price: 10 + i })))
  // σ 0, 1800 … 12600: prices 10, 11, 12, 12, 13 (11:30), 14 (13:30), 15 (14:00), 15.
  expect(halfHourReturns(tape)).toEqual([11 / 10 - 1, 12 / 11 - 1, 0, 13 / 12 - 1, 14 / 13 - 1, 15 / 14 - 1, 0])
})

test('halfHourReturns() stops where the prints stop and starts where they start', () => {
  const ticks = ['09:31:00', '10:05:00', '10:40:00'].map((time, i) => ({ time, price: 10 + i }))
  expect(halfHourReturns(tapeOf(ticks))).toEqual([11 / 10 - 1])
  expect(halfHourReturns(tapeOf([]))).toEqual([])
  expect(tapeOf(ticks).isComplete).toBe(false)
  expect(halfHourReturns(tapeOf(ticks, true))).toHaveLength(6)
})

test('reactionScale() is a bounded standard deviation from 60 returns on', () => {
  const swing = (size: number, count = 60) => Float64Array.from({ length: count }, (_, i) => (i % 2 === 0 ? size : -size))
  expect([swing(0.001), swing(0.2), swing(0.02, 59), new Float64Array(0)].map((returns) => reactionScale(returns))).toEqual([0.005, 0.03, 0.01, 0.01])
  expect(reactionScale(swing(0.02))).toBeCloseTo(0.02 * Math.sqrt(60 / 59), 12)
  expect(reactionScale(Float64Array.from([...swing(0.02), NaN]))).toBe(reactionScale(swing(0.02)))
})

test('instantOfClock() puts session time on the wall, 11:30 before lunch', () => {
  const tape = tapeOf([])
  const wall = (seconds: number) => formatClock(timeOfDay(instantOfClock(tape, seconds * 1000)))
  expect([0, 7200, 7201, 14_220].map(wall)).toEqual(['09:30:00', '11:30:00', '13:00:01', '14:57:00'])
})
