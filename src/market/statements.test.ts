import { aShareCalendar } from '#core/a-share-calendar.ts'
import { dayNumber, tradeDate, type TradeDate } from '#core/trade-date.ts'
import { expect, test } from 'vitest'
import { announcedOn, lastAnnual, statementsOf, trailing, type Statement } from './statements.ts'
import { createWorld } from './world.ts'

const dates = aShareCalendar.dates(tradeDate(20220104), tradeDate(20241231))
const world = createWorld({ seed: 5, size: 60, dates })
const books = world.stocks.map((stock) => statementsOf(world, stock))

test('statementsOf() keeps its identities exactly: assets, cash, equity and dividends', () => {
  for (const book of books)
    for (const [k, statement] of book.entries()) {
      expect(statement.assets).toBe(statement.liabilities + statement.equity)
      if (k === 0) continue
      const before = book[k - 1]!
      expect(statement.cash - before.cash).toBe(statement.operatingCash + statement.investingCash + statement.financingCash)
      expect(statement.equity).toBe(before.equity + statement.profit - statement.dividends)
      expect(statement.dividends).toBe(k >= 2 && statement.period % 10_000 === 630 ? book[k - 2]!.declared : 0)
      expect(statement.declared === 0 || statement.period % 10_000 === 1231).toBe(true)
      expect(statement.cash).toBeGreaterThanOrEqual(0)
    }
})

test('statementsOf() are announced in order, after the quarter and by the deadline of the exchange', () => {
  const deadlines: Record<number, number> = { 331: 430, 630: 831, 930: 1031, 1231: 10_430 }
  for (const book of books)
    for (const [k, { period, announced, restated }] of book.entries()) {
      expect(announced).toBeGreaterThan(period)
      expect(announced).toBeLessThanOrEqual(Math.floor(period / 10_000) * 10_000 + deadlines[period % 10_000]!)
      if (k > 0) expect(announced).toBeGreaterThanOrEqual(book[k - 1]!.announced)
      if (restated !== undefined) expect(restated).toBeGreaterThan(announced)
    }
})

test('statementsOf() are corrected later in 3 % of the quarters, and announced rather late than early in their season', () => {
  const larger = createWorld({ seed: 5, size: 400, dates })
  const all = larger.stocks.flatMap((stock) => statementsOf(larger, stock))
  const share = all.filter(({ restated }) => restated !== undefined).length / all.length
  // Three standard errors of a share of 0.03.
  expect(Math.abs(share - 0.03)).toBeLessThan(3 * Math.sqrt((0.03 * 0.97) / all.length))
  expect(all.length).toBeGreaterThan(8000)
  const season = (from: number, to: number) => dayNumber(to as TradeDate) - dayNumber(from as TradeDate)
  const parts = all.flatMap(({ period, announced }) => {
    const year = Math.floor(period / 10_000)
    // The half-year report: from the end of June to the end of August.
    return period % 10_000 === 630 ? [season(period, announced) / season(period, year * 10_000 + 831)] : []
  })
  const mean = parts.reduce((sum, part) => sum + part, 0) / parts.length
  expect(mean).toBeGreaterThan(0.6)
  expect(mean).toBeLessThan(0.85)
})

test('statementsOf() of a world that ends later begin with those of the shorter one', () => {
  const short = createWorld({ seed: 5, size: 60, dates: dates.slice(0, 400) })
  for (const stock of short.stocks) {
    const [few, many] = [statementsOf(short, stock), statementsOf(world, stock)]
    expect(many.slice(0, few.length)).toEqual(few)
  }
})

test('announcedOn(), lastAnnual() and trailing() know on a day what was announced by then', () => {
  const statement = (period: number, announced: number, profit: number) => ({ period, announced, profit }) as unknown as Statement
  const book = [
    statement(20230331, 20230428, 1),
    statement(20230630, 20230830, 2),
    statement(20230930, 20231027, 4),
    statement(20231231, 20240425, 8),
    statement(20240331, 20240425, 16),
  ]
  expect([20230427, 20230428, 20240424, 20240425].map((date) => announcedOn(book, date))).toEqual([-1, 0, 2, 4])
  expect([2, 3, 4].map((at) => lastAnnual(book, at))).toEqual([-1, 3, 3])
  expect([2, 3, 4].map((at) => trailing(book, at, ({ profit }) => profit))).toEqual([NaN, 15, 30])
})
