import { expect, test } from 'vitest'
import type { Code } from '#core/code.ts'
import { clockTime, instantOf } from '#core/shanghai-time.ts'
import type { Grain, Tick } from '#core/tick.ts'
import { tradeDate, type EpochMs } from '#core/trade-date.ts'
import { seededRng } from '#core/rng.ts'
import { ticksByHand } from '#micro/ticks-by-hand.ts'
import { fillMinutes } from '#numeric/minute-bars.ts'
import { tickMinutes } from '#warehouse/kline-tick-minutes.ts'
import { FormingBars } from './forming-bars.ts'

const date = tradeDate(20260105)
const CODE = '600000.SH' as Code

/** Ticks of a day written by hand, as a session delivers them. */
function session(grain: Grain, written: Parameters<typeof ticksByHand>[1]): readonly Tick[] {
  const day = ticksByHand(grain, written)
  return Array.from({ length: day.length }, (_, i) => ({
    code: day.code,
    date,
    at: day.at[i]! as EpochMs,
    seenAt: day.at[i]! as EpochMs,
    seq: i,
    grain,
    price: day.price[i]!,
    volume: day.volume[i]!,
    amount: day.amount[i]!,
    amountEstimated: true,
    vendorSide: NaN,
    tradeCount: day.tradeCount[i]!,
    bid1: day.bid1[i]!,
    ask1: day.ask1[i]!,
  }))
}

test('FormingBars of a whole day are the minutes of the nightly table, whatever the grain', () => {
  const rng = seededRng(3)
  for (const grain of ['TBT', 'AGG3S', 'SNAPDIFF'] as const) {
    const clocks = [
      '09:20:00',
      '09:25:00',
      '09:25:03',
      '09:30:00',
      '11:30:04',
      '11:31:00',
      '13:00:00',
      '14:57:03',
      '14:58:00',
      '15:00:01',
      '15:00:40',
      '15:10:00',
    ]
    const times = [
      ...clocks,
      ...Array.from({ length: 300 }, () => {
        const minute = rng.integer(0, 239)
        const start = minute < 120 ? 570 + minute : 780 + minute - 120
        return `${String(Math.floor(start / 60)).padStart(2, '0')}:${String(start % 60).padStart(2, '0')}:${String(rng.integer(0, 59)).padStart(2, '0')}`
      }),
    ].toSorted()
    const written = times.map((time) => ({ time, price: 10 + rng.integer(0, 50) / 100, volume: rng.integer(1, 9) * 100, trades: 1 }))
    const bars = new FormingBars(date, () => 9.9)
    for (const tick of session(grain, written)) bars.push(tick)
    bars.endSession()
    expect(bars.of(CODE)!.bars, grain).toEqual(fillMinutes(tickMinutes(ticksByHand(grain, written)), 9.9, 240))
  }
})

test('FormingBars closes a minute three seconds after its end by the clock of the market, and counts a record once', () => {
  const bars = new FormingBars(date, () => NaN)
  const ticks = session('TBT', [
    { time: '09:25:00', price: 10 },
    { time: '09:30:30', price: 10.1 },
    { time: '09:31:02', price: 10.2 },
    { time: '09:31:03', price: 10.3 },
    { time: '11:30:03', price: 10.3 },
    { time: '13:00:10', price: 10.3 },
  ])
  const passed = ticks.map((tick) => {
    expect([bars.push(tick), bars.push(tick)]).toEqual([true, false])
    return bars.passed
  })
  expect(passed).toEqual([0, 0, 0, 1, 120, 120])
  const { bars: minutes, at, previousClose } = bars.of(CODE)!
  expect([minutes.slot.length, minutes.volume[1], minutes.volume[2], at]).toEqual([122, 100, 200, instantOf(date, clockTime('13:00:10'))])
  expect(previousClose).toBeNaN()
  expect(bars.of('600001.SH')).toBeUndefined()
  bars.endSession()
  expect(bars.passed).toBe(240)
})
