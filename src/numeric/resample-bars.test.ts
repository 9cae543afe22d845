import fc from 'fast-check'
import { expect, test } from 'vitest'
import { minuteBuckets } from './minute-buckets.ts'
import { resampleBars, type MinuteBars } from './resample-bars.ts'

type Row = readonly [slot: number, open: number, high: number, low: number, close: number, volume: number]

const cn = (minutes: number) => minuteBuckets([120, 120], minutes)

function barsOf(rows: readonly Row[], day: readonly number[] = rows.map(() => 1)): MinuteBars {
  const column = (at: number) => Float64Array.from(rows, (row) => row[at]!)
  return {
    day,
    slot: rows.map((row) => row[0]),
    open: column(1),
    high: column(2),
    low: column(3),
    close: column(4),
    volume: column(5),
    amount: Float64Array.from(rows, (row) => row[4] * row[5]),
    trades: Float64Array.from(rows, (row) => Math.sign(row[5])),
  }
}

test('resampleBars() gives the micro-example of spec simulator §17.7', () => {
  const five = resampleBars(
    barsOf([
      [116, 10, 10.03, 9.99, 10.02, 800],
      [117, 10.02, 10.02, 10.02, 10.02, 0],
      [118, 10.02, 10.05, 10.01, 10.04, 1200],
      [119, 10.04, 10.04, 10, 10.01, 500],
      [120, 10.01, 10.02, 10, 10, 900],
      [121, 10.06, 10.08, 10.05, 10.07, 2000],
    ]),
    cn(5),
  )
  expect([...five.slot]).toEqual([120, 125])
  expect([...five.bucket]).toEqual([23, 24])
  expect([five.open[0], five.high[0], five.low[0], five.close[0], five.volume[0], five.trades[0]]).toEqual([10, 10.05, 9.99, 10, 3400, 4])
})

test('resampleBars() puts the opening print into the first bucket and counts 48, 16, 8, 4 and 2 bars a day', () => {
  const rows = Array.from({ length: 241 }, (_, slot): Row => [slot, 10 + slot, 10.5 + slot, 9.5 + slot, 10.2 + slot, 100])
  for (const [minutes, count] of [
    [1, 240],
    [5, 48],
    [15, 16],
    [30, 8],
    [60, 4],
    [120, 2],
  ] as const) {
    const bars = resampleBars(barsOf(rows), cn(minutes))
    expect([...bars.slot]).toEqual(Array.from({ length: count }, (_, j) => (j + 1) * minutes))
    expect([bars.open[0], bars.volume[0]]).toEqual([10, 100 * (minutes + 1)])
  }
})

test('resampleBars() keeps a short, a partial and a flat bucket, and mixes no days', () => {
  const short = resampleBars(
    barsOf([
      [301, 10, 11, 9, 10.5, 5],
      [305, 10.5, 10.5, 10.5, 10.5, 0],
    ]),
    minuteBuckets([150, 180], 60),
  )
  expect([...short.slot]).toEqual([330])
  const days = resampleBars(
    barsOf(
      [
        [239, 10, 10, 10, 10, 0],
        [240, 10, 10, 10, 10, 0],
        [1, 11, 12, 11, 12, 3],
      ],
      [1, 1, 2],
    ),
    cn(120),
  )
  expect([[...days.day], [...days.slot], [...days.close], [...days.volume]]).toEqual([
    [1, 2],
    [240, 120],
    [10, 12],
    [0, 3],
  ])
  expect(resampleBars(barsOf([]), cn(5)).slot.length).toBe(0)
})

test('resampleBars() takes neither open nor extremes from a minute without trades', () => {
  const bars = resampleBars(
    barsOf([
      [1, 10, 10, 10, 10, 0],
      [2, 10.5, 10.6, 10.5, 10.6, 100],
      [3, 10.6, 10.6, 10.6, 10.6, 0],
    ]),
    cn(5),
  )
  expect([bars.open[0], bars.high[0], bars.low[0], bars.close[0], bars.volume[0]]).toEqual([10.5, 10.6, 10.5, 10.6, 100])
})

test('resampleBars() refuses slots and days out of order or outside the session', () => {
  const two = (slots: readonly [number, number], days: readonly [number, number]) =>
    barsOf(
      slots.map((slot): Row => [slot, 1, 1, 1, 1, 1]),
      days,
    )
  expect(() => resampleBars(two([2, 2], [1, 1]), cn(5))).toThrow(/slots/)
  expect(() => resampleBars(two([1, 2], [2, 1]), cn(5))).toThrow(/days ascend/)
  expect(() => resampleBars(two([0, 241], [1, 1]), cn(5))).toThrow(RangeError)
})

/** Days of 241 slots, some absent, some without volume, prices that follow each other. */
const market = fc
  .array(
    fc.array(
      fc.tuple(
        fc.boolean(),
        fc.integer({ min: 900, max: 1100 }),
        fc.integer({ min: 0, max: 20 }),
        fc.integer({ min: 0, max: 20 }),
        fc.integer({ min: 0, max: 3 }),
      ),
      { minLength: 241, maxLength: 241 },
    ),
    { minLength: 1, maxLength: 2 },
  )
  .map((days) => {
    let last = 1000
    const rows: Row[] = []
    const day: number[] = []
    for (const [date, slots] of days.entries())
      for (const [slot, [present, close, up, down, volume]] of slots.entries()) {
        if (!present) continue
        const open = last
        if (volume > 0) last = close
        rows.push([slot, open, volume > 0 ? Math.max(open, close) + up : open, volume > 0 ? Math.min(open, close) - down : open, last, volume])
        day.push(date)
      }
    return { rows, day }
  })

test('resampleBars() from any finer bars equals from 1-minute bars', () => {
  const chains = fc.constantFrom([5, 15], [5, 30], [5, 60], [15, 60], [30, 120], [60, 120])
  fc.assert(
    fc.property(market, chains, ({ rows, day }, [fine, coarse]) => {
      expect(resampleBars(resampleBars(barsOf(rows, day), cn(fine)), cn(coarse))).toEqual(resampleBars(barsOf(rows, day), cn(coarse)))
    }),
    { numRuns: 20 },
  )
})

test('resampleBars() is what filtering the rows of each bucket gives', () => {
  fc.assert(
    fc.property(market, fc.constantFrom(1, 5, 15, 30, 60, 120, 7), ({ rows, day }, minutes) => {
      const found = resampleBars(barsOf(rows, day), cn(minutes))
      const expected: (readonly number[])[] = []
      for (const date of new Set(day))
        for (let last = minutes; last < 240 + minutes; last += minutes) {
          const own = rows.filter(([slot], i) => day[i] === date && (slot > last - minutes || (slot === 0 && last === minutes)) && slot <= last)
          if (own.length === 0) continue
          const traded = own.filter((row) => row[5] > 0)
          const flat = own.at(-1)![4]
          const prices =
            traded.length === 0
              ? [flat, flat, flat, flat]
              : [traded[0]![1], Math.max(...traded.map((row) => row[2])), Math.min(...traded.map((row) => row[3])), traded.at(-1)![4]]
          expected.push([date, Math.min(last, 240), ...prices, own.reduce((sum, row) => sum + row[5], 0)])
        }
      const { day: days, slot, open, high, low, close, volume } = found
      expect(Array.from(slot, (_, k) => [days[k], slot[k], open[k], high[k], low[k], close[k], volume[k]])).toEqual(expected)
    }),
    { numRuns: 20 },
  )
})
