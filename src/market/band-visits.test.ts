import { expect, test } from 'vitest'
import type { Code } from '#core/code.ts'
import { clockTime, formatClock, instantOf, timeOfDay } from '#core/shanghai-time.ts'
import type { TickDay } from '#core/tick.ts'
import { tradeDate, type EpochMs } from '#core/trade-date.ts'
import { bandVisits, visitBand } from './band-visits.ts'

const date = tradeDate(20260105)

function tape(written: string): TickDay {
  const ticks = written.split(' · ').map((one) => one.split(' '))
  const column = (values: readonly number[]) => Float64Array.from(values)
  const price = ticks.map(([, cny]) => Math.round(Number(cny) * 1000))
  const same = (value: number) => column(ticks.map(() => value))
  return {
    code: '600000.SH' as Code,
    date,
    grain: 'TBT',
    length: ticks.length,
    at: column(ticks.map(([time]) => instantOf(date, clockTime(time!)))),
    price: Int32Array.from(price),
    volume: same(100),
    amount: column(price.map((milli) => milli * 100)),
    amountEstimated: new Uint8Array(ticks.length),
    vendorSide: same(1),
    tradeCount: same(1),
    bid1: same(NaN),
    ask1: same(NaN),
  }
}

const clocks = (day: TickDay) =>
  bandVisits(day, visitBand(10_000, 0.005, 10)).map(({ entry, exit, confirm, isOpen }) => [
    ...[entry, exit, confirm].map((i) => formatClock(timeOfDay(day.at[i]! as EpochMs))),
    isOpen,
  ])

test('visitBand() of 10.00 at half a percent is 9.95 to 10.05, and never narrower than a tick', () => {
  expect(visitBand(10_000, 0.005, 10)).toEqual({ level: 10_000, low: 9950, high: 10_050 })
  expect(visitBand(1000, 0.005, 10)).toEqual({ level: 1000, low: 990, high: 1010 })
})

test('bandVisits() finds the visits of the morning of spec microstructure §15.4', () => {
  const morning =
    '09:30:03 10.12 · 09:31:00 10.06 · 09:31:30 10.04 · 09:32:00 10.01 · 09:33:00 9.99 · 09:33:30 9.97 · 09:34:00 10.00 · 09:35:00 10.03 · 09:35:30 10.06 · 09:35:45 10.05 · 09:36:00 10.07 · 09:38:00 10.08 · 09:39:00 10.05 · 09:40:00 10.02 · 09:41:00 10.08 · 10:10:00 10.15 · 11:28:00 10.05 · 11:29:00 10.03'
  expect(clocks(tape(morning))).toEqual([
    ['09:31:30', '09:41:00', '09:41:00', false],
    ['11:28:00', '11:29:00', '11:29:00', true],
  ])
})

test('bandVisits() stays in over a near and short excursion and leaves over a long one at its first tick', () => {
  // Half a tick beyond the edge does not exist, so the hysteresis of one tick is reached by any tick outside; 20.00 has room: two ticks.
  const day = (written: string) => bandVisits(tape(written), visitBand(20_000, 0.005, 10)).map(({ exit, confirm, isOpen }) => [exit, confirm, isOpen])
  expect(day('09:31:00 20.05 · 09:31:10 20.11 · 09:31:50 20.11 · 09:32:00 20.10')).toEqual([[3, 3, true]])
  expect(day('09:31:00 20.05 · 09:31:10 20.11 · 09:32:10 20.11 · 09:40:00 20.11')).toEqual([[1, 2, false]])
  expect(day('09:31:00 20.05 · 09:31:10 20.12')).toEqual([[1, 1, false]])
  // Away by 1 %: a new visit however soon.
  expect(day('09:31:00 20.05 · 09:31:10 20.20 · 09:31:20 20.10')).toEqual([
    [1, 1, false],
    [2, 2, true],
  ])
  expect(day('09:31:00 20.30')).toEqual([])
})
