import fc from 'fast-check'
import { expect, test } from 'vitest'
import { minuteSlot, sessionRulesOn, slotLabel } from '#core/session.ts'
import { clockTime, formatClock } from '#core/shanghai-time.ts'
import { tradeDate } from '#core/trade-date.ts'
import { fillMinutes, minuteBars } from './minute-bars.ts'

const rules = sessionRulesOn(tradeDate(20260105), 'SH', 'main')
const column = (values: readonly number[]) => Float64Array.from(values)

test('minuteSlot() places the trades of spec simulator §17.7', () => {
  const label = (clock: string) => formatClock(slotLabel(minuteSlot(clockTime(clock), rules))).slice(0, 5)
  expect(['11:30:02.310', '10:00:00', '10:00:00.001', '13:00:00', '09:25:00', '09:30:00', '15:00:59'].map(label)).toEqual([
    '11:30',
    '10:00',
    '10:01',
    '13:01',
    '09:30',
    '09:31',
    '15:00',
  ])
})

test('minuteBars() folds trades by slot and leaves out what belongs to no bar', () => {
  const bars = minuteBars({
    slot: column([0, 1, 1, 1, NaN, 3]),
    price: [1000, 1002, 1005, 1001, 5, 1003],
    volume: column([100, 10, 20, 30, 999, 5]),
    amount: column([1, 2, 3, 4, 999, 5]),
    trades: column([1, 1, 2, 1, 9, NaN]),
  })
  expect([...bars.slot]).toEqual([0, 1, 3])
  expect([bars.open[1], bars.high[1], bars.low[1], bars.close[1], bars.volume[1], bars.amount[1], bars.trades[1]]).toEqual([1002, 1005, 1001, 1001, 60, 9, 4])
  expect([bars.volume[2], bars.trades[2]]).toEqual([5, NaN])
  expect(() => minuteBars({ slot: column([2, 1]), price: [1, 1], volume: column([1, 1]), amount: column([1, 1]), trades: column([1, 1]) })).toThrow(
    /time order/,
  )
})

test('fillMinutes() gives all 240 minutes and the auction, flat where nothing traded', () => {
  const traded = minuteBars({ slot: column([0, 2]), price: [1000, 1010], volume: column([1, 1]), amount: column([1, 1]), trades: column([1, 1]) })
  const whole = fillMinutes(traded, 990, 240)
  expect([whole.slot.length, whole.slot[0], whole.slot[240]]).toEqual([241, 0, 240])
  expect([0, 1, 2, 3, 240].map((k) => [whole.open[k], whole.close[k], whole.volume[k]])).toEqual([
    [1000, 1000, 1],
    [1000, 1000, 0],
    [1010, 1010, 1],
    [1010, 1010, 0],
    [1010, 1010, 0],
  ])
  const { slot: _auction, ...noAuction } = minuteBars({ slot: column([2]), price: [1010], volume: column([1]), amount: column([1]), trades: column([1]) })
  const late = { slot: Int32Array.of(2), ...noAuction }
  expect([fillMinutes(late, 990, 240).slot.length, fillMinutes(late, 990, 240).close[0]]).toEqual([240, 990])
  expect([fillMinutes(late, NaN, 240).slot.length, fillMinutes(late, NaN, 240).slot[0]]).toEqual([239, 2])
  expect(fillMinutes(late, 990, 2).slot.length).toBe(2)
})

test('minuteBars() and fillMinutes() keep every share, and each filled minute is the minute itself or its last close', () => {
  const trade = fc.tuple(fc.integer({ min: 0, max: 240 }), fc.integer({ min: 900, max: 1100 }), fc.integer({ min: 1, max: 9 }))
  fc.assert(
    fc.property(fc.array(trade, { minLength: 1, maxLength: 300 }), (unordered) => {
      const trades = unordered.toSorted((a, b) => a[0] - b[0])
      const volume = column(trades.map((each) => each[2]))
      const bars = minuteBars({ slot: column(trades.map((each) => each[0])), price: trades.map((each) => each[1]), volume, amount: volume, trades: volume })
      const whole = fillMinutes(bars, 1000, 240)
      expect(whole.volume.reduce((sum, each) => sum + each, 0)).toBe(trades.reduce((sum, each) => sum + each[2], 0))
      let last = 1000
      for (const [k, slot] of whole.slot.entries()) {
        const own = trades.filter((each) => each[0] === slot).map((each) => each[1])
        const expected = own.length === 0 ? [last, last, last, last] : [own[0], Math.max(...own), Math.min(...own), own.at(-1)]
        expect([whole.open[k], whole.high[k], whole.low[k], whole.close[k]]).toEqual(expected)
        last = whole.close[k]!
      }
    }),
    { numRuns: 40 },
  )
})
