import { instantOf } from '#core/shanghai-time.ts'
import { tradeDate } from '#core/trade-date.ts'
import { expect, test } from 'vitest'
import type { StockReply } from '../api.ts'
import { chartFrame, joinBars, type KlineColumns } from './chart-frame.ts'

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

test('joinBars() keeps pages in order', () => {
  const [early, late] = [bars([1, 2, 3]), bars([4, 5, 6])]
  expect(joinBars([early, late]).close).toEqual([1, 2, 3, 4, 5, 6])
})
