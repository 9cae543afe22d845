import { expect, test } from 'vitest'
import { SEGMENTS, segmentsOf, sessionRulesOn } from '#core/session.ts'
import { timeOfDay } from '#core/shanghai-time.ts'
import type { Grain } from '#core/tick.ts'
import type { EpochMs } from '#core/trade-date.ts'
import { admitTicks } from './admit-ticks.ts'
import { ticksByHand, type WrittenTick } from './ticks-by-hand.ts'

function admit(grain: Grain, ticks: readonly WrittenTick[], cumulativeIndex?: readonly number[]) {
  const day = ticksByHand(grain, ticks)
  const rules = sessionRulesOn(day.date, 'SH', 'main')
  const segments = segmentsOf(
    day.at.map((at) => timeOfDay(at as EpochMs)),
    rules,
  )
  const admitted = admitTicks(day, segments, cumulativeIndex === undefined ? undefined : Float64Array.from(cumulativeIndex))
  return { ...admitted, kept: Array.from(admitted.segments, (segment, i) => [SEGMENTS[segment], admitted.day.price[i]! / 1000]) }
}

test('admitTicks() drops indicative rows and takes the first record of 09:25 with trades as the opening print', () => {
  const { kept, dropped } = admit('AGG3S', [
    { time: '09:15:00', price: 9, trades: 0 },
    { time: '09:24:59', price: 9.5, trades: 3 },
    { time: '09:25:00', price: 9.9, trades: 0 },
    { time: '09:25:03', price: 10, trades: 120 },
    { time: '09:25:06', price: 10, trades: 120 },
    { time: '09:30:00', price: 10.1, trades: 5 },
  ])
  expect(kept).toEqual([
    ['OPEN_PRINT', 10],
    ['AM', 10.1],
  ])
  expect(dropped.INDICATIVE).toBe(4)
})

test('admitTicks() takes the first record of 09:25 where trades are not counted', () => {
  expect(
    admit('AGG3S', [
      { time: '09:20:00', price: 9 },
      { time: '09:25:01', price: 10 },
      { time: '09:25:50', price: 10 },
    ]).kept,
  ).toEqual([['OPEN_PRINT', 10]])
})

test('admitTicks() keeps all single trades of the opening auction', () => {
  const { kept } = admit('TBT', [
    { time: '09:25:00.940', price: 10 },
    { time: '09:25:00.940', price: 10 },
    { time: '09:25:15', price: 10 },
  ])
  expect(kept.map(([segment]) => segment)).toEqual(['OPEN_PRINT', 'OPEN_PRINT', 'OPEN_PRINT'])
})

test('admitTicks() keeps late records of a segment, sends the evening to after-hours and drops strays of the pauses', () => {
  const { kept, dropped } = admit('TBT', [
    { time: '09:27:00', price: 1 },
    { time: '11:30:05', price: 2 },
    { time: '12:00:00', price: 3 },
    { time: '14:57:04', price: 4 },
    { time: '14:58:00', price: 5 },
    { time: '15:00:59', price: 6 },
    { time: '15:01:00', price: 7 },
    { time: '15:20:00', price: 8 },
  ])
  expect(kept).toEqual([
    ['AM', 2],
    ['PM', 4],
    ['CLOSE_PRINT', 6],
    ['AH_FIXED', 7],
    ['AH_FIXED', 8],
  ])
  expect(dropped).toEqual({ INDICATIVE: 0, OUTSIDE_SESSION: 3, DUPLICATE: 0, BAD_TICK: 0 })
})

test('admitTicks() gives what a late poll found to the session before the pause', () => {
  const { kept } = admit('SNAPDIFF', [
    { time: '11:30:20', price: 1 },
    { time: '14:57:30', price: 2 },
  ])
  expect(kept).toEqual([
    ['AM', 1],
    ['PM', 2],
  ])
})

test('admitTicks() reads the bar of 09:30 as the opening print', () => {
  expect(
    admit('BAR1M', [
      { time: '09:30:00', price: 1 },
      { time: '09:31:00', price: 2 },
      { time: '11:30:00', price: 3 },
      { time: '15:00:00', price: 4 },
    ]).kept.map(([segment]) => segment),
  ).toEqual(['OPEN_PRINT', 'AM', 'AM', 'CLOSE_PRINT'])
})

test('admitTicks() drops duplicates only when the vendor numbers its records', () => {
  const twice = Array.from({ length: 4 }, () => ({ time: '09:30:00', price: 10, volume: 100 }))
  expect(admit('TBT', twice).kept).toHaveLength(4)
  expect(admit('TBT', twice, [1, 2, 1, 2]).kept).toHaveLength(2)
  const later = [...twice.slice(0, 1), { time: '09:30:03', price: 10, volume: 100 }, { time: '09:30:03', price: 10.1, volume: 100 }]
  expect(admit('TBT', later, [1, 1, 1]).kept).toHaveLength(3)
})

test('admitTicks() drops records without price, volume or amount and counts them', () => {
  const { kept, dropped } = admit('TBT', [
    { time: '09:30:00', price: 0 },
    { time: '09:30:00', price: 10, volume: 0 },
    { time: '09:30:00', price: 10, amount: NaN },
    { time: '09:30:00', price: 10 },
  ])
  expect([kept.length, dropped.BAD_TICK]).toEqual([1, 3])
})
