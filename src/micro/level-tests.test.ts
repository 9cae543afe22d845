import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readCode } from '#core/code.ts'
import { isContinuous, segmentsOf, sessionRulesOn } from '#core/session.ts'
import { clockTime, formatClock, instantOf, timeOfDay } from '#core/shanghai-time.ts'
import type { Grain, TickDay } from '#core/tick.ts'
import { tradeDate, type EpochMs } from '#core/trade-date.ts'
import { admitTicks } from './admit-ticks.ts'
import { classifySides, type ClassifiedDay } from './classify-sides.ts'
import { levelBand, LEVEL_TEST_PARAMS } from './level-band.ts'
import { levelTape, type LevelTape } from './level-tape.ts'
import { findLevelTests, type LevelTest, type LevelTestOptions } from './level-tests.ts'
import { ticksByHand, type WrittenTick } from './ticks-by-hand.ts'

const shared = process.env.FUPAN_SHARED ?? join(import.meta.dirname, '../../../shared')
const hasShared = existsSync(join(shared, 'data/ticks_l1'))

function classified(day: TickDay): ClassifiedDay {
  const rules = sessionRulesOn(day.date, day.code.endsWith('SH') ? 'SH' : 'SZ', day.code.startsWith('300') ? 'chinext' : 'main')
  const byClock = segmentsOf(
    day.at.map((at) => timeOfDay(at as EpochMs)),
    rules,
  )
  const { day: admitted, segments } = admitTicks(day, byClock)
  return { day: admitted, segments, sides: classifySides(admitted, segments) }
}

const byHand = (ticks: readonly WrittenTick[], grain: Grain = 'TBT'): LevelTape => levelTape(classified(ticksByHand(grain, ticks)))
const clockOf = (at: number): string => formatClock(timeOfDay(at as EpochMs))
const options: LevelTestOptions = { previousClose: 10_150, tick: 10, bigFrom: 50_000_000 }

// Spec microstructure §15.4: L = 10.00, band [9.95, 10.05], previous close 10.15.
const example: readonly (readonly [time: string, price: number])[] = [
  ['09:25:00', 10.12],
  ['09:30:03', 10.12],
  ['09:31:00', 10.06],
  ['09:31:30', 10.04],
  ['09:32:00', 10.01],
  ['09:33:00', 9.99],
  ['09:33:30', 9.97],
  ['09:34:00', 10],
  ['09:35:00', 10.03],
  ['09:35:30', 10.06],
  ['09:35:45', 10.05],
  ['09:36:00', 10.07],
  ['09:38:00', 10.08],
  ['09:39:00', 10.05],
  ['09:40:00', 10.02],
  ['09:41:00', 10.08],
  ['10:10:00', 10.15],
  ['11:28:00', 10.05],
  ['11:29:00', 10.03],
  ['13:00:30', 9.98],
  ['13:01:00', 9.96],
  ['13:01:30', 9.93],
  ['13:20:00', 9.9],
  ['14:56:00', 9.95],
  ['14:56:57', 9.96],
  ['15:00:00', 9.97],
]
const exampleTicks = example.map(([time, price]) => ({ time, price }))

describe('the example of spec §15.4', () => {
  const { tests, crossings, band } = findLevelTests(byHand(exampleTicks), { price: 10_000, type: 'support' }, options)

  test('findLevelTests() finds its three tests', () => {
    expect([band.low, band.high, crossings]).toEqual([9950, 10_050, 0])
    expect(
      tests.map((one) => [clockOf(one.tEntry), clockOf(one.tExit), one.approach, one.exitSide, one.prints, one.resumed, one.dwellSeconds, one.isScored]),
    ).toEqual([
      ['09:31:30', '09:41:00', 'above', 'above', 9, 2, 570, true],
      ['11:28:00', '13:01:30', 'above', 'below', 4, 0, 210, true],
      ['14:56:00', '15:00:00', 'below', 'close_in', 2, 0, 60, false],
    ])
  })

  test('findLevelTests() measures its paths, attempts and times', () => {
    const rounded = (x: number) => Math.round(x * 10_000) / 10_000
    expect(tests.map((one) => [one.timeAbove, one.timeBelow, one.penetrationDown, one.penetrationUp].map(rounded))).toEqual([
      [0.7895, 0.1053, 0.003, 0.008],
      [0.7143, 0.2857, 0.007, 0.005],
      [0, 1, 0.005, 0],
    ])
    expect(tests.map((one) => [one.testId, one.attempts, one.entryKind, one.spansLunch, one.exitPrice])).toEqual([
      [1, 3, 'normal', false, 10_080],
      [2, 4, 'normal', true, 9930],
      [3, 5, 'normal', false, 9970],
    ])
    expect(clockOf(tests[1]!.tConfirm)).toBe('13:01:30')
  })

  test('findLevelTests() measures the reaction half an hour of session later', () => {
    // 09:41 + 30 min: the last print is 10.15 at 10:10; 13:01:30 + 30 min: 9.90 at 13:20; the third ends with the day.
    expect(tests.map((one) => one.futureReturn30m)).toEqual([10_150 / 10_080 - 1, 9900 / 9930 - 1, NaN])
    expect(tests.map((one) => one.h30Truncated)).toEqual([false, false, false])
    expect(tests.slice(0, 2).map((one) => clockOf(one.future30mKnownAt))).toEqual(['10:11:00', '13:31:30'])
    expect(tests[2]!.future30mKnownAt).toBeNaN()
  })
})

test.skipIf(!existsSync(join(shared, 'fixtures/vectors')))('findLevelTests() gives the segmentation vector (needs FUPAN_SHARED)', () => {
  const { segment } = JSON.parse(readFileSync(join(shared, 'fixtures/vectors/microstructure.json'), 'utf8'))
  const tape = byHand(segment.prints.map(([time, price]: [string, number]) => ({ time, price })))
  const level = { price: Math.round(segment.level * 1000), type: 'support' } as const
  const params = { ...LEVEL_TEST_PARAMS, band: segment.band_pct }
  const { tests, band } = findLevelTests(tape, level, { ...options, previousClose: Math.round(segment.prev_close * 1000), params })
  expect([band.low / 1000, band.high / 1000]).toEqual(segment.band)
  const seconds = (at: number) => timeOfDay(at as EpochMs) / 1000
  const fourDigits = (x: number) => Math.round(x * 10_000) / 10_000
  expect(
    tests.map((one) => ({
      test_id: one.testId,
      t_entry: seconds(one.tEntry),
      t_exit: seconds(one.tExit),
      approach: one.approach,
      entry_kind: one.entryKind,
      exit_side: one.exitSide,
      p_exit: one.exitPrice / 1000,
      prints_in_band: one.prints,
      resumed: one.resumed,
      dwell_s: one.dwellSeconds,
      time_above: fourDigits(one.timeAbove),
      time_below: fourDigits(one.timeBelow),
      pen_down: fourDigits(one.penetrationDown),
      pen_up: fourDigits(one.penetrationUp),
      is_scored: one.isScored,
    })),
  ).toEqual(segment.expected)
})

/** A print of the oracle: a row, its place against the band, its session time counted by hand. */
interface Print {
  readonly place: 'above' | 'below' | 'in'
  readonly price: number
  readonly sigma: number
  readonly at: number
  readonly row: number
}

/** σ in ms on a timetable with or without a closing call, written from spec §1 and not from core/session.ts. */
function sigmaOf(at: number, endsAt: string): number {
  const time = timeOfDay(at as EpochMs)
  const within = (from: string, to: string) => Math.min(Math.max(time - clockTime(from), 0), clockTime(to) - clockTime(from))
  return within('09:30', '11:30') + within('13:00', endsAt)
}

type Expected = Pick<
  LevelTest,
  'tEntry' | 'tExit' | 'tConfirm' | 'approach' | 'entryKind' | 'exitSide' | 'resumed' | 'exitPrice' | 'dwellSeconds' | 'timeAbove' | 'timeBelow'
> &
  Pick<
    LevelTest,
    'penetrationUp' | 'penetrationDown' | 'prints' | 'isScored' | 'volume' | 'amount' | 'buyAmount' | 'sellAmount' | 'bigBuyAmount' | 'bigSellAmount'
  > &
  Pick<LevelTest, 'bigNetRatio' | 'orderFlowImbalance' | 'futureReturn30m' | 'h30Truncated'>

/**
 * Spec §9.1 and §9.2 as definitions over lists, tick 0.01, default parameters: an out-run is a longest stretch of prints on one side; a print confirms leaving when it is far enough
 * out or its run has lasted 60 s; a visit goes from an in-print to the start of the run that is confirmed first.
 */
function slowly(tape: LevelTape, level: number, previousClose: number | undefined, bigFrom: number): { tests: Expected[]; crossings: number } {
  const { day, segments, sides } = tape.classified
  const endsAt = tape.fullClock === 14_400_000 ? '15:00' : '14:57'
  // b = 5 ‰, in whole numbers: 1000 · price against 995 · L and 1005 · L, and never narrower than a tick.
  const low = Math.min(Math.ceil((level * 995) / 10_000) * 10, level - 10)
  const high = Math.max(Math.floor((level * 1005) / 10_000) * 10, level + 10)
  const placeOf = (price: number) => (price > high ? 'above' : price < low ? 'below' : 'in')
  const prints: Print[] = Array.from(tape.rows, (row) => {
    const [price, at] = [day.price[row]!, day.at[row]!]
    return { place: placeOf(price), price, sigma: sigmaOf(at, endsAt), at, row }
  })
  const runStart = (i: number): number => (i > 0 && prints[i - 1]!.place === prints[i]!.place ? runStart(i - 1) : i)
  const beyond = ({ price, place }: Print): number => (place === 'above' ? price - high : low - price)
  const leaves = (i: number): boolean =>
    prints[i]!.place !== 'in' && (beyond(prints[i]!) * 1000 >= Math.max(level, 10_000) || prints[i]!.sigma - prints[runStart(i)]!.sigma >= 60_000)
  const indexes = prints.map((_, i) => i)

  const stays: { entry: number; exit: number; confirm: number; left: boolean; resumed: number }[] = []
  const outside: Print['place'][][] = [[previousClose === undefined ? 'in' : placeOf(previousClose)]]
  for (let i = 0; i < prints.length;) {
    const entry = indexes.find((k) => k >= i && prints[k]!.place === 'in') ?? prints.length
    outside.at(-1)!.push(...prints.slice(i, entry).map(({ place }) => place))
    if (entry === prints.length) break
    const confirm = indexes.find((k) => k > entry && leaves(k))
    const end = prints.length - 1
    const stay = { entry, exit: confirm === undefined ? end : runStart(confirm), confirm: confirm ?? end, left: confirm !== undefined, resumed: 0 }
    const last = stays.at(-1)
    const away = last === undefined ? [] : prints.slice(last.exit, entry)
    const near =
      last !== undefined && away.every(({ price }) => Math.abs(price - level) * 1000 < 10 * level) && prints[entry]!.sigma - prints[last.exit]!.sigma < 300_000
    if (near) stays.splice(-1, 1, { ...stay, entry: last.entry, resumed: last.resumed + 1 })
    else stays.push(stay)
    outside.push([])
    i = confirm ?? prints.length
  }
  const crossings = outside.flatMap((places) =>
    places.filter((place, k) => k > 0 && place !== 'in' && places[k - 1] !== 'in' && places[k - 1] !== place),
  ).length

  const tests = stays.map(({ entry, exit, confirm, left, resumed }): Expected => {
    const [first, out, told, last] = [prints[entry]!, prints[exit]!, prints[confirm]!, prints.at(-1)!]
    const isOpen = !left && !tape.isComplete
    const exitSide = left ? (told.place as 'above' | 'below') : isOpen ? 'open' : (`close_${last.place}` as const)
    const before = entry === 0 ? (previousClose === undefined ? undefined : placeOf(previousClose)) : prints[entry - 1]!.place
    const entryKind = before === undefined ? 'unknown' : before === 'in' ? 'carry' : entry === 0 ? 'gap' : 'normal'
    const inBand = prints.slice(entry, exit + 1).filter(({ place }) => place === 'in')
    const traded = inBand.filter(({ row }) => isContinuous(segments[row]!))
    const dwell = out.sigma - first.sigma
    const time = (is: (price: number) => boolean) =>
      dwell === 0
        ? NaN
        : indexes.filter((k) => k >= entry && k < exit && is(prints[k]!.price)).reduce((sum, k) => sum + prints[k + 1]!.sigma - prints[k]!.sigma, 0) / dwell
    const total = (of: readonly Print[], read: (row: number) => number) => Number(of.reduce((sum, { row }) => sum + BigInt(read(row)), 0n))
    const bought = (row: number) => (Number.isNaN(sides.buyFraction[row]!) ? 0 : Math.round(day.amount[row]! * sides.buyFraction[row]!))
    const sold = (row: number) => (Number.isNaN(sides.buyFraction[row]!) ? 0 : day.amount[row]! - bought(row))
    const hasSides = traded.some(({ row }) => !Number.isNaN(sides.buyFraction[row]!))
    const known = (x: number) => (hasSides ? x : NaN)
    const big = (sign: number) =>
      known(
        total(
          traded.filter(({ row }) => day.amount[row]! >= bigFrom && sides.side[row] === sign),
          (row) => day.amount[row]!,
        ),
      )
    const amount = total(inBand, (row) => day.amount[row]!)
    const full = sigmaOf(instantOf(day.date, clockTime('15:00')), endsAt)
    const target = out.sigma + 1_800_000
    const reaches = tape.isComplete || target <= last.sigma
    const after = left && full - out.sigma >= 300_000 && reaches ? (target > full ? last : prints.findLast(({ sigma }) => sigma <= target)!) : undefined
    const buyAmount = known(total(traded, bought))
    const sellAmount = known(total(traded, sold))
    return {
      tEntry: first.at,
      tExit: isOpen ? NaN : out.at,
      tConfirm: isOpen ? NaN : told.at,
      approach: before,
      entryKind,
      exitSide,
      resumed,
      exitPrice: isOpen ? NaN : out.price,
      dwellSeconds: dwell / 1000,
      timeAbove: time((price) => price > level),
      timeBelow: time((price) => price < level),
      penetrationUp: Math.max(0, ...prints.slice(entry, confirm + 1).map(({ price }) => price - level)) / level,
      penetrationDown: Math.max(0, ...prints.slice(entry, confirm + 1).map(({ price }) => level - price)) / level,
      prints: traded.length,
      isScored: !isOpen && traded.length >= 3 && (entryKind === 'normal' || entryKind === 'gap') && dwell <= full / 2,
      volume: total(inBand, (row) => day.volume[row]!),
      amount,
      buyAmount,
      sellAmount,
      bigBuyAmount: big(1),
      bigSellAmount: big(-1),
      bigNetRatio: (big(1) - big(-1)) / amount,
      orderFlowImbalance: (buyAmount - sellAmount) / amount,
      futureReturn30m: after === undefined ? NaN : after.price / out.price - 1,
      h30Truncated: after !== undefined && target > full,
    }
  })
  return { tests, crossings }
}

interface RandomDay {
  readonly steps: readonly (readonly [seconds: number, ticks: number, lots: number])[]
  readonly start: number
  readonly hasOpening: boolean
  readonly closing: number | undefined
}

/**
 * A random day around a level (in ticks of 0.01), drawn back to it when far away. Times count session seconds, so that gaps and the lunch fall anywhere.
 */
function written({ steps, start, hasOpening, closing }: RandomDay, level: number): WrittenTick[] {
  const wall = (session: number) => formatClock(clockTime('09:30') + (session + (session > 7200 ? 5400 : 0)) * 1000)
  let [session, price] = [0, level + start]
  const ticks: WrittenTick[] = hasOpening ? [{ time: '09:25:00', price: price / 100, volume: 1000 }] : []
  for (const [seconds, move, lots] of steps) {
    session += seconds
    if (session >= 14_220) break
    price += move - Math.trunc((price - level) / 10)
    ticks.push({
      time: wall(session),
      price: price / 100,
      volume: lots * 100,
      flag: (['B', 'S', 'M'] as const)[lots % 3]!,
      amount: Math.round(price * lots * 1000 + lots) / 1000,
    })
  }
  if (closing !== undefined) ticks.push({ time: '15:00:00', price: (price + closing) / 100, volume: 700 })
  return ticks
}

const step = fc.tuple(
  fc.oneof({ weight: 6, arbitrary: fc.integer({ min: 0, max: 45 }) }, { weight: 1, arbitrary: fc.integer({ min: 46, max: 2500 }) }),
  fc.oneof({ weight: 8, arbitrary: fc.integer({ min: -3, max: 3 }) }, { weight: 1, arbitrary: fc.integer({ min: -14, max: 14 }) }),
  fc.integer({ min: 1, max: 900 }),
)
const randomDay = fc.record({
  steps: fc.array(step, { maxLength: 120, size: 'max' }),
  start: fc.integer({ min: -18, max: 18 }),
  hasOpening: fc.boolean(),
  closing: fc.option(fc.integer({ min: -3, max: 3 }), { nil: undefined }),
  previousClose: fc.option(fc.integer({ min: -18, max: 18 }), { nil: undefined }),
  grain: fc.constantFrom<Grain>('TBT', 'AGG3S', 'BAR1M'),
})

function agrees(tape: LevelTape, level: number, previousClose: number | undefined, bigFrom: number): readonly LevelTest[] {
  const found = findLevelTests(tape, { price: level, type: 'support' }, { previousClose, tick: 10, bigFrom })
  const expected = slowly(tape, level, previousClose, bigFrom)
  expect(found.crossings).toBe(expected.crossings)
  expect(found.tests.map((one) => Object.fromEntries(Object.keys(expected.tests[0] ?? {}).map((key) => [key, one[key as keyof Expected]])))).toEqual(
    expected.tests,
  )
  return found.tests
}

test('findLevelTests() equals the definitions over lists on random paths', () => {
  const seen = new Set<string>()
  fc.assert(
    // At 2.01 the band is one tick, at 30.00 it takes three ticks to leave at once.
    fc.property(randomDay, fc.constantFrom(2010, 9990, 10_000, 10_010, 30_000, 30_010), ({ previousClose, grain, ...day }, level) => {
      const tape = byHand(written(day, level / 10), grain)
      for (const one of agrees(tape, level, previousClose === undefined ? undefined : level + previousClose * 10, 300_000_000))
        for (const word of [
          one.approach,
          one.entryKind,
          one.exitSide,
          one.resumed > 0 ? 'resumed' : '',
          one.isScored ? 'scored' : '',
          one.spansLunch ? 'lunch' : '',
        ])
          seen.add(word ?? 'none')
    }),
    { numRuns: 1500 },
  )
  // The paths really go through every state.
  for (const word of [
    'above',
    'below',
    'in',
    'none',
    'normal',
    'gap',
    'carry',
    'unknown',
    'close_in',
    'close_above',
    'close_below',
    'open',
    'resumed',
    'scored',
    'lunch',
  ])
    expect(seen).toContain(word)
})

test('findLevelTests() gives every in-print to exactly one test, and its tests do not overlap', () => {
  fc.assert(
    fc.property(randomDay, ({ previousClose, ...random }) => {
      const tape = byHand(written(random, 1000))
      const { tests, band } = findLevelTests(
        tape,
        { price: 10_000, type: 'flip' },
        { ...options, previousClose: previousClose === undefined ? undefined : 10_000 + previousClose * 10 },
      )
      const inPrints = [...tape.price].filter((price) => price >= band.low && price <= band.high)
      const { day } = tape.classified
      const inVolume = [...tape.rows]
        .filter((row) => day.price[row]! >= band.low && day.price[row]! <= band.high)
        .reduce((sum, row) => sum + day.volume[row]!, 0)
      expect(tests.reduce((sum, one) => sum + one.volume, 0)).toBe(inVolume)
      expect(tests.length).toBeLessThanOrEqual(inPrints.length)
      for (const [i, one] of tests.entries()) {
        expect(one.testId).toBe(i + 1)
        expect(one.tConfirm >= one.tExit && one.tExit >= one.tEntry).toBe(one.exitSide !== 'open')
        if (i > 0) expect(tests[i - 1]!.tConfirm).toBeLessThanOrEqual(one.tEntry)
        expect(one.future30mKnownAt > one.tExit).toBe(!Number.isNaN(one.futureReturn30m))
        if (!Number.isNaN(one.timeAbove)) expect(one.timeAbove + one.timeBelow).toBeLessThanOrEqual(1 + 1e-12)
      }
    }),
  )
})

test('findLevelTests() of the prints so far never changes a test that is already confirmed', () => {
  fc.assert(
    fc.property(randomDay, fc.nat({ max: 120 }), ({ previousClose, ...day }, cut) => {
      const ticks = written({ ...day, closing: day.closing ?? 0 }, 3000)
      const level = { price: 30_000, type: 'support' } as const
      const read = { ...options, previousClose: previousClose === undefined ? undefined : 30_000 + previousClose * 10 }
      const soFar = findLevelTests(byHand(ticks.slice(0, cut)), level, read).tests.filter((one) => one.exitSide === 'above' || one.exitSide === 'below')
      const whole = findLevelTests(byHand(ticks), level, read).tests
      for (const one of soFar) {
        const after = whole[one.testId - 1]!
        expect(after.tEntry).toBe(one.tEntry)
        if (after.resumed !== one.resumed) continue
        const { futureReturn30m: reaction, future30mKnownAt: known, h30Truncated: truncated, ...rest } = one
        expect(after).toMatchObject(rest)
        if (!Number.isNaN(reaction)) expect(after).toMatchObject({ futureReturn30m: reaction, future30mKnownAt: known, h30Truncated: truncated })
      }
    }),
  )
})

describe('entries, exits and times by hand', () => {
  const testsOf = (ticks: readonly WrittenTick[], previousClose: number | undefined) =>
    findLevelTests(byHand(ticks), { price: 10_000, type: 'support' }, { ...options, previousClose }).tests

  test('findLevelTests() counts a jump over the band as a crossing, also at the opening and at lunch', () => {
    const ticks = [10.2, 9.8, 9.7, 10.3].map((price, i) => ({ time: ['09:25:00', '09:31:00', '11:29:00', '13:00:00'][i]!, price }))
    expect(findLevelTests(byHand(ticks), { price: 10_000, type: 'support' }, { ...options, previousClose: 9_000 })).toMatchObject({ tests: [], crossings: 3 })
    expect(findLevelTests(byHand(ticks), { price: 12_000, type: 'support' }, { ...options, previousClose: 12_500 })).toMatchObject({ tests: [], crossings: 1 })
  })

  test('findLevelTests() leaves after 60 s outside however near, and stops that clock at lunch', () => {
    // L = 100.00: the band ends at 100.50, leaving at once takes 0.10.
    const tests = (times: readonly string[]) =>
      findLevelTests(
        byHand(times.map((time, i) => ({ time, price: i === 0 ? 100 : 100.51 }))),
        { price: 100_000, type: 'support' },
        { ...options, previousClose: 102_000 },
      ).tests.map((one) => [one.exitSide, clockOf(one.tExit), clockOf(one.tConfirm)])
    expect(tests(['11:29:20', '11:29:30', '13:00:29', '13:00:30', '15:00:00'])).toEqual([['above', '11:29:30', '13:00:30']])
    expect(tests(['14:56:00', '14:56:10', '15:00:00'])).toEqual([['close_above', '15:00:00', '15:00:00']])
  })

  test('findLevelTests() starts the 60 s again when the price jumps to the other side', () => {
    const ticks = [100, 100.51, 99.49, 99.49, 99.48].map((price, i) => ({ time: ['10:00:00', '10:01:00', '10:01:30', '10:02:10', '10:02:30'][i]!, price }))
    const { tests, crossings } = findLevelTests(byHand(ticks), { price: 100_000, type: 'support' }, { ...options, previousClose: 102_000 })
    expect([crossings, tests.map((one) => [one.exitSide, clockOf(one.tExit), clockOf(one.tConfirm)])]).toEqual([0, [['below', '10:01:30', '10:02:30']]])
  })

  test('findLevelTests() truncates the horizon at the close and gives up within five minutes of it', () => {
    const leaving = (time: string) =>
      testsOf(
        [
          { time: '14:20:00', price: 10.2 },
          { time: '14:20:30', price: 10 },
          { time, price: 10.1 },
          { time: '15:00:00', price: 10.302 },
        ],
        10_150,
      )[0]!
    const late = leaving('14:40:00')
    expect([late.futureReturn30m, late.h30Truncated, clockOf(late.future30mKnownAt)]).toEqual([10_302 / 10_100 - 1, true, '15:00:00'])
    const atClose = leaving('14:27:00')
    // The target is 14:57 on the session clock, which is the closing print: known at 15:00 only.
    expect([atClose.futureReturn30m, atClose.h30Truncated, clockOf(atClose.future30mKnownAt)]).toEqual([10_302 / 10_100 - 1, false, '15:00:00'])
    expect(leaving('14:52:01').futureReturn30m).toBeNaN()
    // A closing print stamped late is still the price of 15:00:00.
    const late3 = testsOf(
      [
        { time: '14:20:30', price: 10 },
        { time: '14:27:00', price: 10.1 },
        { time: '15:00:03', price: 10.3 },
      ],
      10_150,
    )[0]!
    expect([late3.futureReturn30m, clockOf(late3.future30mKnownAt)]).toEqual([10_300 / 10_100 - 1, '15:00:00'])
  })

  test('findLevelTests() keeps carry and unknown entries without scoring them', () => {
    const ticks = ['09:30:00', '09:31:00', '09:32:00', '09:33:00'].map((time, i) => ({ time, price: i < 3 ? 10 : 10.2 }))
    expect(testsOf(ticks, 10_020).map((one) => [one.entryKind, one.approach, one.isScored])).toEqual([['carry', 'in', false]])
    expect(testsOf(ticks, undefined).map((one) => [one.entryKind, one.approach, one.isScored])).toEqual([['unknown', undefined, false]])
    expect(testsOf(ticks, 10_150).map((one) => [one.entryKind, one.approach, one.isScored])).toEqual([['gap', 'above', true]])
  })

  test('findLevelTests() measures penetration upward for a resistance and knows absorbed sells of levels met from above', () => {
    const ticks = [
      { time: '09:31:00', price: 10.2, flag: 'S' },
      { time: '09:32:00', price: 10, volume: 3000, flag: 'S' },
      { time: '09:33:00', price: 9.96, volume: 1000, flag: 'B' },
      { time: '09:36:00', price: 10.1, flag: 'B' },
    ] as const
    const [support] = findLevelTests(byHand(ticks), { price: 10_000, type: 'support' }, options).tests
    const [resistance] = findLevelTests(byHand(ticks), { price: 10_000, type: 'resistance' }, options).tests
    expect([support!.maxPenetration, resistance!.maxPenetration]).toEqual([0.004, 0.01])
    expect([support!.sellAbsorbed, support!.valuePerMinute]).toEqual([30_000_000, 39_960 / 4])
    expect([support!.bigNetRatio, support!.orderFlowImbalance]).toEqual([0, (9_960_000 - 30_000_000) / 39_960_000])
  })
})

describe('missing input', () => {
  const level = { price: 10_000, type: 'support' } as const

  test('findLevelTests() of a day without ticks, and of a level the day never met, is empty', () => {
    expect(findLevelTests(byHand([]), level, options)).toMatchObject({ tests: [], crossings: 0 })
    expect(findLevelTests(byHand(exampleTicks), { price: 12_000, type: 'resistance' }, options)).toMatchObject({ tests: [], crossings: 0 })
  })

  test('findLevelTests() of half a day leaves the running test open and unknown returns unknown', () => {
    const { tests } = findLevelTests(byHand(exampleTicks.slice(0, 18)), level, options)
    expect(tests.map((one) => [one.exitSide, one.isScored, one.tExit, one.exitPrice, one.futureReturn30m])).toEqual([
      ['above', true, tests[0]!.tExit, 10_080, 10_150 / 10_080 - 1],
      ['open', false, NaN, NaN, NaN],
    ])
    const short = findLevelTests(byHand(exampleTicks.slice(0, 16)), level, options).tests
    expect([short[0]!.exitSide, short[0]!.futureReturn30m, short[0]!.future30mKnownAt]).toEqual(['above', NaN, NaN])
  })

  test('findLevelTests() without sides or without a threshold has value but no flow', () => {
    const bars = findLevelTests(byHand(exampleTicks, 'BAR1M'), level, options).tests[0]!
    expect([bars.amount > 0, bars.orderFlowImbalance, bars.bigNetRatio, bars.buyAmount, bars.sellAbsorbed]).toEqual([true, NaN, NaN, NaN, NaN])
    const unmeasured = findLevelTests(byHand(exampleTicks), level, { ...options, bigFrom: NaN }).tests[0]!
    expect([Number.isNaN(unmeasured.orderFlowImbalance), unmeasured.bigNetRatio, unmeasured.bigBuyAmount]).toEqual([false, NaN, NaN])
  })

  test('findLevelTests() of prints without volume has no ratios', () => {
    const day = ticksByHand(
      'TBT',
      exampleTicks.map((tick) => ({ ...tick, volume: 0 })),
    )
    const segments = byHand(exampleTicks).classified.segments
    const { tests } = findLevelTests(levelTape({ day, segments, sides: classifySides(day, segments) }), level, options)
    expect(tests.map((one) => [one.amount, one.bigNetRatio, one.orderFlowImbalance])).toEqual([1, 2, 3].map(() => [0, NaN, NaN]))
  })
})

describe('levelBand()', () => {
  test('levelBand() is never narrower than a tick and falls on the tick', () => {
    expect(levelBand(1000, 10, LEVEL_TEST_PARAMS)).toMatchObject({ low: 990, high: 1010 })
    expect(levelBand(12_340, 10, LEVEL_TEST_PARAMS)).toMatchObject({ low: 12_280, high: 12_400 })
    expect(levelBand(12_340, 1, LEVEL_TEST_PARAMS)).toMatchObject({ low: 12_279, high: 12_401 })
  })

  test('levelBand() follows the ATR within bounds when asked to', () => {
    const auto = { ...LEVEL_TEST_PARAMS, bandMode: 'auto' } as const
    expect([0.004, 0.012, 0.05, NaN].map((atrPct) => levelBand(10_000, 10, auto, atrPct).ratio)).toEqual([0.002, 0.003, 0.005, 0.005])
    expect(levelBand(10_000, 10, auto, 0.012)).toMatchObject({ low: 9970, high: 10_030 })
  })
})

/** A recorded day of 3-second aggregates: newest first, lots, the vendor's own side. */
function recordedDay(code: string, file: string): TickDay {
  const date = tradeDate(file.slice(0, 10))
  const rows = gunzipSync(readFileSync(join(shared, 'data/ticks_l1', code, file)))
    .toString()
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','))
    .toReversed()
  const column = (read: (row: string[]) => number) => Float64Array.from(rows, read)
  const unknown = new Float64Array(rows.length).fill(NaN)
  return {
    code: readCode(code),
    date,
    grain: 'AGG3S',
    length: rows.length,
    at: column((row) => instantOf(date, clockTime(row[0]!))),
    price: Int32Array.from(rows, (row) => Math.round(Number(row[1]) * 1000)),
    volume: column((row) => Number(row[2]) * 100),
    amount: column((row) => Number(row[3]) * 1000),
    amountEstimated: new Uint8Array(rows.length),
    vendorSide: column((row) => Number(row[4])),
    tradeCount: unknown,
    bid1: unknown,
    ask1: unknown,
  }
}

test.skipIf(!hasShared)('findLevelTests() equals the definitions over lists on every recorded day, and tests stay few (needs FUPAN_SHARED)', () => {
  const counts: number[] = []
  for (const code of readdirSync(join(shared, 'data/ticks_l1'))) {
    const daily = gunzipSync(readFileSync(join(shared, 'data/ticks_l1', code, 'dayk_bfq.csv.gz')))
      .toString()
      .trim()
      .split('\n')
    for (const file of readdirSync(join(shared, 'data/ticks_l1', code)).filter((name) => /^\d/.test(name))) {
      const tape = levelTape(classified(recordedDay(code, file)))
      const before = daily.findLast((line) => line < file.slice(0, 10))
      const previousClose = Math.round(Number(before!.split(',')[4]) * 1000)
      expect(tape.isComplete).toBe(true)
      for (const share of [0, 0.25, 0.5, 0.75, 1]) {
        const level = Math.round((tape.low + share * (tape.high - tape.low)) / 10) * 10
        counts.push(agrees(tape, level, previousClose, 200_000_000).length)
      }
    }
  }
  expect(counts.length).toBe(75)
  expect(Math.min(...counts)).toBeGreaterThanOrEqual(1)
  expect(Math.max(...counts)).toBeLessThanOrEqual(12)
})
