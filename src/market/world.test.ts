import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { aShareCalendar } from '#core/a-share-calendar.ts'
import { boardOf, readCode } from '#core/code.ts'
import { tradeDate } from '#core/trade-date.ts'
import { dailyBars } from './daily-bars.ts'
import { STATUS } from './listing-status.ts'
import { drawStock } from './stock.ts'
import { createWorld, worldDigest } from './world.ts'

const dates = aShareCalendar.dates(tradeDate(20230103), tradeDate(20240628))
const shared = join(process.env['FUPAN_SHARED'] ?? '../shared', 'data/reference/stock_basic_202303.csv')

test('createWorld() draws 60 % main board, 20 % ChiNext, 15 % STAR and 5 % BSE with codes of their ranges', () => {
  const { stocks } = createWorld({ seed: 1, size: 1000, dates: aShareCalendar.dates(tradeDate(20220104), tradeDate(20251231)) })
  const share = (board: string) => stocks.filter((stock) => stock.board === board).length / stocks.length
  // The rest waits for its listing.
  expect(stocks.length).toBeGreaterThan(960)
  expect([share('main'), share('chinext'), share('star'), share('bse')].map((x) => Math.round(100 * x))).toEqual([60, 20, 15, 5])
  for (const { code, board } of stocks) expect([readCode(code), boardOf(code)]).toEqual([code, board])
  expect(new Set(stocks.map(({ code }) => code)).size).toBe(stocks.length)
  expect(new Set(stocks.map(({ name }) => name)).size).toBe(stocks.length)
  expect(stocks.every(({ name }) => /^\p{Script=Han}{2,4}$/u.test(name))).toBe(true)
})

test('createWorld() twice with one seed gives the same bytes, with another seed other ones', () => {
  const bytes = (seed: number) =>
    createWorld({ seed, size: 12, dates }).stocks.map((stock, _, stocks) => [stock, dailyBars(createWorld({ seed, size: stocks.length, dates }), stock)])
  expect(bytes(5)).toEqual(bytes(5))
  expect(bytes(5)).not.toEqual(bytes(6))
})

test('createWorld() with more stocks leaves the others and their bars unchanged', () => {
  const [small, large] = [createWorld({ seed: 9, size: 40, dates }), createWorld({ seed: 9, size: 60, dates })]
  const byCode = new Map(large.stocks.map((stock) => [stock.code, stock]))
  for (const stock of small.stocks) {
    expect(byCode.get(stock.code)).toEqual(stock)
    expect(dailyBars(large, byCode.get(stock.code)!)).toEqual(dailyBars(small, stock))
  }
  expect(large.stocks.length).toBeGreaterThan(small.stocks.length)
})

test('drawStock() gives a stock alone what it is among others', () => {
  const world = createWorld({ seed: 9, size: 60, dates })
  for (const ordinal of [59, 3, 18]) {
    const alone = drawStock(9, ordinal, dates)
    expect(world.stocks).toContainEqual(alone)
  }
})

test('createWorld() with later dates leaves earlier days unchanged', () => {
  const cut = 250
  const [short, long] = [createWorld({ seed: 9, size: 60, dates: dates.slice(0, cut) }), createWorld({ seed: 9, size: 60, dates })]
  const byCode = new Map(long.stocks.map((stock) => [stock.code, stock]))
  for (const stock of short.stocks) {
    const [before, after] = [dailyBars(short, stock), dailyBars(long, byCode.get(stock.code)!)]
    for (const column of ['open', 'high', 'low', 'close', 'preClose', 'volume', 'amount', 'adjFactor'] as const)
      expect(after[column].subarray(0, cut)).toEqual(before[column])
  }
  expect(short.stocks.length).toBeGreaterThan(50)
})

test('createWorld() has stocks under a risk warning, recent listings and suspended days, few of each', () => {
  const world = createWorld({ seed: 1, size: 300, dates })
  const bars = world.stocks.map((stock) => dailyBars(world, stock))
  const listedInside = world.stocks.filter(({ listDay }) => listDay >= 0)
  const warned = bars.filter(({ status }) => status.includes(STATUS.st) || status.includes(STATUS.starSt))
  const suspended = bars.reduce((sum, { volume, adjFactor }) => sum + volume.filter((shares, day) => shares === 0 && adjFactor[day]! > 0).length, 0)
  expect(listedInside.length).toBeGreaterThanOrEqual(3)
  expect(listedInside.every(({ listDay, listDate }) => world.dates[listDay] === listDate)).toBe(true)
  expect(warned.length).toBeGreaterThanOrEqual(3)
  expect(warned.length).toBeLessThan(20)
  const share = suspended / (bars.length * dates.length)
  expect(share).toBeGreaterThan(0.005)
  expect(share).toBeLessThan(0.06)
})

test('worldDigest() tells worlds apart that differ in any number, and not those that only end later', () => {
  const digest = worldDigest({ seed: 1, size: 10, dates })
  expect(digest).toMatch(/^[0-9a-f]{64}$/)
  expect(worldDigest({ seed: 1, size: 10, dates: dates.slice(0, 50), slowCycle: true })).toBe(digest)
  const others = [{ seed: 2 }, { size: 11 }, { dates: dates.slice(1) }, { slowCycle: false }, { signalIc: 0 }].map((change) =>
    worldDigest({ seed: 1, size: 10, dates, ...change }),
  )
  expect(new Set([digest, ...others]).size).toBe(6)
})

test('createWorld() refuses an empty, disordered or absurd market with a reason', () => {
  expect(() => createWorld({ seed: 1, size: 10, dates: [] })).toThrow(/at least one open date/)
  expect(() => createWorld({ seed: 1, size: 10, dates: [dates[1]!, dates[0]!] })).toThrow(/open dates ascend/)
  for (const size of [0, 1.5, 9000, NaN]) expect(() => createWorld({ seed: 1, size, dates })).toThrow(/size is a whole number/)
})

test.skipIf(!existsSync(shared))('createWorld() borrows no name of a listed company (needs FUPAN_SHARED)', () => {
  const listed = new Set(readFileSync(shared, 'utf8').split(/[,\n]/))
  const { stocks } = createWorld({ seed: 1, size: 5000, dates: aShareCalendar.dates(tradeDate(20220104), tradeDate(20251231)) })
  expect(listed.has('平安银行')).toBe(true)
  expect(stocks.filter(({ name }) => listed.has(name)).map(({ name }) => name)).toEqual([])
})
