import { expect, test } from 'vitest'
import type { Code } from '#core/code.ts'
import { tradeDate } from '#core/trade-date.ts'
import { Market } from './market.ts'
import { marketByHand, type StockByHand } from './market-by-hand.ts'
import { NO_LIMIT, RISK_WARNING, SUSPENDED } from './stock-columns.ts'

const columns = (stock: Partial<StockByHand> & Pick<StockByHand, 'bars'>, start = 20240102) => marketByHand(start, [{ code: '600519.SH', ...stock }]).stocks[0]!

test('stockColumns() fills suspended days with the last close and keeps the status of the day before', () => {
  const { close, flags, volume, first, length } = columns({ bars: [undefined, 10, undefined, undefined, 11], riskWarning: Uint8Array.of(1, 1, 1, 0, 0) })
  expect([first, length]).toEqual([1, 4])
  expect([...close]).toEqual([10_000, 10_000, 10_000, 11_000])
  expect([...flags]).toEqual([RISK_WARNING, SUSPENDED | RISK_WARNING, SUSPENDED | RISK_WARNING, 0])
  expect([...volume]).toEqual([1e6, 0, 0, 1e6])
})

test('stockColumns() knows a day without a row as suspended', () => {
  const dates = [20240102, 20240103, 20240104, 20240105]
  const bar = Float64Array.of(10, 11)
  const stock = {
    code: '600519.SH' as Code,
    listDate: tradeDate(20100104),
    dates: [20240102, 20240105],
    open: bar,
    high: bar,
    low: bar,
    close: bar,
    volume: bar,
  }
  const { flags, close } = new Market({ dates, stocks: [stock] }).stocks[0]!
  expect([...flags]).toEqual([0, SUSPENDED, SUSPENDED, 0])
  expect([...close]).toEqual([10_000, 10_000, 10_000, 11_000])
})

test('stockColumns() takes the limits it is given and computes the others by the dated rules', () => {
  const { upLimit, downLimit, flags } = columns({
    bars: [10, 10.5, 10, 10],
    upLimit: Float64Array.of(NaN, 12, NaN, NaN),
    downLimit: Float64Array.of(NaN, 8, NaN, NaN),
    noLimit: Uint8Array.of(0, 0, 0, 1),
  })
  expect([...upLimit]).toEqual([11_000, 12_000, 11_550, 0])
  expect([...downLimit]).toEqual([9000, 8000, 9450, 0])
  expect([...flags]).toEqual([0, 0, 0, NO_LIMIT])
})

test('stockColumns() follows the ST limit of the day and the free first days of a listing', () => {
  const ups = (stock: Partial<StockByHand> & Pick<StockByHand, 'bars'>, start: number) => [...columns(stock, start).upLimit]
  expect(ups({ bars: [10, 10, 10], riskWarning: Uint8Array.of(1, 1, 1) }, 20260702)).toEqual([10_500, 10_500, 11_000])
  expect(ups({ code: '300750.SZ', bars: [10, 10], riskWarning: Uint8Array.of(1, 1) }, 20260702)).toEqual([12_000, 12_000])
  // Listed on the second day of the calendar: free from then for five days.
  const dates = [20240102, 20240103, 20240104, 20240105, 20240108, 20240109, 20240110]
  const bar = new Float64Array(6).fill(10)
  const listing = { code: '600519.SH' as Code, listDate: tradeDate(20240103), dates: dates.slice(1), open: bar, high: bar, low: bar, close: bar, volume: bar }
  expect([...new Market({ dates, stocks: [listing] }).stocks[0]!.upLimit]).toEqual([0, 0, 0, 0, 0, 11_000])
})

test('stockColumns() reads ex-days from actions, from factors when there are none, and ignores the noise of a vendor’s rounding', () => {
  const fromFactor = columns({ bars: [10, 10, 5, 5], adjFactor: Float64Array.of(3, 3.000_000_1, 6, 6) })
  expect(fromFactor.exActions).toHaveLength(1)
  expect(fromFactor.exActions[0]).toMatchObject({ day: 2, fromFactor: true })
  expect(fromFactor.exActions[0]!.ratio).toBeCloseTo(2, 6)
  const fromAction = columns({ bars: [10, 10, 4.9], actions: [{ exDate: tradeDate(20240104), cash: 0.2, bonus: 1 }] })
  // (10 − 0.2) ÷ 2 = 4.90.
  expect(fromAction.preClose[2]).toBe(4900)
  expect(fromAction.adjFactor[2]).toBeCloseTo(10 / 4.9, 12)
  const twoOfOneDay = columns({
    bars: [10, 10, 4.9],
    actions: [
      { exDate: tradeDate(20240104), cash: 0.2 },
      { exDate: tradeDate(20240104), bonus: 1 },
    ],
  })
  expect(twoOfOneDay.exActions).toEqual(fromAction.exActions)
  // An ex-date on a closed day is booked on the next market day.
  expect(columns({ bars: [10, 10, 9.8, 9.8, 9.8], actions: [{ exDate: tradeDate(20240106), cash: 0.2 }] }).exActions[0]!.day).toBe(4)
  expect(columns({ bars: [10, 10, 5], actions: [], adjFactor: Float64Array.of(1, 1, 2) }).exActions).toEqual([])
})

test('stockColumns() names the row it cannot use', () => {
  expect(() => columns({ bars: [10, [10, 9, 10, 10]] })).toThrow(
    'Cannot take 600519.SH of 2024-01-03 into a market: prices are positive and lie within low and high',
  )
  expect(() => columns({ bars: [10, [0, 0, 0, 0]] })).toThrow(RangeError)
  expect(() => columns({ bars: [10, 10], adjFactor: Float64Array.of(1, NaN) })).toThrow(/adjustment factors/)
  expect(() => columns({ bars: [undefined, undefined] })).toThrow(/must trade on some day/)
  expect(() => columns({ bars: [10, 10, 10], delistDate: tradeDate(20240103) })).toThrow(/before the delisting/)
  expect(() => columns({ bars: [10, 10], actions: [{ exDate: tradeDate(20240103), cash: 11 }] })).toThrow(/corporate action of 600519/)
  const market = (dates: number[]) => () => new Market({ dates, stocks: [] })
  expect(market([20240103, 20240102])).toThrow(/ascend/)
  expect(() =>
    marketByHand(20240102, [
      { code: '600519.SH', bars: [10] },
      { code: '600519.SH', bars: [10] },
    ]),
  ).toThrow(/twice/)
})
