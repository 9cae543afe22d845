import fc from 'fast-check'
import { expect, test } from 'vitest'
import { seededRng } from '#core/rng.ts'
import { tradeDate } from '#core/trade-date.ts'
import { BOOK_EVENT, BookLog, CANCEL_CAUSE } from './book-log.ts'
import { OrderBook, type BookSettings } from './order-book.ts'
import { ORDER_TYPE, type SelfTrade } from './order-request.ts'
import { lotsAndHoldings, priceCage } from './order-rules.ts'
import { rebuildBook, type BookPicture } from './rebuild-book.ts'

const [LOWEST, HIGHEST] = [90, 110]
const { LIMIT, IOC, FOK, BEST_5_CANCEL, BEST_5_LIMIT, BEST_OPPOSITE, BEST_OWN } = ORDER_TYPE

function bookOf(settings: Partial<BookSettings> = {}) {
  const log = new BookLog(16)
  return { log, book: new OrderBook({ lowest: LOWEST, highest: HIGHEST, log, ...settings }) }
}

/** Asks 101…106 with 10 each, bids 99 and 98 with 10 each. */
function stocked(settings: Partial<BookSettings> = {}) {
  const pair = bookOf(settings)
  for (let price = 101; price <= 106; price++) pair.book.submit(0, -1, LIMIT, price, 10, 7)
  for (const price of [99, 98]) pair.book.submit(0, 1, LIMIT, price, 10, 8)
  return pair
}

const fills = (log: BookLog) => {
  const events = log.events()
  return Array.from(events.kind.keys())
    .filter((i) => events.kind[i] === BOOK_EVENT.TRADE)
    .map((i) => [events.order[i], events.other[i], events.price[i], events.quantity[i]])
}

test('submit() fills by price, then by time, and rests what is left', () => {
  const { book, log } = bookOf()
  const first = book.submit(1, -1, LIMIT, 101, 5)
  const second = book.submit(2, -1, LIMIT, 101, 5)
  const cheap = book.submit(3, -1, LIMIT, 100, 2)
  const buyer = book.submit(4, 1, LIMIT, 101, 9)
  expect(fills(log)).toEqual([
    [buyer, cheap, 100, 2],
    [buyer, first, 101, 5],
    [buyer, second, 101, 2],
  ])
  expect([book.bestBid, book.bestAsk, book.leftOf(second), book.lastPrice]).toEqual([0, 101, 3, 101])
  const maker = book.submit(5, 1, LIMIT, 101, 4)
  expect([book.bestBid, book.bestAsk, book.leftOf(maker)]).toEqual([101, 0, 1])
})

test('submit() takes each market type as the exchanges define it', () => {
  const cancelled = stocked()
  const swept = cancelled.book.submit(1, 1, BEST_5_CANCEL, 0, 100)
  expect([cancelled.book.leftOf(swept), cancelled.book.bestAsk, cancelled.book.bestBid]).toEqual([0, 106, 99])
  const turned = stocked()
  const kept = turned.book.submit(1, 1, BEST_5_LIMIT, 0, 100)
  expect([turned.book.leftOf(kept), turned.book.bestBid, turned.book.bestAsk]).toEqual([50, 105, 106])
  const opposite = stocked()
  const taken = opposite.book.submit(1, 1, BEST_OPPOSITE, 0, 15)
  expect([opposite.book.leftOf(taken), opposite.book.bestBid, opposite.book.bestAsk]).toEqual([5, 101, 102])
  const own = stocked()
  const queued = own.book.submit(1, 1, BEST_OWN, 0, 15)
  expect([own.book.queueAt(99).at(-1), own.book.quantityAt(99)]).toEqual([queued, 25])
})

test('submit() of a market order into an empty book is accepted and cancelled, or joins its own side where the rule says so', () => {
  for (const type of [BEST_5_CANCEL, BEST_5_LIMIT, BEST_OPPOSITE, BEST_OWN]) {
    const { book, log } = bookOf()
    expect(book.submit(1, 1, type, 0, 5)).toBe(1)
    expect([book.resting, log.events().kind[1], log.events().detail[1]]).toEqual([0, BOOK_EVENT.CANCEL, CANCEL_CAUSE.REMAINDER])
  }
  const { book } = bookOf()
  book.submit(1, 1, LIMIT, 95, 5)
  book.submit(2, 1, BEST_5_LIMIT, 0, 5)
  expect(book.quantityAt(95)).toBe(10)
})

test('submit() fills IOC in part and FOK wholly or not at all', () => {
  const { book, log } = stocked()
  book.submit(1, 1, IOC, 102, 25)
  expect([book.bestAsk, book.bestBid]).toEqual([103, 99])
  const before = log.length
  book.submit(2, 1, FOK, 104, 21)
  expect(log.length - before).toBe(2)
  book.submit(3, 1, FOK, 104, 20)
  expect(book.bestAsk).toBe(105)
})

test('submit() prevents self-trades in the three ways and lets owner 0 trade with itself', () => {
  const after = (selfTrade: SelfTrade, owner = 7) => {
    const { book } = stocked({ selfTrade })
    const id = book.submit(1, 1, LIMIT, 102, 15, owner)
    return [book.bestAsk, book.bestBid, book.leftOf(id)]
  }
  expect(after('allow')).toEqual([102, 99, 0])
  expect(after('cancel-new')).toEqual([101, 99, 0])
  expect(after('cancel-old')).toEqual([103, 102, 15])
  expect(after('cancel-both')).toEqual([102, 99, 0])
  expect(after('cancel-new', 9)).toEqual([102, 99, 0])
  const { book } = stocked({ selfTrade: 'cancel-old' })
  book.submit(1, 1, BEST_5_LIMIT, 0, 100, 7)
  expect([book.bestAsk, book.bestBid]).toEqual([106, 99])
  expect(book.submit(1, 1, FOK, 106, 10, 7)).toBeGreaterThan(0)
  expect(book.bestAsk).toBe(106)
})

test('submit() rejects by name what the limits, the cage, lots and holdings forbid, and records nothing', () => {
  const date = tradeDate(20260105)
  const { book, log } = bookOf({ lowest: 900, highest: 1100, rules: [priceCage(1000), lotsAndHoldings('main', date, (owner) => owner * 100)] })
  const why = (side: number, price: number, quantity: number, owner: number) =>
    book.submit(0, side, LIMIT, price, quantity, owner) === 0 ? book.rejection : 'accepted'
  expect(why(1, 1101, 100, 1)).toBe('price-limit')
  expect(why(1, 1021, 100, 1)).toBe('price-cage')
  expect(why(-1, 979, 100, 1)).toBe('price-cage')
  expect(why(1, 1000, 150, 1)).toBe('lot')
  expect(why(-1, 1020, 200, 1)).toBe('sellable')
  expect(log.length).toBe(0)
  expect(why(-1, 1020, 100, 1)).toBe('accepted')
  // The offer at 10.20 is now the reference of a buy: 102 % of it is 10.404.
  expect(why(1, 1041, 100, 1)).toBe('price-cage')
  expect(why(1, 1040, 100, 1)).toBe('accepted')
})

test('submit() throws on a side, price or quantity that no book can hold', () => {
  const { book } = bookOf()
  for (const [side, price, quantity] of [
    [0, 100, 1],
    [1, NaN, 1],
    [1, 100.5, 1],
    [1, 100, 0],
    [1, 100, NaN],
  ] as const)
    expect(() => book.submit(0, side, LIMIT, price, quantity)).toThrow(/Cannot match an order/)
})

test('cancel() takes an order out once, keeps the queue and moves the best price', () => {
  const { book } = bookOf()
  const [a, b, c] = [book.submit(0, 1, LIMIT, 99, 1), book.submit(0, 1, LIMIT, 99, 2), book.submit(0, 1, LIMIT, 99, 3)]
  expect([book.cancel(b, 1), book.cancel(b, 1), book.cancel(99, 1)]).toEqual([true, false, false])
  expect([book.queueAt(99), book.quantityAt(99)]).toEqual([[a, c], 4])
  book.cancel(a, 1)
  book.cancel(c, 1)
  expect([book.bestBid, book.resting]).toEqual([0, 0])
})

test('depth() lists best prices first and zeros beyond', () => {
  const { book } = stocked()
  expect([...book.depth(1, 3)]).toEqual([99, 10, 98, 10, 0, 0])
  expect([...book.depth(-1, 2)]).toEqual([101, 10, 102, 10])
})

/** The obvious book: an array of orders, sorted anew for every match. */
class SlowBook {
  readonly orders: { id: number; side: number; price: number; left: number; owner: number }[] = []
  readonly fills: number[][] = []
  newest = 0
  readonly selfTrade: SelfTrade

  constructor(selfTrade: SelfTrade) {
    this.selfTrade = selfTrade
  }

  best(side: number): number | undefined {
    const prices = this.orders.filter((order) => order.side === side).map((order) => order.price)
    return prices.length === 0 ? undefined : side > 0 ? Math.max(...prices) : Math.min(...prices)
  }

  facing(side: number, limit: number) {
    return this.orders
      .filter((order) => order.side === -side && side * (limit - order.price) >= 0)
      .toSorted((a, b) => side * (a.price - b.price) || a.id - b.id)
  }

  submit(side: number, type: number, price: number, quantity: number, owner: number): void {
    const id = ++this.newest
    const [own, opposite] = [this.best(side), this.best(-side)]
    const far = side > 0 ? HIGHEST : LOWEST
    const limit =
      type <= FOK ? price : type === BEST_OWN ? own : type === BEST_OPPOSITE ? opposite : opposite !== undefined ? far : type === BEST_5_LIMIT ? own : undefined
    if (limit === undefined) return
    const mine = (order: { owner: number }) => this.selfTrade !== 'allow' && owner !== 0 && order.owner === owner
    if (type === FOK) {
      let found = 0
      for (const order of this.facing(side, limit)) {
        if (mine(order) && this.selfTrade !== 'cancel-old') break
        if (!mine(order)) found += order.left
        if (found >= quantity) break
      }
      if (found < quantity) return
    }
    let left = quantity
    let last: number | undefined
    const levels = [...new Set(this.facing(side, limit).map((order) => order.price))]
    const reachable = type === BEST_5_CANCEL || type === BEST_5_LIMIT ? levels.slice(0, 5) : levels
    for (const order of this.facing(side, limit)) {
      if (left === 0 || !reachable.includes(order.price)) break
      if (mine(order)) {
        if (this.selfTrade !== 'cancel-new') this.remove(order.id)
        if (this.selfTrade === 'cancel-old') continue
        return
      }
      const fill = Math.min(left, order.left)
      this.fills.push([id, order.id, order.price, fill])
      last = order.price
      left -= fill
      order.left -= fill
      if (order.left === 0) this.remove(order.id)
    }
    if (left === 0 || type === IOC || type === FOK || type === BEST_5_CANCEL) return
    if (type === BEST_5_LIMIT && opposite !== undefined && last === undefined) return
    this.orders.push({ id, side, price: type === BEST_5_LIMIT && last !== undefined ? last : limit, left, owner })
  }

  remove(id: number): void {
    const at = this.orders.findIndex((order) => order.id === id)
    if (at >= 0) this.orders.splice(at, 1)
  }

  picture(): BookPicture {
    const side = (sign: number) =>
      [...new Set(this.orders.filter((order) => order.side === sign).map((order) => order.price))]
        .toSorted((a, b) => sign * (b - a))
        .map((price) => {
          const queue = this.orders.filter((order) => order.side === sign && order.price === price)
          return { price, ids: queue.map((order) => order.id), left: queue.map((order) => order.left) }
        })
    return { bids: side(1), asks: side(-1) }
  }
}

function pictureOf(book: OrderBook): BookPicture {
  const level = (price: number) => {
    const ids = book.queueAt(price)
    expect(ids.reduce((sum, id) => sum + book.leftOf(id), 0)).toBe(book.quantityAt(price))
    return { price, ids, left: ids.map((id) => book.leftOf(id)) }
  }
  const prices = (side: number) => [...book.depth(side, HIGHEST - LOWEST + 1)].filter((price, i) => i % 2 === 0 && price > 0)
  return { bids: prices(1).map(level), asks: prices(-1).map(level) }
}

test('OrderBook agrees with an obvious book on every fill and queue, never crosses, and its log rebuilds it', () => {
  const step = fc.record({
    cancels: fc.integer({ min: 0, max: 4 }),
    side: fc.constantFrom(1, -1),
    type: fc.constantFrom(LIMIT, LIMIT, LIMIT, LIMIT, LIMIT, IOC, FOK, BEST_5_CANCEL, BEST_5_LIMIT, BEST_OPPOSITE, BEST_OWN),
    price: fc.integer({ min: LOWEST, max: HIGHEST }),
    quantity: fc.integer({ min: 1, max: 30 }),
    owner: fc.integer({ min: 0, max: 3 }),
    old: fc.nat(),
  })
  const modes = fc.constantFrom<SelfTrade>('allow', 'cancel-new', 'cancel-old', 'cancel-both')
  fc.assert(
    fc.property(modes, fc.array(step, { minLength: 30, maxLength: 150 }), (selfTrade, steps) => {
      const { book, log } = bookOf({ selfTrade, writesLevels: true })
      const slow = new SlowBook(selfTrade)
      const entered = [0]
      for (const [at, { cancels, side, type, price, quantity, owner, old }] of steps.entries()) {
        if (cancels === 0 && slow.newest > 0) {
          const id = 1 + (old % slow.newest)
          book.cancel(id, at)
          slow.remove(id)
        } else {
          expect(book.submit(at, side, type, price, quantity, owner)).toBe(entered.length)
          slow.submit(side, type, price, quantity, owner)
          entered.push(quantity)
        }
        if (book.bestBid > 0 && book.bestAsk > 0) expect(book.bestBid).toBeLessThan(book.bestAsk)
      }
      expect(fills(log)).toEqual(slow.fills)
      const picture = pictureOf(book)
      expect(picture).toEqual(slow.picture())
      expect(rebuildBook(log.events())).toEqual(picture)
      expect(book.resting).toBe(slow.orders.length)
      const filled = new Float64Array(entered.length)
      for (const [taker, maker, , quantity] of slow.fills) {
        filled[taker!]! += quantity!
        filled[maker!]! += quantity!
      }
      for (let id = 1; id < entered.length; id++) expect(filled[id]! + book.leftOf(id)).toBeLessThanOrEqual(entered[id]!)
      expect(lastLevels(log)).toEqual(new Map([...picture.bids, ...picture.asks].map(({ price, left }) => [price, left.reduce((a, b) => a + b, 0)])))
    }),
    { numRuns: 150 },
  )
})

/** What the LEVEL events say rests at each price in the end. */
function lastLevels(log: BookLog): Map<number, number> {
  const events = log.events()
  const levels = new Map<number, number>()
  for (let i = 0; i < events.length; i++) if (events.kind[i] === BOOK_EVENT.LEVEL) levels.set(events.price[i]!, events.quantity[i]!)
  for (const [price, quantity] of levels) if (quantity === 0) levels.delete(price)
  return levels
}

test('OrderBook finds the next price across thousands of empty levels', () => {
  const book = new OrderBook({ lowest: 1, highest: 50_000 })
  const rng = seededRng('sparse')
  const prices = Array.from({ length: 40 }, () => rng.integer(1, 50_000)).toSorted((a, b) => a - b)
  for (const price of prices) book.submit(0, -1, LIMIT, price, 1)
  const seen: number[] = []
  while (book.bestAsk > 0) {
    seen.push(book.bestAsk)
    book.submit(0, 1, IOC, 50_000, 1)
  }
  expect(seen).toEqual(prices)
  for (const price of prices) book.submit(0, 1, LIMIT, price, 1)
  while (book.bestBid > 0) {
    expect(book.bestBid).toBe(seen.pop())
    book.submit(0, -1, IOC, 1, 1)
  }
})
