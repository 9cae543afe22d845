import type { Code } from '#core/code.ts'
import type { Tick } from '#core/tick.ts'
import type { EpochMs, TradeDate } from '#core/trade-date.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Intake, type IntakeReport } from './intake.ts'

const date = 20260105 as TradeDate
const code = '600519.SH' as Code

function tick(seq: number, at: number, more: Partial<Tick> = {}): Tick {
  const price = 1_500_000 + seq * 10
  return {
    code,
    date,
    at: at as EpochMs,
    seenAt: at as EpochMs,
    seq,
    grain: 'AGG3S',
    price,
    volume: 100,
    amount: price * 100,
    amountEstimated: false,
    vendorSide: NaN,
    tradeCount: NaN,
    bid1: NaN,
    ask1: NaN,
    ...more,
  }
}

function judged(ticks: readonly Tick[]) {
  const reports: IntakeReport[] = []
  const intake = new Intake(date, (report) => reports.push(report))
  return { verdicts: ticks.map((each) => intake.judge(each, 0)), reports, intake }
}

test('Intake accepts a feed in order without a word', () => {
  const { verdicts, reports } = judged([tick(0, 1000), tick(1, 4000), tick(2, 4000)])
  expect(verdicts).toEqual(['accepted', 'accepted', 'accepted'])
  expect(reports).toEqual([])
})

test('Intake takes a repeated record once, and the same state under a new number as no news', () => {
  const { verdicts, reports, intake } = judged([tick(0, 1000), tick(0, 1000), tick(1, 1000, { price: 1_500_000, amount: 150_000_000 })])
  expect(verdicts).toEqual(['accepted', 'duplicate', 'duplicate'])
  expect(reports).toMatchObject([
    { type: 'duplicate', seq: 0 },
    { type: 'duplicate', seq: 1 },
  ])
  expect(intake.counts).toMatchObject({ accepted: 1, duplicate: 2, gap: 0 })
})

test('Intake lets two equal trades of one moment be two trades when the feed has single trades', () => {
  const { verdicts } = judged([tick(0, 1000, { grain: 'TBT' }), tick(1, 1000, { grain: 'TBT', price: 1_500_000, amount: 150_000_000 })])
  expect(verdicts).toEqual(['accepted', 'accepted'])
})

test('Intake reports a hole in the numbering, and takes what fills it', () => {
  const { verdicts, reports, intake } = judged([tick(0, 1000), tick(4, 9000), tick(2, 6000), tick(2, 6000)])
  expect(verdicts).toEqual(['accepted', 'accepted', 'disordered', 'duplicate'])
  expect(reports[0]).toEqual({ type: 'gap', code, at: 9000, from: 1, to: 3 })
  expect(intake.missing(0)).toBe(2)
  // A record older than its predecessor counts at the predecessor's time.
  expect(intake.at).toBe(9000)
})

test('Intake calls a record late when it is more than six seconds behind its stock', () => {
  const { verdicts, reports } = judged([tick(0, 1000), tick(3, 20_000), tick(1, 14_000), tick(2, 13_999)])
  expect(verdicts).toEqual(['accepted', 'accepted', 'disordered', 'late'])
  expect(reports.at(-1)).toMatchObject({ type: 'late', behindMs: 6001 })
})

test('Intake gives a record from the future the time it was seen', () => {
  const { verdicts, intake } = judged([tick(0, 10_000), tick(1, 99_000, { seenAt: 12_000 as EpochMs }), tick(2, 13_000)])
  expect(verdicts).toEqual(['accepted', 'future', 'accepted'])
  expect(intake.at).toBe(13_000)
  expect(judged([tick(0, 12_000, { seenAt: 10_000 as EpochMs })]).verdicts).toEqual(['accepted'])
})

test('Intake refuses other days and records without a trade, and does not call them missing', () => {
  const { verdicts, intake } = judged([
    tick(0, 1000, { date: 20260104 as TradeDate }),
    tick(0, 1000),
    tick(1, 2000, { volume: 0 }),
    tick(2, 3000, { price: NaN }),
    tick(3, 4000),
  ])
  expect(verdicts).toEqual(['other-day', 'accepted', 'not-a-trade', 'not-a-trade', 'accepted'])
  expect(intake.counts.gap).toBe(0)
})

test('Intake takes each number at most once and loses none, in whatever order a feed delivers', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 120 }), (order) => {
      const { verdicts, intake } = judged(order.map((seq) => tick(seq, 1000 + seq)))
      const taken = order.filter((_, i) => verdicts[i] !== 'duplicate')
      expect(taken.toSorted((a, b) => a - b)).toEqual([...new Set(order)].toSorted((a, b) => a - b))
      expect(intake.missing(0)).toBe(order.length === 0 ? 0 : Math.max(...order) + 1 - new Set(order).size)
    }),
  )
})
