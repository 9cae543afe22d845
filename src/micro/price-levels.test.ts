import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readCode, type Code } from '#core/code.ts'
import { seededRng } from '#core/rng.ts'
import { dateOfDayNumber } from '#core/trade-date.ts'
import { wilderAtr } from '#numeric/wilder-atr.ts'
import { matchLevels, nameLevels, textHash, type UnnamedLevel } from './level-identity.ts'
import { flipEvent, levelRole } from './level-role.ts'
import { LEVEL_PARAMS, rebaseLevel, rebaseLevels, type LevelBars, type LevelMember, type PriceLevel } from './price-level.ts'
import { atrPctOf, buildPriceLevels, levelHistory, levelTick } from './price-levels.ts'
import type { TouchEvent } from './touch-events.ts'

const file = join(process.env.FUPAN_SHARED ?? join(import.meta.dirname, '../../../shared'), 'data/daily_qfq/tushare_qfq_2012_202303.csv.gz')
const hasShared = existsSync(file)
const code = readCode('600000.SH')

interface Bar {
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
  readonly volume: number
  readonly adjFactor: number
}

/** Bars on consecutive calendar days from 2020-01-01; `skipped` market days lie before the bar at that row (a suspension). */
function barsOf(rows: readonly Bar[], skipped: ReadonlyMap<number, number> = new Map()): LevelBars {
  const column = (name: keyof Bar) => Float64Array.from(rows, (row) => row[name])
  let next = 0
  const day = Int32Array.from(rows, (_, i) => (next += 1 + (skipped.get(i) ?? 0)))
  return {
    length: rows.length,
    date: Array.from(day, (one) => dateOfDayNumber(18_262 + one)),
    day,
    open: column('open'),
    high: column('high'),
    low: column('low'),
    close: column('close'),
    volume: column('volume'),
    adjFactor: column('adjFactor'),
  }
}

/** Waves over a walk, in even ticks: prices return to where they were, so that levels form and are met again. */
function walkBars(seed: string, length: number): Bar[] {
  const rng = seededRng(seed)
  let [close, walk] = [2000, 0]
  return Array.from({ length }, (_, i) => {
    walk += 3 * rng.normal()
    const open = close
    close = 2 * Math.round(1000 + walk + 40 * Math.sin(i / 3.3) + 30 * Math.sin(i / 40) + 4 * rng.normal())
    const high = Math.max(open, close) + 2 * rng.integer(0, 8)
    const low = Math.min(open, close) - 2 * rng.integer(0, 8)
    return { open: open / 100, high: high / 100, low: low / 100, close: close / 100, volume: 100 * rng.integer(1000, 9000), adjFactor: 1 }
  })
}

const sliceBars = (bars: LevelBars, from: number, to: number): LevelBars => ({
  length: to - from,
  date: Array.from(bars.date).slice(from, to),
  day: Array.from(bars.day).slice(from, to),
  open: bars.open.slice(from, to),
  high: bars.high.slice(from, to),
  low: bars.low.slice(from, to),
  close: bars.close.slice(from, to),
  volume: bars.volume.slice(from, to),
  adjFactor: bars.adjFactor.slice(from, to),
})
const seeds = fc.integer({ min: 0, max: 1e6 }).map((n) => `walk ${n}`)

/**
 * Spec §8 step by step over row objects, prices in whole 厘 as of the day, without a past. Factors must be powers of two, so that adjusting is exact and the order of
 * multiplications cannot show.
 */
function slowly(bars: LevelBars, end: number): Omit<PriceLevel, 'id'>[] {
  const today = end - 1
  const rows = Array.from({ length: end }, (_, i) => {
    const ratio = bars.adjFactor[i]! / bars.adjFactor[today]!
    const milli = (column: Float64Array) => Math.round(column[i]! * 1000) * ratio
    return { high: milli(bars.high), low: milli(bars.low), close: milli(bars.close), volume: bars.volume[i]! / ratio, day: bars.day[i]!, date: bars.date[i]! }
  }).slice(-250)
  if (rows.length < 60) return []
  const column = (name: 'high' | 'low' | 'close') => Float64Array.from(rows, (row) => row[name])
  const atr = wilderAtr(column('high'), column('low'), column('close'), 14)
  const last = rows.at(-1)!
  const age = (row: number) => last.day - rows[row]!.day
  const tol = Math.max(0.5 * atr.at(-1)!, 0.006 * last.close, 20)

  const isSwing = (row: number, side: 'high' | 'low') => {
    const sign = side === 'high' ? 1 : -1
    const around = rows.slice(row - 5, row + 6).map((one) => sign * one[side])
    const back = rows.slice(row + 1, row + 6).map((one) => sign * one[side === 'high' ? 'low' : 'high'])
    return around.indexOf(Math.max(...around)) === 5 && around[5]! - Math.min(...back) >= atr[row]!
  }
  const weightOf = (row: number) => {
    const volumes = rows.slice(Math.max(0, row - 19), row + 1).map(({ volume }) => volume)
    return 0.5 ** (age(row) / 60) * Math.min(3, Math.max(0.5, rows[row]!.volume / (volumes.reduce((a, b) => a + b) / volumes.length)))
  }
  const swings = rows
    .flatMap((_, row) => (['high', 'low'] as const).filter((side) => row >= 5 && row + 5 < rows.length && isSwing(row, side)).map((side) => ({ row, side })))
    .map(({ row, side }) => ({ row, side, price: rows[row]![side], weight: weightOf(row) }))
    .toSorted((p, q) => p.price - q.price)
  type Group = typeof swings
  const weightIn = (group: Group) => group.reduce((sum, { weight }) => sum + weight, 0)
  const meanOf = (group: Group) => group.reduce((sum, { price, weight }) => sum + price * weight, 0) / weightIn(group)
  const groups = swings.reduce<Group[]>((all, point) => {
    if (all.length > 0 && point.price - meanOf(all.at(-1)!) <= tol) all.at(-1)!.push(point)
    else all.push([point])
    return all
  }, [])

  const levels = groups
    .filter((group) => group.length > 1 || weightIn(group) >= 0.8)
    .map((group) => {
      const price = Math.floor(meanOf(group) / 10 + 0.5 + 1e-7) * 10
      const members = group.toSorted((p, q) => p.row - q.row)
      const touching = rows.flatMap((row, i) => (i > members[0]!.row + 5 && row.low * 1000 <= price * 1005 && row.high * 1000 >= price * 995 ? [i] : []))
      const visits = touching.reduce<number[][]>((all, i) => {
        if (all.length > 0 && i - all.at(-1)!.at(-1)! < 3) all.at(-1)!.push(i)
        else all.push([i])
        return all
      }, [])
      const events = visits.flatMap((visit) => {
        const end = visit.at(-1)!
        const from = Math.sign(rows.slice(0, visit[0]).findLast(({ close }) => close !== price)!.close - price)
        const after = rows.slice(end + 1, end + 4)
        const at = after.findIndex(({ close }) => Math.abs(close - price) >= atr[end]!)
        if (at < 0) return after.length === 3 ? [{ from, to: 0, date: after[2]!.date, day: after[2]!.day }] : []
        return [{ from, to: Math.sign(after[at]!.close - price), date: after[at]!.date, day: after[at]!.day }]
      })
      const held = events.filter(({ from, to }) => to === from).length
      const broken = events.filter(({ from, to }) => to === -from).length
      const lastTouch = touching.at(-1) ?? members.at(-1)!.row
      const meanClose = rows.slice(-5).reduce((sum, { close }) => sum + close, 0) / 5
      const above = last.close * 1000 > price * 1005 || (last.close * 1000 >= price * 995 && meanClose >= price)
      const far = above ? -1 : 1
      const firstHeld = events.findIndex(({ from, to }) => from === far && to === far)
      const lastBroken = events.findLastIndex(({ from, to }) => from === far && to === -far)
      const flipped = firstHeld >= 0 && lastBroken > firstHeld && last.day - events[lastBroken]!.day <= 60
      return {
        price,
        type: above ? (flipped ? ('flip' as const) : ('support' as const)) : ('resistance' as const),
        ...(flipped && { flipDir: above ? ('R2S' as const) : ('S2R' as const), breakDate: events[lastBroken]!.date as PriceLevel['firstDate'] }),
        strength: 0.5 * (1 - Math.exp(-weightIn(group) / 2)) + (0.3 * (held + 1)) / (held + broken + 2) + 0.2 * 0.5 ** (age(lastTouch) / 60),
        swings: members.length,
        touched: events.length,
        held,
        broken,
        firstDate: rows[members[0]!.row]!.date as PriceLevel['firstDate'],
        lastTouch: rows[lastTouch]!.date as PriceLevel['firstDate'],
        tol: tol / 1000,
        members: members.map(({ row, side, price }) => ({ date: rows[row]!.date as PriceLevel['firstDate'], side, price: price / 1000 })),
      }
    })
    .filter(({ price }) => Math.abs(price / last.close - 1) <= 0.25)
    .toSorted((p, q) => q.strength - p.strength)
  return [false, true]
    .flatMap((isResistance) => levels.filter(({ type }) => (type === 'resistance') === isResistance).slice(0, 4))
    .toSorted((p, q) => p.price - q.price)
}

/** The waves of `walkBars` with splits and suspensions, some so high that levels fall out of reach. */
function eventfulBars(seed: string, length: number): LevelBars {
  const rng = seededRng(seed)
  const stretch = rng.integer(1, 3)
  let [factor, skipped] = [1, new Map<number, number>()]
  const rows = walkBars(seed, length).map((row, i): Bar => {
    if (rng.next() < 0.01) factor *= rng.next() < 0.5 ? 2 : 0.5
    if (rng.next() < 0.01) skipped = skipped.set(i, rng.integer(1, 40))
    const wide = (cny: number) => (Math.round(100 * (20 + (cny - 20) * stretch)) * 64) / 100 / factor
    return { open: wide(row.open), high: wide(row.high), low: wide(row.low), close: wide(row.close), volume: (row.volume * factor) / 64, adjFactor: factor }
  })
  return barsOf(rows, skipped)
}

test('buildPriceLevels() equals the specification step by step', () => {
  const seen = { levels: 0, flips: 0, broken: 0, undecided: 0 }
  fc.assert(
    fc.property(seeds, fc.integer({ min: 55, max: 330 }), (seed, end) => {
      const bars = eventfulBars(seed, 330)
      const found = buildPriceLevels(code, bars, end, undefined)
      const expected = slowly(bars, end)
      const rounded = <Level extends Omit<PriceLevel, 'id'>>(levels: readonly Level[]) =>
        levels.map(({ strength, tol, ...level }) => ({
          ...level,
          id: '',
          strength: strength.toFixed(9),
          tol: tol.toFixed(9),
          members: level.members.map((member) => ({ ...member, price: member.price.toFixed(9) })),
        }))
      expect(rounded(found)).toEqual(rounded(expected))
      seen.levels += found.length
      seen.flips += found.filter(({ type }) => type === 'flip').length
      seen.broken += found.filter(({ broken }) => broken > 0).length
      seen.undecided += found.filter(({ touched, held, broken }) => touched > held + broken).length
    }),
    { numRuns: 100 },
  )
  expect(seen.levels).toBeGreaterThan(100)
  for (const count of [seen.flips, seen.broken, seen.undecided]) expect(count).toBeGreaterThan(0)
})

test('buildPriceLevels() never sees a bar after the day', () => {
  fc.assert(
    fc.property(seeds, fc.integer({ min: 60, max: 320 }), (seed, end) => {
      const bars = barsOf(walkBars(seed, 330))
      const poison = (column: Float64Array) => column.map((x, i) => (i < end ? x : x * -1e9))
      const poisoned = {
        ...bars,
        high: poison(bars.high),
        low: poison(bars.low),
        close: poison(bars.close),
        volume: poison(bars.volume),
        adjFactor: poison(bars.adjFactor),
      }
      const levels = buildPriceLevels(code, sliceBars(bars, 0, end), end, undefined)
      expect(buildPriceLevels(code, bars, end, undefined)).toEqual(levels)
      expect(buildPriceLevels(code, poisoned, end, undefined)).toEqual(levels)
    }),
    { numRuns: 40 },
  )
})

test('buildPriceLevels() reads the last 250 bars and nothing before them', () => {
  const bars = barsOf(walkBars('window', 400))
  const levels = buildPriceLevels(code, bars, 390, undefined)
  expect(levels.length).toBeGreaterThan(2)
  expect(buildPriceLevels(code, sliceBars(bars, 140, 390), 250, undefined)).toEqual(levels)
})

test('buildPriceLevels() keeps its promises about every level', () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const bars = barsOf(walkBars(seed, 300))
      const levels = buildPriceLevels(code, bars, 300, undefined)
      const close = Math.round(bars.close[299]! * 1000)
      expect(new Set(levels.map(({ id }) => id)).size).toBe(levels.length)
      expect(levels.filter(({ type }) => type === 'resistance').length).toBeLessThanOrEqual(4)
      expect(levels.filter(({ type }) => type !== 'resistance').length).toBeLessThanOrEqual(4)
      for (const [i, level] of levels.entries()) {
        expect([level.price % 10, level.swings, level.firstDate]).toEqual([0, level.members.length, level.members[0]!.date])
        expect(Math.abs(level.price / close - 1)).toBeLessThanOrEqual(0.25)
        expect(level.strength > 0 && level.strength < 1).toBe(true)
        expect(level.held + level.broken).toBeLessThanOrEqual(level.touched)
        expect(level.lastTouch >= level.firstDate && level.lastTouch <= bars.date[299]!).toBe(true)
        if (level.price * 1.005 < close) expect(level.type).not.toBe('resistance')
        if (level.price * 0.995 > close) expect(level.type).toBe('resistance')
        expect(level.type === 'flip').toBe(level.flipDir === 'R2S')
        expect(level.breakDate === undefined).toBe(level.flipDir === undefined)
        if (i > 0) expect(level.price - levels[i - 1]!.price).toBeGreaterThanOrEqual(level.tol * 1000)
        // The last five bars make no swing.
        expect(level.members.every(({ date }) => date <= bars.date[294]!)).toBe(true)
      }
    }),
    { numRuns: 40 },
  )
})

test('buildPriceLevels() does not notice a split that comes with its factor', () => {
  const rows = walkBars('split', 300)
  const after = rows.map((row) => ({ ...row, adjFactor: 2 }))
  const split = rows.map((row, i) =>
    i >= 200
      ? { ...row, adjFactor: 2 }
      : { open: row.open * 2, high: row.high * 2, low: row.low * 2, close: row.close * 2, volume: row.volume / 2, adjFactor: 1 },
  )
  const levels = buildPriceLevels(code, barsOf(rows), 300, undefined)
  expect(levels.length).toBeGreaterThan(2)
  expect(buildPriceLevels(code, barsOf(after), 300, undefined)).toEqual(levels)
  expect(buildPriceLevels(code, barsOf(split), 300, undefined)).toEqual(levels)
  // Levels of the day before the split go on after it under the same ids.
  const [before, first] = levelHistory(code, barsOf(split), [199, 200])
  const kept = first!.levels.filter(({ id }) => before!.levels.some((level) => level.id === id))
  expect(kept.length).toBeGreaterThan(1)
  for (const { id, price, tol } of kept)
    expect(Math.abs(before!.levels.find((level) => level.id === id)!.price / 2 - price)).toBeLessThanOrEqual(tol * 1000 + 5)
})

test('buildPriceLevels() ages swings by market days, also over a suspension', () => {
  const rows = walkBars('suspension', 250)
  const open = buildPriceLevels(code, barsOf(rows), 250, undefined)
  const suspended = buildPriceLevels(code, barsOf(rows, new Map([[249, 60]])), 250, undefined)
  const pairs = open.flatMap((level) =>
    suspended.filter(({ id, swings }) => id === level.id && swings === level.swings).map((later) => [level, later] as const),
  )
  expect(pairs.length).toBeGreaterThan(1)
  for (const [now, later] of pairs) if (now.lastTouch !== barsOf(rows).date[249]) expect(later.strength).toBeLessThan(now.strength)
})

test('buildPriceLevels() gives nothing for a short history and refuses an end outside the bars', () => {
  const bars = barsOf(walkBars('short', 70))
  expect(buildPriceLevels(code, bars, 59, undefined)).toEqual([])
  expect(buildPriceLevels(code, bars, 0, undefined)).toEqual([])
  expect(() => buildPriceLevels(code, bars, 71, undefined)).toThrow('Cannot build levels: the end lies within 70 bars, found 71')
  const flat = barsOf(Array.from({ length: 100 }, () => ({ open: 10, high: 10, low: 10, close: 10, volume: 0, adjFactor: 1 })))
  expect(buildPriceLevels(code, flat, 100, undefined)).toEqual([])
})

test('levelHistory() equals buildPriceLevels() called day by day, through ex-dates and gaps', () => {
  fc.assert(
    fc.property(seeds, fc.integer({ min: 1, max: 9 }), fc.array(fc.integer({ min: 30, max: 290 }), { maxLength: 4 }), (seed, every, exDates) => {
      let adjFactor = 1
      const rows = walkBars(seed, 300).map((row, i) => ({ ...row, adjFactor: (adjFactor *= exDates.includes(i) ? 1.0173 : 1) }))
      const bars = barsOf(rows)
      const calcRows = rows.flatMap((_, i) => (i % every === 0 ? [i] : []))
      let previous: readonly PriceLevel[] | undefined
      let before = -1
      for (const { row, levels } of levelHistory(code, bars, calcRows)) {
        const rebased = previous && rebaseLevels(previous, bars.adjFactor[before]!, bars.adjFactor[row]!, levelTick(code))
        previous = buildPriceLevels(code, sliceBars(bars, 0, row + 1), row + 1, rebased)
        expect(levels).toEqual(previous)
        before = row
      }
      expect(before).toBe(calcRows.at(-1))
    }),
    { numRuns: 10 },
  )
})

test('levelHistory() keeps the id of a level that continues, and gives no id twice', () => {
  const bars = barsOf(walkBars('inheritance', 500))
  let [continued, total] = [0, 0]
  let before: readonly PriceLevel[] = []
  for (const { levels } of levelHistory(
    code,
    bars,
    Int32Array.from({ length: 500 }, (_, i) => i),
  )) {
    expect(new Set(levels.map(({ id }) => id)).size).toBe(levels.length)
    const pairs = levels.flatMap((level) =>
      before
        .filter((old) => Math.abs(old.price - level.price) <= level.tol * 1000)
        .filter((old) => old.members.some((a) => level.members.some((b) => a.date === b.date && a.side === b.side)))
        .map((old) => ({ old, level })),
    )
    // Where neither side has a choice the id must go on.
    const plain = pairs.filter(({ old, level }) => pairs.filter((pair) => pair.old === old || pair.level === level).length === 1)
    total += plain.length
    continued += plain.filter(({ old, level }) => old.id === level.id).length
    before = levels
  }
  expect(total).toBeGreaterThan(800)
  expect(continued).toBe(total)
  expect(() => [...levelHistory(code, bars, [5, 5])]).toThrow('Cannot follow levels: calculation rows ascend from 0, found 5 after 5')
  expect(() => [...levelHistory(code, bars, [500])]).toThrow('calculation rows lie within 500 bars')
})

describe('flips', () => {
  /** Closes with shadows of 0.05 either side. */
  const path = (closes: readonly number[]) =>
    barsOf(closes.map((close) => ({ open: close, high: close + 0.05, low: close - 0.05, close, volume: 1e6, adjFactor: 1 })))
  const leg = (from: number, to: number, days: number) =>
    Array.from({ length: days }, (_, i) => Math.round((from + ((to - from) * (i + 1)) / days) * 100) / 100)
  // Three tops at 10.05 held it from below; then the price rises through and stays above.
  const tops = [...leg(9, 9.2, 30), ...leg(9.2, 10, 8), ...leg(10, 9.2, 8), ...leg(9.2, 10, 8), ...leg(10, 9.2, 8), ...leg(9.2, 10, 8), ...leg(10, 9.2, 8)]
  const broken = path([...tops, ...leg(9.2, 11, 12), ...leg(11, 10.8, 4)])

  test('buildPriceLevels() calls a resistance that held and then broke a flip, with the day of the break', () => {
    const flip = buildPriceLevels(code, broken, broken.length, undefined).find(({ type }) => type === 'flip')!
    expect([flip.price, flip.flipDir, flip.swings, flip.held > 0, flip.broken > 0]).toEqual([10_050, 'R2S', 3, true, true])
    const row = Array.from(broken.date).indexOf(flip.breakDate!)
    const atr = atrPctOf(broken, row + 1) * broken.close[row]!
    expect(broken.close[row]! - 10.05).toBeGreaterThanOrEqual(atr * 0.9)
    expect(buildPriceLevels(code, broken, broken.length, undefined, { ...LEVEL_PARAMS, flipDays: 2 }).some(({ type }) => type === 'flip')).toBe(false)
  })

  test('buildPriceLevels() calls a support that broke a resistance with S2R', () => {
    const mirrored = path(Array.from(broken.close, (close) => Math.round((20 - close) * 100) / 100))
    const level = buildPriceLevels(code, mirrored, mirrored.length, undefined).find(({ price }) => price === 9950)!
    expect([level.type, level.flipDir, level.breakDate !== undefined]).toEqual(['resistance', 'S2R', true])
  })
})

test('levelRole() keeps the old role inside the band and asks the recent closes without one', () => {
  const role = (close: number, previous?: PriceLevel['type'], meanClose = 9000) =>
    levelRole({ level: 10_000, close, meanClose, previous: previous && ({ type: previous } as PriceLevel) }, LEVEL_PARAMS)
  expect([role(10_060, 'resistance'), role(9940, 'flip')]).toEqual(['support', 'resistance'])
  expect([role(10_050, 'resistance'), role(9950, 'support'), role(9990, 'flip')]).toEqual(['resistance', 'support', 'support'])
  expect([role(10_050), role(9950, undefined, 10_020)]).toEqual(['resistance', 'support'])
})

test('flipEvent() asks for a break after a hold, both from the far side, within 60 trading days', () => {
  const event = (from: TouchEvent['from'], outcome: TouchEvent['outcome'], toldAt: number): TouchEvent => ({
    first: toldAt - 1,
    last: toldAt - 1,
    from,
    outcome,
    toldAt,
  })
  const flip = (events: readonly TouchEvent[], role: 'support' | 'resistance' = 'support', today = 100) =>
    flipEvent(role, events, today, (row) => row, LEVEL_PARAMS)?.toldAt
  const [held, broken, later] = [event('below', 'held', 10), event('below', 'broken', 40), event('below', 'broken', 60)]
  expect([flip([held, broken]), flip([held, broken, later]), flip([held, broken], 'support', 101)]).toEqual([40, 60, undefined])
  expect([flip([broken, held]), flip([broken]), flip([held]), flip([event('above', 'held', 10), broken])]).toEqual([undefined, undefined, undefined, undefined])
  expect([
    flip([held, event('above', 'broken', 50)]),
    flip([held, broken], 'resistance'),
    flip([event('above', 'held', 9), event('above', 'broken', 70)], 'resistance'),
  ]).toEqual([undefined, undefined, 70])
})

describe('identity', () => {
  const member = (date: number, side: 'high' | 'low' = 'high') => ({ date, side, price: 10 }) as unknown as LevelMember
  const level = (price: number, ...members: readonly LevelMember[]): UnnamedLevel => ({ price, tol: 0.1, members })
  const old = (id: string, price: number, ...members: readonly LevelMember[]) => ({ ...level(price, ...members), id }) as PriceLevel

  test('matchLevels() continues the nearest level within tol that shares a swing, each one once', () => {
    const previous = [old('a', 10_000, member(1), member(2)), old('b', 10_090, member(3))]
    expect(matchLevels([level(10_040, member(2)), level(10_020, member(1))], previous).map((match) => match?.id)).toEqual([undefined, 'a'])
    // One 厘 beyond tol is another level.
    expect([10_101, 10_100, 9899].map((price) => matchLevels([level(price, member(2))], previous)[0]?.id)).toEqual([undefined, 'a', undefined])
    expect(matchLevels([level(10_100, member(2)), level(10_110, member(2)), level(10_000, member(1, 'low'))], previous).map((match) => match?.id)).toEqual([
      'a',
      undefined,
      undefined,
    ])
  })

  test('nameLevels() hashes code, date and side of the oldest swing, and gives way to an id in use', () => {
    const [fresh] = nameLevels(code, [level(10_000, member(20_200_103), member(20_200_203))], [undefined])
    expect(fresh).toBe(textHash('600000.SH|20200103|high'))
    expect(fresh).toMatch(/^[0-9a-f]{16}$/)
    const taken = old(fresh!, 9000, member(1))
    const levels = [level(10_000, member(20_200_103), member(20_200_203)), level(9000, member(1)), level(11_000, member(20_200_103))]
    const names = nameLevels(code, levels, [undefined, taken, undefined])
    expect(names).toEqual([textHash('600000.SH|20200203|high'), fresh, textHash('600000.SH|20200103|high|1')])
  })

  test('textHash() of 40,000 names has no two alike', () => {
    const names = new Set<string>()
    for (let i = 0; i < 20_000; i++)
      for (const side of ['high', 'low']) names.add(textHash(`${600_000 + (i % 200)}.SH|${20_200_101 + Math.floor(i / 200)}|${side}`))
    expect(names.size).toBe(40_000)
  })
})

test('rebaseLevel() moves a level with the factor, half up to the tick', () => {
  expect([rebaseLevel(10_000, 1, 1.25, 10), rebaseLevel(10_010, 1, 2, 10), rebaseLevel(10_010, 1, 2, 1), rebaseLevel(9990, 3, 3, 10)]).toEqual([
    8000, 5010, 5005, 9990,
  ])
})

test('atrPctOf() is the ATR as a share of the close, unknown for a handful of bars', () => {
  const bars = barsOf(walkBars('atr', 100))
  expect(atrPctOf(bars, 100)).toBeGreaterThan(0.005)
  expect([atrPctOf(bars, 14), atrPctOf(bars, 0)]).toEqual([NaN, NaN])
})

test.skipIf(!hasShared)('levelHistory() over real stocks finds a handful of levels each (needs FUPAN_SHARED)', () => {
  const byCode = new Map<string, string[][]>()
  const lines = gunzipSync(readFileSync(file)).toString('latin1').trim().split('\n').slice(1)
  for (const line of lines) {
    const ts = line.slice(0, 9)
    if (!ts.startsWith('6000') && !ts.startsWith('0006')) continue
    const rows = byCode.get(ts)
    if (rows === undefined) byCode.set(ts, [line.split(',')])
    else rows.push(line.split(','))
  }
  const counts: number[] = []
  for (const [ts, rows] of byCode) {
    const sorted = rows.toSorted((a, b) => Number(a[1]) - Number(b[1]))
    const bars = barsOf(
      sorted.map((row) => ({
        open: Number(row[2]),
        high: Number(row[3]),
        low: Number(row[4]),
        close: Number(row[5]),
        volume: Number(row[8]) * 100,
        adjFactor: 1,
      })),
    )
    const calcRows = sorted.flatMap((_, i) => (i >= 250 && i % 5 === 0 ? [i] : []))
    for (const { levels } of levelHistory(ts as Code, bars, calcRows)) counts.push(levels.length)
  }
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length
  expect(counts.length).toBeGreaterThan(1000)
  expect(mean).toBeGreaterThan(3)
  expect(mean).toBeLessThan(7)
  expect(Math.max(...counts)).toBeLessThanOrEqual(8)
})
