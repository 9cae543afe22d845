import fc from 'fast-check'
import { expect, test } from 'vitest'
import { wilderAtr } from '#numeric/wilder-atr.ts'
import type { AdjustedBars } from './adjusted-bars.ts'
import { LEVEL_PARAMS } from './price-level.ts'
import { findSwings, swingWeight } from './swings.ts'
import { touchHistory, type TouchEvent } from './touch-events.ts'

type Row = readonly [high: number, low: number, close: number]

function barsOf(rows: readonly Row[]): AdjustedBars {
  const column = (k: 0 | 1 | 2) => Float64Array.from(rows, (row) => row[k])
  return { length: rows.length, high: column(0), low: column(1), close: column(2), volume: new Float64Array(rows.length).fill(1) }
}

/** A walk of closes in whole 厘 with shadows: few different values, so that equal highs and exact touches are common. */
const walk = fc
  .tuple(
    fc.integer({ min: 9700, max: 10_300 }),
    fc.array(fc.tuple(fc.integer({ min: -6, max: 6 }), fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 4 })), { maxLength: 90, size: 'max' }),
  )
  .map(([start, steps]) => {
    let close = Math.round(start / 20) * 20
    return steps.map(([move, up, down]): Row => {
      close += move * 20
      return [close + up * 20, close - down * 20, close]
    })
  })
const atrOf = ({ high, low, close }: AdjustedBars) => wilderAtr(high, low, close, 14)

test('findSwings() by hand: the first of equal highs, confirmed by five bars and a fall of one ATR', () => {
  const flat = (length: number): Row[] => Array.from({ length }, () => [10_100, 9900, 10_000])
  const rows: Row[] = [...flat(18), [10_500, 10_000, 10_400], [10_500, 10_100, 10_200], ...flat(5)]
  const swings = findSwings(barsOf(rows), atrOf(barsOf(rows)), LEVEL_PARAMS)
  expect(swings).toEqual([{ row: 18, side: 'high', price: 10_500 }])
  expect(findSwings(barsOf(rows.slice(0, 23)), atrOf(barsOf(rows.slice(0, 23))), LEVEL_PARAMS)).toEqual([])
})

test('findSwings() equals the definition over slices', () => {
  fc.assert(
    fc.property(walk, fc.constantFrom(0.5, 1, 2), (rows, swingAtr) => {
      const bars = barsOf(rows)
      const atr = atrOf(bars)
      const swingsOf = (side: 'high' | 'low', extreme: (row: Row) => number, opposite: (row: Row) => number) =>
        rows.flatMap((row, i) => {
          if (i < 5 || i + 5 >= rows.length) return []
          const around = rows.slice(i - 5, i + 6).map(extreme)
          const isFirst = Math.max(...around) === extreme(row) && around.indexOf(extreme(row)) === 5
          const fall = extreme(row) - Math.min(...rows.slice(i + 1, i + 6).map(opposite))
          return isFirst && fall >= swingAtr * atr[i]! ? [{ row: i, side, price: Math.abs(extreme(row)) }] : []
        })
      const highs = swingsOf(
        'high',
        ([high]) => high,
        ([, low]) => low,
      )
      const lows = swingsOf(
        'low',
        ([, low]) => -low,
        ([high]) => -high,
      )
      const expected = [...highs, ...lows].toSorted((p, q) => p.row - q.row)
      expect(findSwings(bars, atr, { ...LEVEL_PARAMS, swingAtr })).toEqual(expected)
    }),
    { numRuns: 400 },
  )
})

test('swingWeight() halves in 60 days and follows the volume within bounds', () => {
  const volume = Float64Array.from({ length: 40 }, (_, i) => (i === 30 ? 1000 : i === 35 ? 1 : 100))
  // The day is part of its own mean: (19 · 100 + 1000) ÷ 20 = 145.
  expect([swingWeight(volume, 25, 0, LEVEL_PARAMS), swingWeight(volume, 25, 60, LEVEL_PARAMS)]).toEqual([1, 0.5])
  expect([swingWeight(volume, 30, 0, LEVEL_PARAMS), swingWeight(volume, 35, 0, LEVEL_PARAMS)]).toEqual([3, 0.5])
  expect(swingWeight(Float64Array.of(100, 100, 400), 2, 0, LEVEL_PARAMS)).toBe(2)
  expect(swingWeight(new Float64Array(3), 2, 0, LEVEL_PARAMS)).toBe(1)
})

test('touchHistory() by hand: held, broken, still open', () => {
  const away = (close: number): Row => [close + 20, close - 20, close]
  const touch: Row = [10_300, 10_040, 10_200]
  const rows = [away(10_400), touch, away(10_400), touch, away(10_300), away(10_500), touch, away(9800), away(9700), away(9700), away(9700), touch, away(9900)]
  const atr = new Float64Array(rows.length).fill(250)
  const { events, lastTouch } = touchHistory(barsOf(rows), atr, 10_000, 1, LEVEL_PARAMS)
  expect(events).toEqual([
    { first: 1, last: 3, from: 'above', outcome: 'held', toldAt: 4 },
    { first: 6, last: 6, from: 'above', outcome: 'broken', toldAt: 8 },
  ])
  expect(lastTouch).toBe(11)
})

test('touchHistory() equals the definition over lists', () => {
  const atrs = fc.constantFrom(20, 60, 150)
  fc.assert(
    fc.property(walk, fc.integer({ min: 480, max: 520 }), fc.nat({ max: 40 }), atrs, (rows, level20, start, size) => {
      const level = level20 * 20
      const bars = barsOf(rows)
      const touching = rows.flatMap(([high, low], i) => (i >= start && low * 1000 <= level * 1005 && high * 1000 >= level * 995 ? [i] : []))
      const groups = touching.reduce<number[][]>((all, i) => {
        const last = all.at(-1)
        if (last !== undefined && i - last.at(-1)! < 3) last.push(i)
        else all.push([i])
        return all
      }, [])
      const expected = groups.flatMap((group): TouchEvent[] => {
        const [first, last] = [group[0]!, group.at(-1)!]
        const before = rows.slice(0, first).findLast(([, , close]) => close !== level)?.[2]
        if (before === undefined) return []
        const from = before > level ? ('above' as const) : ('below' as const)
        const told = rows.flatMap(([, , close], i) => {
          if (i <= last || i > last + 3 || Math.abs(close - level) < size) return []
          return [{ toldAt: i, outcome: close > level === (from === 'above') ? ('held' as const) : ('broken' as const) }]
        })
        if (told.length > 0) return [{ first, last, from, ...told[0]! }]
        return last + 3 < rows.length ? [{ first, last, from, outcome: 'undecided' as const, toldAt: last + 3 }] : []
      })
      const found = touchHistory(bars, new Float64Array(rows.length).fill(size), level, start, LEVEL_PARAMS)
      expect(found.events).toEqual(expected)
      expect(found.lastTouch).toBe(touching.at(-1) ?? -1)
    }),
    { numRuns: 400 },
  )
})
