import { aShareCalendar } from '#core/a-share-calendar.ts'
import { instantOf } from '#core/shanghai-time.ts'
import { tradeDate } from '#core/trade-date.ts'
import { expect, test } from 'vitest'
import { dailyBars } from './daily-bars.ts'
import { mergeTicks, packTicks, TickCursor } from './merge-ticks.ts'
import { tickDay } from './tick-path.ts'
import { createWorld } from './world.ts'

const dates = aShareCalendar.dates(tradeDate(20260105), tradeDate(20260109))
const world = createWorld({ seed: 3, size: 8, dates })
const days = world.stocks.flatMap((stock) => tickDay(world, dailyBars(world, stock), 4) ?? [])

test('mergeTicks() has every tick once, by time and then by stock', () => {
  const ticks = [...mergeTicks(dates[4]!, days, 700)].flat()
  expect(ticks.length).toBe(days.reduce((sum, { length }) => sum + length, 0))
  const place = new Map(days.map(({ code }, k) => [code, k]))
  for (let i = 1; i < ticks.length; i++) {
    const [a, b] = [ticks[i - 1]!, ticks[i]!]
    expect(a.at < b.at || (a.at === b.at && place.get(a.code)! < place.get(b.code)!)).toBe(true)
  }
  for (const [k, day] of days.entries()) expect(ticks.filter(({ code }) => place.get(code) === k).map(({ price }) => price)).toEqual([...day.price])
})

test('TickCursor gives the same ticks piece by piece, each up to the instant asked for', () => {
  const cursor = new TickCursor(dates[4]!, days)
  const taken = []
  for (let at: number = instantOf(dates[4]!, 0); cursor.nextAt !== undefined; at += 171_717) {
    const batch = cursor.take(Infinity, at)
    for (const tick of batch) expect(tick.at).toBeLessThanOrEqual(at)
    if (cursor.nextAt !== undefined) expect(cursor.nextAt).toBeGreaterThan(at)
    taken.push(...batch)
  }
  expect(taken).toEqual([...mergeTicks(dates[4]!, days)].flat())
  expect(cursor.take(Infinity)).toEqual([])
})

test('packTicks() keeps every tick as it is, in about half the memory', () => {
  const bytes = (day: object) => Object.values(day).reduce((sum: number, column: unknown) => sum + (ArrayBuffer.isView(column) ? column.byteLength : 0), 0)
  const packed = days.map(packTicks)
  expect([...mergeTicks(dates[4]!, packed)].flat()).toEqual([...mergeTicks(dates[4]!, days)].flat())
  for (const [k, day] of packed.entries()) expect(bytes(day)).toBeLessThan(0.55 * bytes(days[k]!))
  // What no smaller kind holds stays: a minus zero, a fraction, a number beyond 2³¹.
  const [day] = days
  const odd = { ...day!, volume: day!.volume.map(() => -0), amount: day!.amount.map((value) => value + 0.1), tradeCount: day!.tradeCount.map(() => 5e9 + 1) }
  expect([...mergeTicks(dates[4]!, [packTicks(odd)])].flat()).toEqual([...mergeTicks(dates[4]!, [odd])].flat())
})
