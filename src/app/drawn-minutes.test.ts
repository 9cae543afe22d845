import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { aShareCalendar } from '#core/a-share-calendar.ts'
import { clockTime, instantOf } from '#core/shanghai-time.ts'
import { tradeDate } from '#core/trade-date.ts'
import { dailyBars } from '#market/daily-bars.ts'
import { createWorld } from '#market/world.ts'
import { afterAll, expect, test } from 'vitest'
import { drawnMinutes } from './drawn-minutes.ts'
import { settingsOf, settleWorld } from './simulated-source.ts'
import { walkedStocks } from './walked-stocks.ts'

const root = mkdtempSync(join(tmpdir(), 'fupan-drawn-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

test('drawnMinutes() sum to the daily bar of any day, know nothing of a day that is not complete, and of it once it is', () => {
  const last = tradeDate(20260109)
  let now = instantOf(last, clockTime('18:00'))
  const settled = settleWorld(root, aShareCalendar, now, { seed: 4, size: 80, days: 300 })
  const stocks = walkedStocks({
    folders: { root, engine: '', stream: '' },
    calendar: aShareCalendar,
    clock: { now: () => now, sleep: () => Promise.resolve() },
  })
  const drawn = drawnMinutes(stocks)
  const world = createWorld(settingsOf(settled, aShareCalendar, last))
  // More stocks than are kept, twice, so that some are walked again.
  for (let round = 0; round < 2; round++)
    for (const stock of world.stocks) {
      const bars = dailyBars(world, stock)
      const day = 120 + round
      const found = drawn.minutes(stock.code, world.dates[day]!)
      if (bars.volume[day] === 0) expect(found).toBeUndefined()
      else {
        expect(found!.bars.volume.reduce((sum, shares) => sum + shares, 0)).toBe(bars.volume[day])
        expect([found!.bars.close.at(-1), found!.previousClose]).toEqual([bars.close[day]! / 1000, bars.preClose[day]! / 1000])
        expect(Math.max(...found!.bars.high)).toBe(bars.high[day]! / 1000)
      }
    }
  const next = aShareCalendar.next(last)
  const trading = world.stocks.find((stock) => drawn.minutes(stock.code, last) !== undefined)!
  expect(drawn.minutes(trading.code, next)).toBeUndefined()
  now = instantOf(next, clockTime('18:00'))
  expect(world.stocks.some(({ code }) => drawn.minutes(code, next) !== undefined)).toBe(true)
  expect(drawn.minutes('999999.SH', last)).toBeUndefined()
})
