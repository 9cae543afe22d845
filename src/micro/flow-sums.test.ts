import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SEGMENT } from '#core/session.ts'
import { addFlow, bigFrom, buyAmountOf, FLOW, FLOW_WIDTH, flowSums, removeFlow, type Flow } from './flow-sums.ts'
import { measures } from './measures/index.ts'

const segments = [SEGMENT.OPEN_PRINT, SEGMENT.AM, SEGMENT.AM, SEGMENT.PM, SEGMENT.CLOSE_PRINT, SEGMENT.LUNCH, SEGMENT.AH_FIXED]
const anyFlow: fc.Arbitrary<Flow> = fc
  .record({
    amount: fc.integer({ min: 1, max: 50_000_000_000 }),
    volume: fc.integer({ min: 1, max: 1_000_000 }),
    fraction: fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constant(NaN)),
    side: fc.constantFrom(-1, 0, 1),
    segment: fc.constantFrom(...segments),
    isBig: fc.boolean(),
  })
  .map(({ fraction, ...flow }) => ({ ...flow, buyAmount: buyAmountOf(flow.amount, fraction) }))

const fold = (flows: readonly Flow[]): Float64Array => {
  const sums = flowSums()
  for (const flow of flows) addFlow(sums, 0, flow)
  return sums
}

test('addFlow() keeps the parts of the value adding up to the whole, to the last 厘', () => {
  fc.assert(
    fc.property(fc.array(anyFlow, { maxLength: 50 }), (flows) => {
      const sums = fold(flows)
      const parts = sums[FLOW.buyAmount]! + sums[FLOW.sellAmount]! + sums[FLOW.neutralAmount]! + sums[FLOW.auctionAmount]!
      expect(parts).toBe(sums[FLOW.totalAmount])
      expect(sums[FLOW.bigBuyAmount]! + sums[FLOW.bigSellAmount]!).toBeLessThanOrEqual(sums[FLOW.totalAmount]! - sums[FLOW.auctionAmount]!)
      expect(sums[FLOW.bigCount]!).toBeLessThanOrEqual(sums[FLOW.tickCount]!)
    }),
  )
})

test('removeFlow() undoes addFlow() exactly and touches no neighbouring row', () => {
  fc.assert(
    fc.property(fc.array(anyFlow, { maxLength: 30 }), fc.array(anyFlow, { maxLength: 30 }), (kept, passing) => {
      const board = new Float64Array(3 * FLOW_WIDTH)
      for (const flow of kept) addFlow(board, FLOW_WIDTH, flow)
      const before = board.slice()
      for (const flow of passing) addFlow(board, FLOW_WIDTH, flow)
      for (const flow of passing) removeFlow(board, FLOW_WIDTH, flow)
      expect(board).toEqual(before)
      expect(board.subarray(0, FLOW_WIDTH).every((x) => x === 0) && board.subarray(2 * FLOW_WIDTH).every((x) => x === 0)).toBe(true)
    }),
  )
})

test('every measure of a moving window equals its fresh fold bit for bit, in any order', () => {
  fc.assert(
    fc.property(fc.array(anyFlow, { minLength: 1, maxLength: 60 }), fc.integer({ min: 1, max: 20 }), (flows, window) => {
      const moving = flowSums()
      flows.forEach((flow, i) => {
        addFlow(moving, 0, flow)
        if (i >= window) removeFlow(moving, 0, flows[i - window]!)
        const inside = flows.slice(Math.max(0, i - window + 1), i + 1)
        for (const measure of measures) {
          const fresh = measure.create()
          for (const one of inside.toReversed()) measure.add(fresh, 0, one)
          expect(Object.is(measure.value(moving, 0), measure.value(fresh, 0)), measure.name).toBe(true)
        }
      })
    }),
    { numRuns: 40 },
  )
})

test('addFlow() counts auctions as value without side and leaves indicative and after-hours rows out', () => {
  const flow = { amount: 1000, volume: 10, buyAmount: NaN, side: 0, isBig: true }
  const sums = fold(segments.map((segment) => ({ ...flow, segment })))
  expect([sums[FLOW.totalAmount], sums[FLOW.auctionAmount], sums[FLOW.neutralAmount]]).toEqual([5000, 2000, 3000])
  expect([sums[FLOW.tickCount], sums[FLOW.bigCount], sums[FLOW.bigBuyAmount]]).toEqual([3, 3, 0])
})

test('buyAmountOf() stays within half a 厘 of the exact share and passes NaN on', () => {
  expect([buyAmountOf(1001, 0.5), buyAmountOf(1000, 0.4), buyAmountOf(999, 1), buyAmountOf(999, 0)]).toEqual([501, 400, 999, 0])
  expect(buyAmountOf(999, NaN)).toBeNaN()
})

test('bigFrom() rounds the threshold to the 厘 so that interpolation dust decides nothing', () => {
  expect(bigFrom(172_499.999_999_999_83)).toBe(172_500_000)
  expect(() => bigFrom(NaN)).toThrow('Cannot tell big trades: the threshold is a positive amount in CNY, found NaN')
})

test('measures have distinct names and give the hand-computed values', () => {
  const sums = fold([
    { amount: 2_000_000, volume: 200, buyAmount: NaN, side: 0, segment: SEGMENT.OPEN_PRINT, isBig: false },
    { amount: 3_000_000, volume: 300, buyAmount: 3_000_000, side: 1, segment: SEGMENT.AM, isBig: true },
    { amount: 1_000_000, volume: 100, buyAmount: 250_000, side: -1, segment: SEGMENT.AM, isBig: true },
    { amount: 4_000_000, volume: 200, buyAmount: NaN, side: 0, segment: SEGMENT.PM, isBig: true },
  ])
  const values = Object.fromEntries(measures.map((measure) => [measure.name, measure.value(sums, 0)]))
  expect(Object.keys(values)).toHaveLength(measures.length)
  expect(values).toEqual({
    total_value: 10_000,
    total_volume: 800,
    vwap: 12.5,
    active_buy_value: 3250,
    active_sell_value: 750,
    active_net_value: 2500,
    neutral_value: 4000,
    auction_value: 2000,
    order_flow_imbalance: 0.25,
    big_buy_value: 3000,
    big_sell_value: 1000,
    big_buy_volume: 300,
    big_sell_volume: 100,
    big_net_value: 2000,
    big_net_ratio: 0.2,
    big_buy_ratio: 0.3,
    big_sell_ratio: 0.1,
    big_count: 3,
    tick_count: 3,
    big_density: 1,
    side_coverage: 0.5,
  })
})

test('measures over no ticks are 0 where they count and NaN where they divide', () => {
  const values = measures.map((measure) => [measure.unit, measure.value(measure.create(), 0)] as const)
  for (const [unit, value] of values) expect(value).toBe(unit === 'ratio' || unit === 'cny_per_share' ? NaN : 0)
})
