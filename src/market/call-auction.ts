import { auctionFills, auctionMatch, type AuctionMatch, type TieRule } from './auction-match.ts'
import type { OrderBook } from './order-book.ts'

/**
 * 集合竞价: limit orders gathered until they are all matched at one price and the rest moves into the book (spec simulator §11.2).
 * Positions count from 0 in order of arrival; the first of two orders at one price has priority.
 */
export class CallAuction {
  readonly #tieRule: TieRule
  readonly #reference: number
  readonly #at: number[] = []
  readonly #side: number[] = []
  readonly #price: number[] = []
  readonly #quantity: number[] = []
  readonly #owner: number[] = []

  /** `reference` in ticks: the previous close at the open, the last trade at the close. */
  constructor(tieRule: TieRule, reference: number) {
    this.#tieRule = tieRule
    this.#reference = reference
  }

  /** Adds an order and returns its position. Throws RangeError when side, price or quantity is not a whole number an auction can hold. */
  add(at: number, side: number, price: number, quantity: number, owner = 0): number {
    if ((side !== 1 && side !== -1) || !(Number.isInteger(price) && price > 0) || !(Number.isInteger(quantity) && quantity > 0))
      throw new RangeError(`Cannot add to the call auction: side is ±1, price and quantity whole and positive; found ${side}, ${price}, ${quantity}`)
    this.#at.push(at)
    this.#side.push(side)
    this.#price.push(price)
    this.#quantity.push(quantity)
    return this.#owner.push(owner) - 1
  }

  /** Takes an order out; false when it is not there. Whether the hour allows it (09:15–09:20) is the caller's question. */
  cancel(position: number): boolean {
    if (!(this.#quantity[position]! > 0)) return false
    this.#quantity[position] = 0
    return true
  }

  /** 虚拟匹配价量: what would trade now; undefined while nothing would. */
  match(): AuctionMatch | undefined {
    return auctionMatch(this.#orders(), this.#tieRule, this.#reference)
  }

  /**
   * Matches all orders at one price and moves them into an empty book: each gets an id in order of arrival, its fills are recorded without an
   * aggressor at `at`, and what is left queues at its price. Returns the match, undefined when nothing traded.
   */
  uncross(book: OrderBook, at: number): AuctionMatch | undefined {
    const orders = this.#orders()
    const match = this.match()
    const fills = match === undefined ? [] : auctionFills(orders, match)
    const left = Float64Array.from(orders.quantity)
    for (const { buy, sell, quantity } of fills) {
      left[buy]! -= quantity
      left[sell]! -= quantity
    }
    const ids = this.#side.map((side, i) =>
      this.#quantity[i]! > 0 ? book.admit(this.#at[i]!, side, this.#price[i]!, this.#quantity[i]!, left[i]!, this.#owner[i]) : 0,
    )
    for (const { buy, sell, quantity } of fills) book.recordAuctionTrade(at, ids[buy]!, ids[sell]!, match!.price, quantity)
    return match
  }

  /** A cancelled order stays with a quantity of 0 and a price that no longer matters. */
  #orders() {
    return {
      length: this.#side.length,
      side: this.#side.map((side, i) => (this.#quantity[i]! > 0 ? side : 0)),
      price: this.#price,
      quantity: this.#quantity,
    }
  }
}
