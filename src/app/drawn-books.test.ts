import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { aShareCalendar } from '#core/a-share-calendar.ts'
import { clockTime, instantOf } from '#core/shanghai-time.ts'
import { tradeDate } from '#core/trade-date.ts'
import { dailyBars } from '#market/daily-bars.ts'
import { tickDay } from '#market/tick-path.ts'
import { createWorld } from '#market/world.ts'
import { afterAll, expect, test } from 'vitest'
import { drawnBooks } from './drawn-books.ts'
import { settingsOf, settleWorld } from './simulated-source.ts'
import { walkedStocks } from './walked-stocks.ts'

const root = mkdtempSync(join(tmpdir(), 'fupan-books-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const last = tradeDate(20260109)
const today = aShareCalendar.next(last)
/** Before the day of the session is complete. */
const now = instantOf(today, clockTime('10:00'))
const settled = settleWorld(root, aShareCalendar, now, { seed: 4, size: 40, days: 120 })
const world = createWorld(settingsOf(settled, aShareCalendar, today))
const books = () =>
  drawnBooks(walkedStocks({ folders: { root, engine: '', stream: '' }, calendar: aShareCalendar, clock: { now: () => now, sleep: () => Promise.resolve() } }))

test('drawnBooks() show at the instant of every record its own quotes, ten levels deep inside the limits, of a completed day and of one that runs', () => {
  const drawn = books()
  let [sealed, open] = [0, 0]
  for (const date of [last, today])
    for (const stock of world.stocks) {
      const [bars, day] = [dailyBars(world, stock), world.dayOf.get(date)!]
      const ticks = tickDay(world, bars, day)
      if (ticks === undefined) continue
      for (let row = 1; row < ticks.length - 1; row++) {
        const book = drawn.bookAt(stock.code, date, ticks.at[row]!)!
        expect(book.at).toBe(ticks.at[row])
        expect([book.bids[0]?.price ?? 0, book.asks[0]?.price ?? 0]).toEqual([ticks.bid1[row]! / 1000, ticks.ask1[row]! / 1000])
        const prices = [...book.asks.map(({ price }) => price).toReversed(), ...book.bids.map(({ price }) => price)]
        if (prices.some((price, k) => k > 0 && price >= prices[k - 1]!)) throw new Error(`${stock.code} ${date} record ${row}: ${prices.join(' ')}`)
        if ([...book.bids, ...book.asks].some(({ volume }) => !(volume > 0 && volume % stock.lot === 0))) throw new Error(`${stock.code} ${date} record ${row}`)
        // Fewer than ten only at a limit, or where nobody is left.
        if (book.bids.length === 0 || book.asks.length === 0) sealed++
        else if (book.bids.length === 10 && book.asks.length === 10) open++
        else
          expect(
            [book.bids.at(-1)!.price, book.asks.at(-1)!.price].some((price) => [bars.limitDown[day], bars.limitUp[day]].includes(Math.round(price * 1000))),
          ).toBe(true)
      }
    }
  expect(open).toBeGreaterThan(10_000)
  expect(sealed).toBeGreaterThan(100)
})

test('drawnBooks() look at nothing later than asked: between two records the one before, after the close and on a day without trading the last of the day before', () => {
  const drawn = books()
  for (const stock of world.stocks) {
    const bars = dailyBars(world, stock)
    const days = [world.dayOf.get(last)!, world.dayOf.get(today)!]
    const [before, ticks] = days.map((day) => tickDay(world, bars, day))
    if (before === undefined) continue
    const atClose = drawn.bookAt(stock.code, last, Number.MAX_SAFE_INTEGER)
    expect(atClose).toEqual(drawn.bookAt(stock.code, last, before.at.at(-2)!))
    expect(drawn.bookAt(stock.code, today, instantOf(today, clockTime('09:15')))).toEqual(atClose)
    if (ticks === undefined) expect(drawn.bookAt(stock.code, today, now)).toEqual(atClose)
    else {
      expect(drawn.bookAt(stock.code, today, ticks.at[2]! - 1)!.at).toBe(ticks.at[1])
      // The auction has no book: the one of the day before still stands.
      expect(drawn.bookAt(stock.code, today, ticks.at[0]!)).toEqual(atClose)
      expect(drawn.bookAt(stock.code, today, now)!.at).toBeLessThanOrEqual(now)
    }
  }
  // Asked again and in another order, after others made it leave: the same book.
  const again = books()
  for (const stock of world.stocks.toReversed()) expect(again.bookAt(stock.code, last, now)).toEqual(drawn.bookAt(stock.code, last, now))
  expect(drawn.bookAt('999999.SH', last, now)).toBeUndefined()
})
