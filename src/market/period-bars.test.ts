import { aShareCalendar } from '#core/a-share-calendar.ts'
import { labelAt, labels, numbers, type Frame } from '#core/frame.ts'
import { tradeDate, weekday, type TradeDate } from '#core/trade-date.ts'
import { expect, test } from 'vitest'
import { dailyBars } from './daily-bars.ts'
import { stkLimitFrame } from './limit-frame.ts'
import { nextOpen } from './next-open.ts'
import { monthlyFrame, weeklyFrame } from './period-bars.ts'
import { createWorld } from './world.ts'

const world = createWorld({ seed: 11, size: 60, dates: aShareCalendar.dates(tradeDate(20250102), tradeDate(20250827)) })
const bars = world.stocks.map((stock) => dailyBars(world, stock))
const whole = { first: 0, last: world.dates.length - 1 }
const { dates } = world

/** The rows of a frame by code, as [date, open, high, low, close, lots, thousands]. */
function rowsOf(frame: Frame): Map<string, number[][]> {
  const found = new Map<string, number[][]>()
  for (let row = 0; row < frame.length; row++) {
    const code = labelAt(labels(frame, 'ts_code'), row)!
    const values = ['trade_date', 'open', 'high', 'low', 'close', 'vol', 'amount', 'pre_close'].map((name) => numbers(frame, name)[row]!)
    found.set(code, [...(found.get(code) ?? []), values])
  }
  return found
}

/** The same by gathering each stock's days the slow way. */
function gathered(
  keyOf: (date: TradeDate) => number | string,
  labelOf: (last: TradeDate) => number,
  isOver: (last: TradeDate) => boolean,
): Map<string, number[][]> {
  const found = new Map<string, number[][]>()
  for (const own of bars) {
    const rows: number[][] = []
    let before = NaN
    for (const [, days] of Map.groupBy(dates.keys(), (day) => keyOf(dates[day]!))) {
      const traded = days.filter((day) => own.volume[day]! > 0)
      if (traded.length === 0) continue
      const price = (of: Int32Array, fold: (...values: number[]) => number) => fold(...traded.map((day) => of[day]!)) / 1000
      const sum = (of: Float64Array) => traded.reduce((total, day) => total + of[day]!, 0)
      const close = own.close[traded.at(-1)!]! / 1000
      if (isOver(dates[days.at(-1)!]!))
        rows.push([
          labelOf(dates[days.at(-1)!]!),
          own.open[traded[0]!]! / 1000,
          price(own.high, Math.max),
          price(own.low, Math.min),
          close,
          sum(own.volume) / 100,
          sum(own.amount) / 1e6,
          Number.isNaN(before) ? own.preClose[traded[0]!]! / 1000 : before,
        ])
      before = close
    }
    found.set(own.stock.code, rows)
  }
  return found
}

test('weeklyFrame() is the exact aggregate of the daily bars of each finished week, under its last open day', () => {
  // 2025-08-27 is a Wednesday: its week is not over.
  const mondayOf = (date: TradeDate) => {
    const [year, month, day] = [Math.floor(date / 1e4), Math.floor(date / 100) % 100, date % 100]
    const time = Date.UTC(year, month - 1, day)
    return time - (weekday(date) - 1) * 86_400_000
  }
  expect(rowsOf(weeklyFrame(world, bars, whole))).toEqual(
    gathered(
      mondayOf,
      (last) => last,
      (last) => last < 20250825,
    ),
  )
})

test('monthlyFrame() is the exact aggregate of each finished month, under its last calendar day, open or not', () => {
  const frame = monthlyFrame(world, bars, whole)
  const end: Record<number, number> = { 1: 31, 2: 28, 3: 31, 4: 30, 5: 31, 6: 30, 7: 31 }
  expect(rowsOf(frame)).toEqual(
    gathered(
      (date) => Math.floor(date / 100),
      (last) => Math.floor(last / 100) * 100 + end[Math.floor(last / 100) % 100]!,
      (last) => last < 20250801,
    ),
  )
  // 2025-05-31 is a Saturday: the last open day was the 30th.
  const rows = [...numbers(frame, 'trade_date')].flatMap((date, row) => (date === 20250531 ? [numbers(frame, 'period_end_open_day')[row]] : []))
  expect(new Set(rows)).toEqual(new Set([20250530]))
})

test('weeklyFrame() gives pct_chg as a fraction and monthlyFrame() in percent, against the close of the bar before', () => {
  for (const [frame, unit] of [
    [weeklyFrame(world, bars, whole), 1],
    [monthlyFrame(world, bars, whole), 100],
  ] as const)
    for (let row = 0; row < frame.length; row++) {
      const [close, before, change, percent] = ['close', 'pre_close', 'change', 'pct_chg'].map((name) => numbers(frame, name)[row]!) as [
        number,
        number,
        number,
        number,
      ]
      expect(change).toBeCloseTo(close - before, 9)
      expect(percent).toBeCloseTo(unit * (close / before - 1), 9)
    }
})

test('weeklyFrame() day by day gives what it gives at once', () => {
  const parts = dates.map((_, day) => weeklyFrame(world, bars, { first: day, last: day }))
  const at = weeklyFrame(world, bars, whole)
  expect(parts.flatMap((frame) => [...numbers(frame, 'amount')])).toEqual([...numbers(at, 'amount')])
  expect(parts.filter(({ length }) => length > 0).length).toBe(new Set(numbers(at, 'trade_date')).size)
})

test('nextOpen() is the world’s next date, the calendar’s after its last, and a weekday beyond the calendar', () => {
  expect(nextOpen(world, 0)).toBe(dates[1])
  expect(nextOpen(world, dates.length - 1)).toBe(20250828)
  expect(nextOpen({ dates: [tradeDate(20250930)] }, 0)).toBe(20251009)
  const [thursday, friday] = [tradeDate(20270107), tradeDate(20270108)]
  expect([nextOpen({ dates: [thursday] }, 0), nextOpen({ dates: [friday] }, 0)]).toEqual([20270108, 20270111])
})

test('stkLimitFrame() has a row for every bar, whose high and low lie inside the limits; no limits on the first days of a listing', () => {
  const larger = createWorld({ seed: 1, size: 200, dates })
  const all = larger.stocks.map((stock) => dailyBars(larger, stock))
  const frame = stkLimitFrame(larger, all, whole)
  expect(frame.length).toBe(all.reduce((sum, { volume }) => sum + volume.filter((shares) => shares > 0).length, 0))
  let free = 0
  for (let row = 0; row < frame.length; row++) {
    const own = all.find(({ stock }) => stock.code === labelAt(labels(frame, 'ts_code'), row))!
    const day = world.dayOf.get(numbers(frame, 'trade_date')[row] as TradeDate)!
    const [up, down] = [numbers(frame, 'up_limit')[row]!, numbers(frame, 'down_limit')[row]!]
    if (numbers(frame, 'no_limit')[row] === 1) {
      free++
      expect([up, down]).toEqual([NaN, NaN])
    } else expect(own.low[day]! / 1000 >= down && own.high[day]! / 1000 <= up && down < up).toBe(true)
  }
  expect(free).toBeGreaterThan(4)
})
