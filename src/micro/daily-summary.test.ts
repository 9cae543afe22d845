import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SEGMENT, segmentsOf, sessionRulesOn } from '#core/session.ts'
import { timeOfDay } from '#core/shanghai-time.ts'
import type { Grain } from '#core/tick.ts'
import type { EpochMs } from '#core/trade-date.ts'
import { SIDE_METHODS } from './classify-side.ts'
import { classifySides, type ClassifiedDay } from './classify-sides.ts'
import { summarizeDay, type SummaryField } from './daily-summary.ts'
import { measures } from './measures/index.ts'
import { selectTicks } from './select-ticks.ts'
import { ticksByHand, type WrittenTick } from './ticks-by-hand.ts'

const rules = sessionRulesOn(ticksByHand('TBT', []).date, 'SH', 'main')
const threshold = { threshold: 50_000, method: 'FIXED' } as const

function classified(grain: Grain, ticks: readonly WrittenTick[]): ClassifiedDay {
  const day = ticksByHand(grain, ticks)
  const segments = segmentsOf(
    day.at.map((at) => timeOfDay(at as EpochMs)),
    rules,
  )
  return { day, segments, sides: classifySides(day, segments) }
}

/** The columns of spec §6 one by one, each as its own filter and sum over row objects, in whole 厘. */
function slowly({ day, segments, sides }: ClassifiedDay, thresholdMilli: number): Partial<Record<SummaryField, number>> {
  const rows = Array.from({ length: day.length }, (_, i) => ({
    minutes: timeOfDay(day.at[i] as EpochMs) / 60_000,
    amount: BigInt(day.amount[i]!),
    volume: BigInt(day.volume[i]!),
    buy: Number.isNaN(sides.buyFraction[i]!) ? undefined : BigInt(Math.round(day.amount[i]! * sides.buyFraction[i]!)),
    side: sides.side[i]!,
    segment: segments[i]!,
  }))
  type Row = (typeof rows)[number]
  const total = (of: readonly Row[], read: (row: Row) => bigint) => Number(of.reduce((sum, row) => sum + read(row), 0n))
  const all = rows.filter((row) => [SEGMENT.OPEN_PRINT, SEGMENT.AM, SEGMENT.PM, SEGMENT.CLOSE_PRINT].includes(row.segment as 2))
  const continuous = rows.filter((row) => row.segment === SEGMENT.AM || row.segment === SEGMENT.PM)
  const sided = continuous.filter((row) => row.buy !== undefined)
  const big = continuous.filter((row) => Number(row.amount) >= thresholdMilli)
  const netOf = (of: readonly Row[]) => total(of, (row) => BigInt(row.side) * row.amount) / 1000
  const value = total(all, (row) => row.amount)
  const buy = total(sided, (row) => row.buy!)
  const sell = total(sided, (row) => row.amount - row.buy!)
  const auction = all.filter((row) => !continuous.includes(row))
  return {
    total_value: value / 1000,
    total_volume: total(all, (row) => row.volume),
    active_buy_value: buy / 1000,
    active_sell_value: sell / 1000,
    neutral_value: total(continuous, (row) => (row.buy === undefined ? row.amount : 0n)) / 1000,
    auction_value: total(auction, (row) => row.amount) / 1000,
    order_flow_imbalance: value === 0 ? NaN : (buy - sell) / value,
    big_buy_value: total(big, (row) => (row.side > 0 ? row.amount : 0n)) / 1000,
    big_sell_value: total(big, (row) => (row.side < 0 ? row.amount : 0n)) / 1000,
    big_buy_volume: total(big, (row) => (row.side > 0 ? row.volume : 0n)),
    big_sell_volume: total(big, (row) => (row.side < 0 ? row.volume : 0n)),
    big_net_value: netOf(big),
    big_net_open: netOf(big.filter((row) => row.minutes < 600)),
    big_net_mid: netOf(big.filter((row) => row.minutes >= 600 && row.minutes < 840)),
    big_net_close: netOf(big.filter((row) => row.minutes >= 840)),
    big_count: big.length,
    tick_count: continuous.length,
    side_coverage: continuous.length === 0 ? NaN : total(sided, (row) => row.amount) / total(continuous, (row) => row.amount),
    ah_volume: total(rows, (row) => (row.segment === SEGMENT.AH_FIXED ? row.volume : 0n)),
    ah_value: total(rows, (row) => (row.segment === SEGMENT.AH_FIXED ? row.amount : 0n)) / 1000,
  }
}

const times = [
  '09:20:00',
  '09:25:00',
  '09:30:00',
  '09:59:59.999',
  '10:00:00',
  '11:30:03',
  '12:00:00',
  '13:00:00',
  '14:00:00',
  '14:57:03',
  '15:00:00',
  '15:10:00',
]
const anyTick = fc.record({
  time: fc.constantFrom(...times),
  price: fc.integer({ min: 950, max: 1050 }).map((cents) => cents / 100),
  volume: fc.integer({ min: 1, max: 12_000 }),
  flag: fc.constantFrom('B' as const, 'S' as const, 'M' as const),
  slip: fc.integer({ min: -9, max: 9 }),
  bid1: fc.constantFrom(0, 9.9, 10),
  ask1: fc.constantFrom(0, 10.01, 10.1),
})
const anyDay = fc
  .array(anyTick, { maxLength: 40 })
  .map((rows) =>
    rows
      .toSorted((a, b) => times.indexOf(a.time) - times.indexOf(b.time))
      .map(({ slip, ...row }) => ({ ...row, amount: Math.round((row.price * row.volume + (slip / 1000) * row.volume) * 1000) / 1000 })),
  )

test('summarizeDay() equals every column computed on its own', () => {
  fc.assert(
    fc.property(anyDay, fc.constantFrom<Grain>('TBT', 'AGG3S'), (rows, grain) => {
      const input = classified(grain, rows)
      const { values } = summarizeDay(input, { threshold, dailyAmount: NaN })
      for (const [name, value] of Object.entries(slowly(input, 50_000_000))) expect(values[name as SummaryField], name).toBe(value)
    }),
  )
})

test('summarizeDay() adds its parts up to the total, and the three parts of the day up to the big net, to the 厘', () => {
  const milli = (x: number) => Math.round(x * 1000)
  fc.assert(
    fc.property(anyDay, (rows) => {
      const { values: v } = summarizeDay(classified('AGG3S', rows), { threshold, dailyAmount: NaN })
      const parts = milli(v.active_buy_value) + milli(v.active_sell_value) + milli(v.neutral_value) + milli(v.auction_value)
      expect(parts).toBe(milli(v.total_value))
      expect(milli(v.big_net_open) + milli(v.big_net_mid) + milli(v.big_net_close)).toBe(milli(v.big_net_value))
    }),
  )
})

test('summarizeDay() does not depend on the order of flagged trades within a millisecond', () => {
  fc.assert(
    fc.property(anyDay, (rows) => {
      const flagged = rows.map((row) => ({ ...row, flag: row.flag === 'M' ? ('B' as const) : row.flag }))
      const input = classified('TBT', flagged)
      const order = Uint32Array.from(Array.from(flagged.keys()).toSorted((a, b) => input.day.at[a]! - input.day.at[b]! || b - a))
      const day = selectTicks(input.day, order)
      const shuffled = { day, segments: input.segments, sides: classifySides(day, input.segments) }
      const options = { threshold, dailyAmount: 1e6 }
      expect(summarizeDay(shuffled, options)).toEqual(summarizeDay(input, options))
    }),
  )
})

test('summarizeDay() reads the same numbers as a live fold of every measure', () => {
  fc.assert(
    fc.property(anyDay, (rows) => {
      const input = classified('AGG3S', rows)
      const { values } = summarizeDay(input, { threshold, dailyAmount: NaN })
      for (const measure of measures) {
        const sums = measure.create()
        for (let i = 0; i < input.day.length; i++) {
          const amount = input.day.amount[i]!
          const buyAmount = Math.round(amount * input.sides.buyFraction[i]!)
          const flow = { amount, volume: input.day.volume[i]!, buyAmount, side: input.sides.side[i]!, segment: input.segments[i]!, isBig: amount >= 50_000_000 }
          measure.add(sums, 0, flow)
        }
        expect(values[measure.name], measure.name).toBe(measure.value(sums, 0))
      }
    }),
  )
})

test('summarizeDay() says which rules decided the value of continuous trading', () => {
  const { sideMethods, quality, values } = summarizeDay(
    classified('TBT', [
      { time: '09:25:00', price: 10, volume: 1000 },
      { time: '09:30:00', price: 10, volume: 300, flag: 'B' },
      { time: '09:30:03', price: 10, volume: 100, bid1: 10, ask1: 10.01 },
    ]),
    { threshold, dailyAmount: 15_000 },
  )
  expect(JSON.parse(sideMethods)).toEqual({ FLAG: 0.75, QUOTE: 0.25 })
  expect([quality, values.cov]).toEqual(['PARTIAL', 14_000 / 15_000])
  expect(SIDE_METHODS).toContain('FLAG')
})

test('summarizeDay() calls a trade big from exactly the threshold on', () => {
  const day = classified('TBT', [
    { time: '09:30:00', price: 10, volume: 5000, flag: 'B' },
    { time: '09:30:03', price: 10, volume: 4999, flag: 'S' },
  ])
  const { values } = summarizeDay(day, { threshold, dailyAmount: NaN })
  expect([values.big_count, values.big_net_value]).toEqual([1, 50_000])
})

test('summarizeDay() of bars has value and volume but no big trades and no imbalance', () => {
  const bars = classified('BAR1M', [
    { time: '09:31:00', price: 10, volume: 100_000 },
    { time: '09:32:00', price: 10.1, volume: 100_000 },
  ])
  const { values } = summarizeDay(bars, { threshold, dailyAmount: NaN, bulk: { imbalance: 0.2, vpin: NaN } })
  expect([values.total_volume, values.neutral_value, values.ofi_bvc]).toEqual([200_000, 2_010_000, 0.2])
  expect([values.big_net_value, values.big_count, values.big_density, values.order_flow_imbalance, values.vpin]).toEqual([NaN, NaN, NaN, NaN, NaN])
})

test('summarizeDay() of a day without ticks is a row of zeros and unknowns', () => {
  const { values, quality, sideMethods } = summarizeDay(classified('TBT', []), { threshold, dailyAmount: 1e6 })
  expect([values.total_value, values.vwap, values.cov, quality, sideMethods]).toEqual([0, NaN, 0, 'BAD', '{}'])
})
