import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readCode, type Code } from '#core/code.ts'
import { seededRng } from '#core/rng.ts'
import { dateOfDayNumber } from '#core/trade-date.ts'
import { matchLevels, nameLevels, textHash, type UnnamedLevel } from './level-identity.ts'
import { levelRole } from './level-role.ts'
import { LEVEL_PARAMS, rebaseLevel, rebaseLevels, type LevelBars, type LevelMember, type PriceLevel } from './price-level.ts'
import { atrPctOf, buildPriceLevels, levelHistory, levelTick } from './price-levels.ts'

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
    walk += 5 * rng.normal()
    const open = close
    close = 2 * Math.round(1000 + walk + 80 * Math.sin(i / 5) + 60 * Math.sin(i / 23) + 4 * rng.normal())
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
    { numRuns: 60 },
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
    { numRuns: 60 },
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
    { numRuns: 15 },
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
    for (const level of levels) {
      const near = before.filter((old) => Math.abs(old.price - level.price) <= level.tol * 1000)
      const sharing = near.filter((old) => old.members.some((a) => level.members.some((b) => a.date === b.date && a.side === b.side)))
      if (sharing.length === 1 && levels.filter(({ id }) => id === sharing[0]!.id).length === 1 && sharing[0]!.id === level.id) continued++
      if (sharing.length > 0) total++
    }
    before = levels
  }
  expect(total).toBeGreaterThan(800)
  expect(continued / total).toBeGreaterThan(0.995)
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

describe('identity', () => {
  const member = (date: number, side: 'high' | 'low' = 'high') => ({ date, side, price: 10 }) as unknown as LevelMember
  const level = (price: number, ...members: readonly LevelMember[]): UnnamedLevel => ({ price, tol: 0.1, members })
  const old = (id: string, price: number, ...members: readonly LevelMember[]) => ({ ...level(price, ...members), id }) as PriceLevel

  test('matchLevels() continues the nearest level within tol that shares a swing, each one once', () => {
    const previous = [old('a', 10_000, member(1), member(2)), old('b', 10_090, member(3))]
    expect(matchLevels([level(10_040, member(2)), level(10_020, member(1))], previous).map((match) => match?.id)).toEqual([undefined, 'a'])
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
