import { instantOf } from '#core/shanghai-time.ts'
import { tradeDate } from '#core/trade-date.ts'
import { expect, test } from 'vitest'
import type { StockReply } from '../api.ts'
import { eventKey } from './bar-events.ts'
import { chartFrame, type KlineColumns } from './chart-frame.ts'

const CLOSE = 15 * 3_600_000
const dates = [20260105, 20260106, 20260107]

const bars = (close: readonly number[]): KlineColumns => ({
  time: dates.map((date) => instantOf(tradeDate(date), CLOSE)),
  open: [...close],
  high: [...close],
  low: [...close],
  close: [...close],
  volume: [100, 200, 300],
  amount: [1000, null, 3000],
  final: [true, true, true],
})

// A 1:2 split on the 6th: the factor doubles, the traded price halves.
const stock = {
  bollinger: { date: dates, mid: [20, 10, null], upper: [22, 11, 12], lower: [18, 9, 8], adjFactor: [1, 2, 2] },
  micro: { date: [20260106], bigNet: [-5], bigNetOpen: [1], bigNetMid: [null], bigNetClose: [2], quality: ['GOOD'] },
  shares: { date: [20260105, 20260106], floatShares: [10_000, null] },
  dividends: [{ date: 20260106, cash: 0.25, bonus: 1 }],
  reports: [{ date: 20260107, period: 20251231 }],
} as unknown as StockReply

test('chartFrame() puts bands on the scale of the bars: own day for none, today for qfq, the beginning for hfq', () => {
  expect(chartFrame(bars([20, 10, 10]), stock, 'none').mid).toEqual([20, 10, undefined])
  expect(chartFrame(bars([10, 10, 10]), stock, 'qfq').mid).toEqual([10, 10, undefined])
  expect(chartFrame(bars([20, 20, 20]), stock, 'hfq').upper).toEqual([22, 22, 24])
})

test('chartFrame() knows the traded price of the newest bar under every adjustment', () => {
  expect(chartFrame(bars([20, 10, 11]), stock, 'none').lastTraded).toBe(11)
  expect(chartFrame(bars([10, 10, 11]), stock, 'qfq').lastTraded).toBe(11)
  expect(chartFrame(bars([20, 20, 22]), stock, 'hfq').lastTraded).toBe(11)
  expect(chartFrame(bars([20, 20, 22]), undefined, 'hfq').lastTraded).toBeUndefined()
  // The 8th has no factor yet: the session runs.
  const live = { ...bars([10, 11, 12]), time: [20260106, 20260107, 20260108].map((date) => instantOf(tradeDate(date), CLOSE)) }
  expect(chartFrame(live, stock, 'qfq').lastTraded).toBe(12)
  expect(chartFrame({ ...live, close: [20, 22, 24] }, stock, 'hfq').lastTraded).toBe(12)
})

test('chartFrame() sees no fall on an ex-date in any adjustment', () => {
  expect(chartFrame(bars([20, 10, 11]), stock, 'none').change.map((x) => x?.toFixed(4))).toEqual([undefined, '0.0000', '0.1000'])
  expect(chartFrame(bars([10, 10, 11]), stock, 'qfq').change.map((x) => x?.toFixed(4))).toEqual([undefined, '0.0000', '0.1000'])
})

test('chartFrame() joins order flow by session date and leaves the rest unknown', () => {
  const frame = chartFrame(bars([1, 1, 1]), stock, 'none')
  expect(frame.day).toEqual(['2026-01-05', '2026-01-06', '2026-01-07'])
  expect(frame.bigNet).toEqual([undefined, -5, undefined])
  expect(frame.bigNetMid).toEqual([undefined, undefined, undefined])
  expect(frame.flowQuality[1]).toBe('GOOD')
  expect(frame.amount).toEqual([1000, undefined, 3000])
})

test('chartFrame() draws bars alone while the rest is not there', () => {
  expect(chartFrame(bars([1, 2, 3]), undefined, 'qfq')).toMatchObject({
    close: [1, 2, 3],
    mid: [undefined, undefined, undefined],
    bigNet: [undefined, undefined, undefined],
  })
})

test('chartFrame() labels minutes in exchange time and draws no order flow on them', () => {
  const minute = { ...bars([20, 10, 10]), time: [9.5, 11.5, 15].map((hour) => instantOf(tradeDate(20260106), hour * 3_600_000)) }
  const frame = chartFrame(minute, stock, 'none', '5m')
  expect(frame.day).toEqual(['2026-01-06 09:30', '2026-01-06 11:30', '2026-01-06 15:00'])
  expect(frame.bigNet).toEqual([undefined, undefined, undefined])
  expect(frame.events).toEqual([])
})

test('chartFrame() marks the ex-date and the market days without a bar', () => {
  expect(chartFrame(bars([20, 10, 10]), stock, 'qfq').events).toEqual([
    { index: 1, kind: 'ex-right', cash: 0.25, bonus: 1 },
    { index: 2, kind: 'report', period: 20251231 },
  ])
  const both = {
    ...stock,
    reports: [
      { date: 20260107, period: 20251231 },
      { date: 20260107, period: 20250930 },
    ],
  }
  expect(new Set(chartFrame(bars([20, 10, 10]), both, 'qfq').events.map(eventKey)).size).toBe(3)
  // A weekly bar holds what happened within its week; of a factor alone nothing more is known.
  const weeks = { ...bars([20, 10, 10]), time: [20251231, 20260106, 20260109].map((date) => instantOf(tradeDate(date), CLOSE)) }
  expect(chartFrame(weeks, stock, 'qfq', '1w').events.map(({ index, kind }) => [index, kind])).toEqual([
    [1, 'ex-right'],
    [2, 'report'],
  ])
  const bare = { ...stock, dividends: [], reports: [] }
  expect(chartFrame(bars([20, 10, 10]), bare, 'qfq').events).toEqual([{ index: 1, kind: 'ex-right', cash: undefined, bonus: undefined }])
  const gap = { ...bars([1, 1, 1]), time: [20260105, 20260106, 20260109].map((date) => instantOf(tradeDate(date), CLOSE)), final: [true, true, false] }
  const frame = chartFrame(gap, undefined, 'qfq')
  expect(frame.events).toEqual([{ index: 2, kind: 'suspended', days: 2 }])
  expect(frame.isForming).toBe(true)
  expect(chartFrame(gap, undefined, 'qfq', '1w').events).toEqual([])
})

test('chartFrame() turns volume over against the floating shares of the day, else of the day before', () => {
  expect(chartFrame(bars([1, 1, 1]), stock, 'none').turnover).toEqual([0.01, 0.02, 0.03])
  expect(chartFrame(bars([1, 1, 1]), undefined, 'none').turnover).toEqual([undefined, undefined, undefined])
})

test('chartFrame() leaves order flow out for a stock that has none, not while nobody has said', () => {
  const none = { ...stock, micro: { ...stock.micro, date: [] } }
  expect([stock, undefined, none].map((one) => chartFrame(bars([1, 1, 1]), one, 'none').hasFlow)).toEqual([true, true, false])
  expect(chartFrame(bars([1, 1, 1]), stock, 'none', '5m').hasFlow).toBe(false)
})

test('chartFrame() labels bars by the clock of their exchange, and a coin’s day by the day that ends at midnight', () => {
  const at = (...times: readonly string[]): KlineColumns => ({
    ...bars(times.map((_, i) => i + 1)),
    time: times.map((time) => Date.parse(time)),
    volume: times.map(() => 1),
    amount: times.map(() => 1),
    final: times.map(() => true),
  })
  expect(chartFrame(at('2026-03-06T21:00Z', '2026-03-09T20:00Z'), undefined, 'none', '60m', { market: 'us' }).day).toEqual([
    '2026-03-06 16:00',
    '2026-03-09 16:00',
  ])
  expect(chartFrame(at('2026-03-06T21:00Z'), undefined, 'none', '1d', { market: 'us' }).day).toEqual(['2026-03-06'])
  expect(chartFrame(at('2026-03-07T00:00Z'), undefined, 'none', '1d', { market: 'crypto' }).day).toEqual(['2026-03-06'])
  expect(chartFrame(at('2026-03-07T00:00Z'), undefined, 'none', '5m', { market: 'crypto' }).day).toEqual(['2026-03-07 00:00'])
})

test('chartFrame() sees a suspension by the calendar of the market: Presidents’ Day is none in New York, a Saturday is one for a coin', () => {
  const frame = (market: 'us' | 'crypto', ...times: readonly string[]) =>
    chartFrame({ ...bars(times.map(() => 1)), time: times.map((time) => Date.parse(time)), volume: [1, 1], amount: [1, 1] }, undefined, 'none', '1d', {
      market,
    }).events
  expect(frame('us', '2026-02-13T21:00Z', '2026-02-17T21:00Z')).toEqual([])
  expect(frame('us', '2026-02-12T21:00Z', '2026-02-17T21:00Z')).toEqual([{ index: 1, kind: 'suspended', days: 1 }])
  expect(frame('crypto', '2026-02-14T00:00Z', '2026-02-16T00:00Z')).toEqual([{ index: 1, kind: 'suspended', days: 1 }])
})
