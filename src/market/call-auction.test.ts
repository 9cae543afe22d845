import fc from 'fast-check'
import { expect, test } from 'vitest'
import { auctionFills, auctionMatch, type AuctionOrders, type TieRule } from './auction-match.ts'
import { BookLog } from './book-log.ts'
import { CallAuction } from './call-auction.ts'
import { OrderBook } from './order-book.ts'
import { rebuildBook } from './rebuild-book.ts'

type Written = readonly [side: number, price: number, quantity: number]

const columns = (orders: readonly Written[]): AuctionOrders => ({
  length: orders.length,
  side: orders.map(([side]) => side),
  price: orders.map(([, price]) => price),
  quantity: orders.map(([, , quantity]) => quantity),
})

const EXAMPLE: readonly Written[] = [
  [1, 1005, 300],
  [1, 1002, 500],
  [1, 1000, 400],
  [-1, 998, 200],
  [-1, 1000, 400],
  [-1, 1002, 300],
  [-1, 1006, 500],
]

test('auctionMatch() trades 800 lots at 10.02 in the example of spec simulator §11.2, and 100 lots of the 10.02 sell remain', () => {
  for (const rule of ['SSE', 'SZSE'] as const)
    expect(auctionMatch(columns(EXAMPLE), rule, 1000)).toEqual({ price: 1002, volume: 800, buyLeft: 0, sellLeft: 100 })
})

test('auctionFills() fills the best prices first and the earlier of two orders at one price', () => {
  const orders = columns([
    [1, 1002, 5],
    [1, 1002, 5],
    [1, 1003, 2],
    [-1, 1001, 3],
    [-1, 1000, 5],
  ])
  const match = auctionMatch(orders, 'SSE', 1000)!
  expect(auctionFills(orders, match)).toEqual([
    { buy: 2, sell: 4, quantity: 2 },
    { buy: 0, sell: 4, quantity: 3 },
    { buy: 0, sell: 3, quantity: 2 },
    { buy: 1, sell: 3, quantity: 1 },
  ])
})

test('auctionMatch() settles a tie in the middle in Shanghai and at the reference in Shenzhen', () => {
  const orders = columns([
    [1, 1005, 100],
    [-1, 1000, 100],
  ])
  expect(auctionMatch(orders, 'SSE', 990)!.price).toBe(1003)
  expect(auctionMatch(orders, 'SZSE', 990)!.price).toBe(1000)
  expect(auctionMatch(orders, 'SZSE', 1002)!.price).toBe(1002)
  expect(auctionMatch(orders, 'SZSE', 1010)!.price).toBe(1005)
})

test('auctionMatch() of orders that do not meet is undefined', () => {
  expect(
    auctionMatch(
      columns([
        [1, 999, 1],
        [-1, 1000, 1],
      ]),
      'SSE',
      1000,
    ),
  ).toBeUndefined()
  expect(auctionMatch(columns([[1, 1000, 1]]), 'SZSE', 1000)).toBeUndefined()
})

/** Every price tried, every condition of the rule written out. */
function obviousMatch(orders: readonly Written[], rule: TieRule, reference: number) {
  const sum = (keep: (order: Written) => boolean) => orders.filter(keep).reduce((total, [, , quantity]) => total + quantity, 0)
  const prices = rule === 'SSE' ? [...new Set(orders.map(([, price]) => price))] : Array.from({ length: 41 }, (_, i) => 980 + i)
  const tried = prices.flatMap((price) => {
    const buys = sum(([side, p]) => side > 0 && p >= price)
    const sells = sum(([side, p]) => side < 0 && p <= price)
    const volume = Math.min(buys, sells)
    const fillsBetter = sum(([side, p]) => side > 0 && p > price) <= volume && sum(([side, p]) => side < 0 && p < price) <= volume
    return fillsBetter && volume > 0 ? [{ price, volume, left: Math.abs(buys - sells) }] : []
  })
  const most = Math.max(...tried.map(({ volume }) => volume))
  const largest = tried.filter(({ volume }) => volume === most)
  const least = Math.min(...largest.map(({ left }) => left))
  const tied = largest.filter(({ left }) => left === least).map(({ price }) => price)
  if (tied.length === 0) return undefined
  const price =
    rule === 'SSE'
      ? Math.floor((Math.min(...tied) + Math.max(...tied) + 1) / 2)
      : tied.toSorted((a, b) => Math.abs(a - reference) - Math.abs(b - reference) || b - a)[0]!
  return { price, volume: most }
}

const someOrders = fc.array(
  fc.tuple(
    fc.constantFrom(1, -1),
    fc.integer({ min: 980, max: 1020 }),
    fc.integer({ min: 1, max: 9 }).map((lots) => lots * 100),
  ),
  { minLength: 2, maxLength: 25 },
)

test('auctionMatch() agrees with every price tried, whatever the orders', () => {
  fc.assert(
    fc.property(someOrders, fc.constantFrom<TieRule>('SSE', 'SZSE'), fc.integer({ min: 980, max: 1020 }), (orders, rule, reference) => {
      const match = auctionMatch(columns(orders), rule, reference)
      const obvious = obviousMatch(orders, rule, reference)
      expect(match && { price: match.price, volume: match.volume }).toEqual(obvious)
      if (match !== undefined) expect(Math.min(match.buyLeft, match.sellLeft)).toBe(0)
    }),
    { numRuns: 600 },
  )
})

test('CallAuction.uncross() fills all better-priced orders, conserves quantities and leaves a book that its log rebuilds', () => {
  fc.assert(
    fc.property(someOrders, fc.array(fc.nat(), { maxLength: 4 }), (orders, cancels) => {
      const auction = new CallAuction('SSE', 1000)
      orders.forEach(([side, price, quantity], i) => auction.add(i, side, price, quantity))
      const gone = new Set(cancels.map((cancel) => cancel % orders.length))
      for (const position of gone) expect(auction.cancel(position)).toBe(true)
      const log = new BookLog()
      const book = new OrderBook({ lowest: 900, highest: 1100, log })
      const expected = auction.match()
      const match = auction.uncross(book, 99)
      expect(match).toEqual(expected)
      const live = orders.filter((_, i) => !gone.has(i))
      const left = (side: number) => live.reduce((sum, [s, , quantity], i) => (s === side ? sum + quantity - book.leftOf(i + 1) : sum), 0)
      expect([left(1), left(-1)]).toEqual([match?.volume ?? 0, match?.volume ?? 0])
      if (book.bestBid > 0 && book.bestAsk > 0) expect(book.bestBid).toBeLessThan(book.bestAsk)
      for (const [i, [side, price]] of live.entries()) if (match !== undefined && side * (price - match.price) > 0) expect(book.leftOf(i + 1)).toBe(0)
      const { bids, asks } = rebuildBook(log.events())
      for (const level of [...bids, ...asks]) expect(level.ids).toEqual(book.queueAt(level.price))
      expect([...bids, ...asks].reduce((count, level) => count + level.ids.length, 0)).toBe(book.resting)
      expect(auction.cancel(orders.length)).toBe(false)
    }),
    { numRuns: 200 },
  )
})

test('CallAuction.add() and OrderBook.admit() throw on what they cannot hold', () => {
  const auction = new CallAuction('SSE', 1000)
  expect(() => auction.add(0, 0, 1000, 1)).toThrow(/Cannot add to the call auction/)
  expect(() => auction.add(0, 1, 1000.5, 1)).toThrow(/Cannot add to the call auction/)
  const book = new OrderBook({ lowest: 1, highest: 9 })
  book.admit(0, 1, 5, 10, 10)
  expect(() => book.admit(0, -1, 5, 10, 10)).toThrow(/Cannot admit an order/)
  expect(book.admit(0, -1, 5, 10, 0)).toBe(2)
})
