import { aShareCalendar } from '#core/a-share-calendar.ts'
import { labelAt, labels, numbers } from '#core/frame.ts'
import { tradeDate } from '#core/trade-date.ts'
import { expect, test } from 'vitest'
import { dailyBars } from './daily-bars.ts'
import { finaIndicatorFrame } from './fina-indicator-frame.ts'
import { statementsOf } from './statements.ts'
import { createWorld } from './world.ts'

const dates = aShareCalendar.dates(tradeDate(20230103), tradeDate(20241231))
const world = createWorld({ seed: 5, size: 30, dates })
const bars = world.stocks.map((stock) => dailyBars(world, stock))
const frame = finaIndicatorFrame(world, bars, dates[0]!, dates.at(-1)!)

test('finaIndicatorFrame() gives the year to date of each report in the vendor’s units', () => {
  const book = statementsOf(world, world.stocks[3]!)
  const at = book.findIndex(({ period }) => period === 20230930)
  const rows = Array.from({ length: frame.length }, (_, row) => row)
  const row = rows.find((k) => labelAt(labels(frame, 'ts_code'), k) === world.stocks[3]!.code && numbers(frame, 'end_date')[k] === 20230930)!
  const [profit, revenue, yearBefore] = [
    book.slice(at - 2, at + 1).reduce((sum, own) => sum + own.profit, 0),
    book.slice(at - 2, at + 1).reduce((sum, own) => sum + own.revenue, 0),
    book.slice(at - 6, at - 3).reduce((sum, own) => sum + own.profit, 0),
  ]
  expect(numbers(frame, 'ann_date')[row]).toBe(book[at]!.announced)
  expect(numbers(frame, 'netprofit_margin')[row]).toBeCloseTo((100 * profit) / revenue, 10)
  expect(numbers(frame, 'netprofit_yoy')[row]).toBeCloseTo((100 * (profit - yearBefore)) / Math.abs(yearBefore), 9)
  expect(numbers(frame, 'q_sales_yoy')[row]).toBeCloseTo(100 * (book[at]!.revenue / book[at - 4]!.revenue - 1), 9)
  expect(numbers(frame, 'debt_to_assets')[row]).toBeCloseTo((100 * book[at]!.liabilities) / book[at]!.assets, 10)
  expect(numbers(frame, 'eps')[row]! * bars[3]!.totalShares[dates.findLastIndex((date) => date <= book[at]!.announced)]!).toBeCloseTo(profit, 2)
})

test('finaIndicatorFrame() tells only what was announced in the time asked for, corrections as further rows of their period', () => {
  const announced = numbers(frame, 'ann_date')
  expect(announced.every((date) => date >= dates[0]! && date <= dates.at(-1)!)).toBe(true)
  const keys = Array.from({ length: frame.length }, (_, row) => `${labelAt(labels(frame, 'ts_code'), row)} ${numbers(frame, 'end_date')[row]}`)
  const corrections = Array.from({ length: frame.length }, (_, row) => row).filter((row) => labelAt(labels(frame, 'update_flag'), row) === '1')
  expect(corrections.length).toBeGreaterThan(0)
  for (const row of corrections) if (announced[row]! > announced[0]!) expect(keys.indexOf(keys[row]!)).toBeLessThanOrEqual(row)
  expect(new Set(labels(frame, 'row_hash').values).size).toBe(frame.length)
  const early = finaIndicatorFrame(world, bars, dates[0]!, tradeDate(20230630))
  expect(early.length).toBeLessThan(frame.length / 3)
  expect(finaIndicatorFrame(world, bars, tradeDate(20230101), tradeDate(20230102)).length).toBe(0)
})
