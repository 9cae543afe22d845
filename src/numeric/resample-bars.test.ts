import fc from 'fast-check'
import { expect, test } from 'vitest'
import { resampleBars, type MinuteBars } from './resample-bars.ts'

type Row = readonly [slot: number, open: number, high: number, low: number, close: number, volume: number]

function barsOf(rows: readonly Row[]): MinuteBars {
  const column = (at: number) => Float64Array.from(rows, (row) => row[at]!)
  return {
    slot: Int32Array.from(rows, (row) => row[0]),
    open: column(1),
    high: column(2),
    low: column(3),
    close: column(4),
    volume: column(5),
    amount: Float64Array.from(rows, (row) => row[4] * row[5]),
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
    5,
    240,
    121,
  )
  expect([...five.slot]).toEqual([120, 125])
  expect([...five.isFinal]).toEqual([1, 0])
  expect([five.open[0], five.high[0], five.low[0], five.close[0], five.volume[0]]).toEqual([10, 10.05, 9.99, 10, 3400])
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
    const bars = resampleBars(barsOf(rows), minutes)
    expect(bars.slot.length).toBe(count)
    expect([...bars.slot]).toEqual(Array.from({ length: count }, (_, j) => (j + 1) * minutes))
    expect([bars.open[0], bars.volume[0]]).toEqual([10, 100 * (minutes + 1)])
  }
})

test('resampleBars() keeps a stub and a flat bucket, and refuses slots out of order', () => {
  const bars = resampleBars(
    barsOf([
      [301, 10, 11, 9, 10.5, 5],
      [305, 10.5, 10.5, 10.5, 10.5, 0],
    ]),
    60,
    330,
  )
  expect([...bars.slot]).toEqual([330])
  const flat = resampleBars(
    barsOf([
      [1, 10, 10, 10, 10, 0],
      [2, 10, 10, 10, 10, 0],
    ]),
    5,
  )
  expect([flat.open[0], flat.high[0], flat.low[0], flat.close[0], flat.volume[0]]).toEqual([10, 10, 10, 10, 0])
  expect(() =>
    resampleBars(
      barsOf([
        [2, 1, 1, 1, 1, 1],
        [2, 1, 1, 1, 1, 1],
      ]),
      5,
    ),
  ).toThrow(/slots ascend/)
  expect(() => resampleBars(barsOf([[241, 1, 1, 1, 1, 1]]), 5)).toThrow(RangeError)
  expect(() => resampleBars(barsOf([]), 0)).toThrow(RangeError)
  expect(resampleBars(barsOf([]), 5).slot.length).toBe(0)
})

test('resampleBars() takes neither open nor extremes from a minute without trades', () => {
  const bars = resampleBars(
    barsOf([
      [1, 10, 10, 10, 10, 0],
      [2, 10.5, 10.6, 10.5, 10.6, 100],
      [3, 10.6, 10.6, 10.6, 10.6, 0],
    ]),
    5,
  )
  expect([bars.open[0], bars.high[0], bars.low[0], bars.close[0], bars.volume[0]]).toEqual([10.5, 10.6, 10.5, 10.6, 100])
})

test('resampleBars() from 5-minute bars equals from 1-minute bars', () => {
  const day = fc.array(
    fc.tuple(
      fc.boolean(),
      fc.integer({ min: 900, max: 1100 }),
      fc.integer({ min: 0, max: 20 }),
      fc.integer({ min: 0, max: 20 }),
      fc.integer({ min: 0, max: 3 }),
    ),
    { minLength: 241, maxLength: 241 },
  )
  fc.assert(
    fc.property(day, fc.constantFrom(15, 30, 60, 120), (minutes, n) => {
      let last = 1000
      const rows = minutes.flatMap(([present, close, up, down, volume], slot): Row[] => {
        if (!present) return []
        const open = last
        if (volume > 0) last = close
        return [[slot, open, volume > 0 ? Math.max(open, close) + up : open, volume > 0 ? Math.min(open, close) - down : open, last, volume]]
      })
      expect(resampleBars(resampleBars(barsOf(rows), 5), n)).toEqual(resampleBars(barsOf(rows), n))
    }),
    { numRuns: 30 },
  )
})
