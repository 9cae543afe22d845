import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SEGMENT } from '#core/session.ts'
import { formatClock } from '#core/shanghai-time.ts'
import type { Grain } from '#core/tick.ts'
import { classifySide, sideState, SIDE_METHODS, SIDE_PARAMS } from './classify-side.ts'
import { classifySides, sidesOf } from './classify-sides.ts'
import { withQuotesInForce } from './quotes-in-force.ts'
import { ticksByHand, type WrittenTick } from './ticks-by-hand.ts'

const shared = process.env.FUPAN_SHARED ?? join(import.meta.dirname, '../../../shared')
const vectorFile = join(shared, 'fixtures/vectors/microstructure.json')
const hasShared = existsSync(vectorFile)

interface Vectors {
  readonly side: {
    readonly trades: readonly (readonly [number, number, 'B' | 'S' | 'M' | null, string])[]
    readonly quotes: readonly (readonly [number, number, number])[]
    readonly expected: readonly (readonly [number, string])[]
  }
  readonly split: {
    readonly rows_vwap_bid_ask: readonly (readonly [number, number, number])[]
    readonly amounts: readonly number[]
    readonly expected_frac_side: readonly (readonly [number, number])[]
  }
}
const vectors = (): Vectors => JSON.parse(readFileSync(vectorFile, 'utf8')) as Vectors

/** Side, method and buy share of each tick, all in the morning unless segments are given. */
function decide(grain: Grain, ticks: readonly WrittenTick[], segments?: readonly number[], params = SIDE_PARAMS) {
  const day = ticksByHand(grain, ticks)
  const sides = classifySides(day, Uint8Array.from(segments ?? ticks.map(() => SEGMENT.AM)), sidesOf(day.length), params)
  return ticks.map((_, i) => [sides.side[i]!, SIDE_METHODS[sides.method[i]!]!, sides.buyFraction[i]!] as const)
}

test.skipIf(!hasShared)('classifySides() decides the worked example of single trades (needs FUPAN_SHARED)', () => {
  const { trades, quotes, expected } = vectors().side
  const day = ticksByHand(
    'TBT',
    trades.map(([seconds, price, flag]) => ({ time: formatClock(seconds * 1000), price, ...(flag === null ? {} : { flag }) })),
  )
  const midnight = day.at[0]! - trades[0]![0] * 1000
  const quoted = withQuotesInForce(day, {
    at: Float64Array.from(quotes, ([seconds]) => midnight + seconds * 1000),
    bid1: Float64Array.from(quotes, ([, bid]) => Math.round(bid * 1000)),
    ask1: Float64Array.from(quotes, ([, , ask]) => Math.round(ask * 1000)),
  })
  const sides = classifySides(
    quoted,
    Uint8Array.from(trades, ([, , , kind]) => (kind === 'AUCTION' ? SEGMENT.OPEN_PRINT : SEGMENT.AM)),
  )
  expect(trades.map((_, i) => [sides.side[i], SIDE_METHODS[sides.method[i]!]])).toEqual(expected)
})

test.skipIf(!hasShared)('classifySides() splits the worked example of aggregates (needs FUPAN_SHARED)', () => {
  const { rows_vwap_bid_ask: rows, expected_frac_side: expected } = vectors().split
  const ticks = rows.map(([vwap, bid1, ask1], i) => ({ time: formatClock(34_203_000 + 3000 * i), price: vwap, volume: 1000, amount: vwap * 1000, bid1, ask1 }))
  const decided = decide('AGG3S', ticks)
  decided.forEach(([side, method, fraction], i) => {
    expect([side, method]).toEqual([expected[i]![1], 'SPLIT'])
    expect(fraction).toBeCloseTo(expected[i]![0], 12)
  })
})

test('classifySide() takes an exchange flag before the quote, and asks the next rule on M', () => {
  const quote = { bid1: 10, ask1: 10.02 }
  const rows = decide('TBT', [
    { time: '09:30:03', price: 10.02, flag: 'S', ...quote },
    { time: '09:30:06', price: 10.02, flag: 'M', ...quote },
  ])
  expect(rows).toEqual([
    [-1, 'FLAG', 0],
    [1, 'QUOTE', 1],
  ])
})

test('classifySide() falls through a locked book to the tick rule, and through a crossed one to the midpoint', () => {
  const rows = decide('TBT', [
    { time: '09:30:00', price: 10 },
    { time: '09:30:03', price: 10.01, bid1: 10.01, ask1: 10.01 },
    { time: '09:30:06', price: 10.02, bid1: 10.03, ask1: 10.0 },
  ])
  expect(rows.map(([side, method]) => [side, method])).toEqual([
    [0, 'NONE'],
    [1, 'TICK'],
    [1, 'MID'],
  ])
})

test('classifySide() reads a sealed 跌停 as buying and a quote with both sides empty as no quote', () => {
  const rows = decide('TBT', [
    { time: '09:30:00', price: 9, bid1: 0, ask1: 9 },
    { time: '09:30:03', price: 9, bid1: 0, ask1: 0 },
  ])
  expect(rows.map(([side, method]) => [side, method])).toEqual([
    [1, 'QUOTE'],
    [0, 'NONE'],
  ])
})

test('classifySide() leaves auctions and pauses unclassified but remembers the opening print', () => {
  const ticks = [
    { time: '09:20:00', price: 12 },
    { time: '09:25:00', price: 10, flag: 'B' as const },
    { time: '09:30:00', price: 10.01 },
    { time: '15:00:00', price: 10.01, flag: 'S' as const },
  ]
  expect(decide('TBT', ticks, [SEGMENT.OPEN_CALL_B, SEGMENT.OPEN_PRINT, SEGMENT.AM, SEGMENT.CLOSE_PRINT])).toEqual([
    [0, 'AUCTION', NaN],
    [0, 'AUCTION', NaN],
    [1, 'TICK', 1],
    [0, 'AUCTION', NaN],
  ])
})

test('classifySide() compares the average price of an aggregate with the last price before it', () => {
  const rows = decide('AGG3S', [
    { time: '09:30:00', price: 10.02, volume: 1000, amount: 10_000 },
    // Last price falls to 10.01 but the average is above the previous last.
    { time: '09:30:03', price: 10.01, volume: 1000, amount: 10_025 },
    { time: '09:30:06', price: 10.05, volume: 1000, amount: 10_010 },
  ])
  expect(rows.map(([side, method]) => [side, method])).toEqual([
    [0, 'NONE'],
    [1, 'TICK'],
    [1, 'TICK'],
  ])
})

test('classifySide() prefers the vendor flag of an aggregate only when told to', () => {
  const ticks = [{ time: '09:30:03', price: 10.02, volume: 100, amount: 1001.5, flag: 'S' as const, bid1: 10, ask1: 10.02 }]
  expect(decide('AGG3S', ticks)).toEqual([[1, 'SPLIT', 0.75]])
  expect(decide('AGG3S', ticks, undefined, { ...SIDE_PARAMS, prefer: 'flag' })).toEqual([[-1, 'FLAG', 0]])
  expect(decide('AGG3S', [{ ...ticks[0]!, bid1: undefined, ask1: undefined } as unknown as WrittenTick])).toEqual([[-1, 'FLAG', 0]])
})

test('classifySide() puts a buy share of exactly 0.6 or 0.4 on neither side', () => {
  const at = (amount: number) => decide('AGG3S', [{ time: '09:30:03', price: 10, volume: 700, amount, bid1: 10, ask1: 10.3 }])[0]!
  expect(at(7000 + 0.6 * 0.3 * 700)).toEqual([0, 'SPLIT', 0.6])
  expect(at(7000 + 0.4 * 0.3 * 700)).toEqual([0, 'SPLIT', 0.4])
  expect(at(7000 + 0.6 * 0.3 * 700 + 0.001)[0]).toBe(1)
})

test('classifySide() splits nothing by a book that is empty, locked or crossed', () => {
  const at = (bid1: number, ask1: number) => decide('AGG3S', [{ time: '09:30:03', price: 10, volume: 100, amount: 1000, bid1, ask1 }])[0]!
  for (const [bid1, ask1] of [
    [0, 0],
    [10, 10],
    [10.02, 10],
  ] as const)
    expect(at(bid1, ask1)).toEqual([0, 'NONE', NaN])
})

test('classifySide() treats an aggregate without an amount as one trade at its last price', () => {
  expect(decide('SNAPDIFF', [{ time: '09:30:03', price: 10.015, volume: 100, bid1: 10, ask1: 10.02 }])).toEqual([[1, 'MID', 1]])
})

test('classifySide() gives a one-minute bar no side', () => {
  expect(decide('BAR1M', [{ time: '09:31:00', price: 10.02, volume: 100, bid1: 10, ask1: 10.02 }])).toEqual([[0, 'NONE', NaN]])
})

test('classifySides() says which length is wrong', () => {
  const day = ticksByHand('TBT', [{ time: '09:30:00', price: 10 }])
  expect(() => classifySides(day, new Uint8Array(2))).toThrow('Cannot classify 1 ticks with 2 segments into 1 sides: lengths must match')
})

const anyTick = fc.record({
  price: fc.integer({ min: 990, max: 1010 }).map((cents) => cents / 100),
  volume: fc.integer({ min: 1, max: 1000 }),
  slip: fc.integer({ min: -15, max: 15 }),
  flag: fc.constantFrom('B', 'S', 'M', undefined),
  bid1: fc.constantFrom(0, 9.98, 9.99, 10, 10.01, undefined),
  ask1: fc.constantFrom(0, 9.99, 10, 10.01, 10.02, undefined),
  segment: fc.constantFrom(SEGMENT.OPEN_PRINT, SEGMENT.AM, SEGMENT.AM, SEGMENT.PM, SEGMENT.CLOSE_PRINT, SEGMENT.LUNCH),
})

test('classifySide() on the stream decides as the batch does, with shares in [0, 1] that agree with the side', () => {
  fc.assert(
    fc.property(fc.array(anyTick, { maxLength: 40 }), fc.constantFrom<Grain>('TBT', 'AGG3S', 'SNAPDIFF', 'BAR1M'), (rows, grain) => {
      const day = ticksByHand(
        grain,
        rows.map(({ price, volume, slip, ...rest }, i) => ({
          time: formatClock(34_200_000 + 3000 * i),
          price,
          volume,
          amount: price * volume + (slip / 1000) * volume,
          ...(rest as Pick<WrittenTick, 'flag' | 'bid1' | 'ask1'>),
        })),
      )
      const segments = Uint8Array.from(rows, (row) => row.segment)
      const sides = classifySides(day, segments)
      const state = sideState(grain)
      for (let i = 0; i < day.length; i++) {
        const tick = { price: day.price[i]!, volume: day.volume[i]!, amount: day.amount[i]!, amountEstimated: day.amountEstimated[i] === 1 }
        classifySide(state, { ...tick, vendorSide: day.vendorSide[i]!, bid1: day.bid1[i]!, ask1: day.ask1[i]! }, segments[i]!)
        expect([state.side, state.method, state.buyFraction]).toEqual([sides.side[i], sides.method[i], sides.buyFraction[i]])
        const continuous = segments[i] === SEGMENT.AM || segments[i] === SEGMENT.PM
        if (!continuous) expect([state.side, SIDE_METHODS[state.method], state.buyFraction]).toEqual([0, 'AUCTION', NaN])
        else if (Number.isNaN(state.buyFraction)) expect([state.side, SIDE_METHODS[state.method]]).toEqual([0, 'NONE'])
        else {
          expect(state.buyFraction).toBeGreaterThanOrEqual(0)
          expect(state.buyFraction).toBeLessThanOrEqual(1)
          expect(state.side).toBe(state.buyFraction > 0.6 ? 1 : state.buyFraction < 0.4 ? -1 : 0)
        }
      }
    }),
  )
})
