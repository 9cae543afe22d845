import { instantOf } from '#core/shanghai-time.ts'
import { tradeDate } from '#core/trade-date.ts'
import { expect, test } from 'vitest'
import { chartFrame } from './chart-frame.ts'
import { headline, type Quote } from './headline.ts'

const time = [20260105, 20260106].map((date) => instantOf(tradeDate(date), 15 * 3_600_000))
const frame = chartFrame(
  { time, open: [10, 11], high: [10, 11], low: [10, 11], close: [10, 11], volume: [1, 1], amount: [1, 1], final: [true, true] },
  undefined,
  'none',
)
const quote = (trade_date: number, price: number, pre_close: number | null) => ({ trade_date, price, pre_close, ret: 0.5 }) as Quote

test('headline() lets the newest bar speak while the quote is a replay of its day', () => {
  const { change, ...rest } = headline(frame, quote(20260106, 99, 10.5))
  expect(rest).toEqual({ last: 11, day: '2026-01-06' })
  expect(change).toBeCloseTo(11 / 10.5 - 1, 12)
})

test('headline() takes a quote of a later day, and without one the change of the day bar', () => {
  expect(headline(frame, quote(20260107, 12, 11))).toEqual({ last: 12, change: 0.5, day: '2026-01-07' })
  expect(headline(frame, undefined).change).toBeCloseTo(0.1, 12)
  expect(headline({ ...frame, interval: '5m' }, undefined).change).toBeUndefined()
  expect(headline(undefined, undefined)).toEqual({ last: undefined, change: undefined, day: undefined })
})

test('headline() falls back on the quote of the day while the traded price of the newest bar is not known', () => {
  expect(headline({ ...frame, lastTraded: undefined }, quote(20260106, 11.5, 10))).toMatchObject({ last: 11.5, day: '2026-01-06' })
  expect(headline({ ...frame, lastTraded: undefined }, quote(20260105, 11.5, 10)).last).toBeUndefined()
})
