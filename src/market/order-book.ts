import { BOOK_EVENT, CANCEL_CAUSE, type BookListener } from './book-log.ts'
import { OccupiedPrices } from './occupied-prices.ts'
import { ORDER_TYPE, type OrderRequest, type Rejection, type SelfTrade } from './order-request.ts'

/** A check before an order enters: 价格笼子, lots, T+1. Names what it breaks, undefined when it may pass. The request is the book's own and valid during the call only. */
export type OrderRule = (order: OrderRequest, book: OrderBook) => Rejection | undefined

/** How a book is opened. */
export interface BookSettings {
  /** The lowest and highest price in ticks an order may have, usually 跌停价 and 涨停价. At least 1. */
  readonly lowest: number
  readonly highest: number
  readonly selfTrade?: SelfTrade
  readonly rules?: readonly OrderRule[]
  /** Where events go; without it nothing is recorded. */
  readonly log?: BookListener
  /** Also write a LEVEL event whenever the quantity resting at a price changes. */
  readonly writesLevels?: boolean
}

const BEST_LEVELS = 5

/**
 * 撮合: one stock's book in continuous trading, by price and then time (spec simulator §11.1). Prices are whole ticks, quantities whole shares or
 * lots. Best prices and cancelling by id take constant time. Order ids count from 1; the book never runs by itself and asks no clock.
 */
export class OrderBook {
  readonly #lowest: number
  readonly #span: number
  readonly #selfTrade: SelfTrade
  readonly #rules: readonly OrderRule[]
  readonly #log: BookListener | undefined
  readonly #writesLevels: boolean
  readonly #request: { -readonly [K in keyof OrderRequest]: OrderRequest[K] } = { side: 0, type: 0, price: 0, quantity: 0, owner: 0 }
  // Levels by price − lowest. Without a cross, a level holds orders of one side only.
  readonly #head: Int32Array
  readonly #tail: Int32Array
  readonly #total: Float64Array
  readonly #bids: OccupiedPrices
  readonly #asks: OccupiedPrices
  #bid = -1
  #ask: number
  // Orders by id: level, what is left (0 = gone), side, neighbours in the queue.
  #orders = 0
  #level = new Int32Array(1024)
  #left = new Float64Array(1024)
  #side = new Int8Array(1024)
  #owner = new Int32Array(1024)
  #next = new Int32Array(1024)
  #previous = new Int32Array(1024)
  #resting = 0
  #lastPrice = 0
  #rejection: Rejection | undefined

  constructor(settings: BookSettings) {
    const { lowest, highest } = settings
    if (!(Number.isInteger(lowest) && Number.isInteger(highest) && lowest >= 1 && highest >= lowest))
      throw new RangeError(`Cannot open a book: prices run over whole ticks from 1, found ${lowest} to ${highest}`)
    this.#lowest = lowest
    this.#span = highest - lowest + 1
    this.#selfTrade = settings.selfTrade ?? 'allow'
    this.#rules = settings.rules ?? []
    this.#log = settings.log
    this.#writesLevels = settings.writesLevels === true && settings.log !== undefined
    this.#head = new Int32Array(this.#span)
    this.#tail = new Int32Array(this.#span)
    this.#total = new Float64Array(this.#span)
    this.#bids = new OccupiedPrices(this.#span)
    this.#asks = new OccupiedPrices(this.#span)
    this.#ask = this.#span
  }

  /** 买一价 in ticks; 0 when nobody bids. */
  get bestBid(): number {
    return this.#bid < 0 ? 0 : this.#bid + this.#lowest
  }

  /** 卖一价 in ticks; 0 when nobody offers. */
  get bestAsk(): number {
    return this.#ask === this.#span ? 0 : this.#ask + this.#lowest
  }

  /** The last traded price in ticks; 0 before the first trade. */
  get lastPrice(): number {
    return this.#lastPrice
  }

  /** Number of orders resting in the book. */
  get resting(): number {
    return this.#resting
  }

  /** The id of the newest order; 0 before the first. */
  get newest(): number {
    return this.#orders
  }

  /** Why the last submitted order was not accepted; undefined when it was. */
  get rejection(): Rejection | undefined {
    return this.#rejection
  }

  /** What rests at a price. */
  quantityAt(price: number): number {
    const level = price - this.#lowest
    return level >= 0 && level < this.#span ? this.#total[level]! : 0
  }

  /** What is left of an order: 0 when it is filled, cancelled or unknown. */
  leftOf(id: number): number {
    return id >= 1 && id <= this.#orders ? this.#left[id]! : 0
  }

  /** Whose order it is; 0 for nobody's or an unknown one. */
  ownerOf(id: number): number {
    return id >= 1 && id <= this.#orders ? this.#owner[id]! : 0
  }

  /** The price in ticks an order rests or rested at; 0 when unknown. */
  priceOf(id: number): number {
    return id >= 1 && id <= this.#orders ? this.#level[id]! + this.#lowest : 0
  }

  /** The best `count` prices of a side (+1 bids, -1 asks), best first, as price and quantity in turn, zeros where there are fewer. Fills and returns `out`. */
  depth(side: number, count: number, out: Float64Array = new Float64Array(2 * count)): Float64Array {
    let level = side > 0 ? this.#bid : this.#ask
    for (let k = 0; k < count; k++) {
      const isThere = level >= 0 && level < this.#span
      out[2 * k] = isThere ? level + this.#lowest : 0
      out[2 * k + 1] = isThere ? this.#total[level]! : 0
      if (isThere) level = side > 0 ? this.#bids.atOrBelow(level - 1) : this.#asks.atOrAbove(level + 1)
    }
    return out
  }

  /** The ids resting at a price, first in the queue first. */
  queueAt(price: number): number[] {
    const ids: number[] = []
    const level = price - this.#lowest
    for (let id = level >= 0 && level < this.#span ? this.#head[level]! : 0; id !== 0; id = this.#next[id]!) ids.push(id)
    return ids
  }

  /**
   * Enter an order and match it. `at` is the instant in milliseconds; `price` (ticks) is read for LIMIT, IOC and FOK only. Returns the id,
   * or 0 when a rule rejects the order (see `rejection`). A market order that finds no price to take is accepted and cancelled.
   * Throws RangeError when the side, price or quantity is not a whole number the book can hold.
   */
  submit(at: number, side: number, type: number, price: number, quantity: number, owner = 0): number {
    if ((side !== 1 && side !== -1) || !(Number.isInteger(quantity) && quantity > 0) || (type <= ORDER_TYPE.FOK && !Number.isInteger(price)))
      throw new RangeError(
        `Cannot match an order: side is ±1, price whole ticks, quantity whole and positive; found side ${side}, price ${price}, quantity ${quantity}`,
      )
    const limit = this.#limitOf(side, type, price)
    this.#rejection = type <= ORDER_TYPE.FOK && (limit < 0 || limit >= this.#span) ? 'price-limit' : this.#broken(side, type, price, quantity, owner)
    if (this.#rejection !== undefined) return 0
    const id = this.#enter(side, limit, quantity, owner)
    this.#log?.append(BOOK_EVENT.ORDER, at, side, type, id, owner, this.#level[id]! + this.#lowest, quantity)
    if (limit < 0 || limit >= this.#span) return this.#drop(id, at, CANCEL_CAUSE.REMAINDER)
    if (type === ORDER_TYPE.FOK && !this.#canFill(side, limit, quantity, owner)) return this.#drop(id, at, CANCEL_CAUSE.REMAINDER)
    const hadOpposite = side > 0 ? this.#ask < this.#span : this.#bid >= 0
    const deepest = type === ORDER_TYPE.BEST_5_CANCEL || type === ORDER_TYPE.BEST_5_LIMIT ? BEST_LEVELS : Infinity
    const last = this.#match(id, side, limit, deepest, at)
    if (this.#left[id] === 0) return id
    if (type === ORDER_TYPE.IOC || type === ORDER_TYPE.FOK || type === ORDER_TYPE.BEST_5_CANCEL) return this.#drop(id, at, CANCEL_CAUSE.REMAINDER)
    if (type === ORDER_TYPE.BEST_5_LIMIT && last >= 0) this.#level[id] = last
    // Everything it met was its owner's own and is cancelled: no price to rest at.
    else if (type === ORDER_TYPE.BEST_5_LIMIT && hadOpposite) return this.#drop(id, at, CANCEL_CAUSE.REMAINDER)
    this.#rest(id, at)
    return id
  }

  /** Take an order out of the book. False when it is filled, cancelled or unknown. */
  cancel(id: number, at: number): boolean {
    if (!(id >= 1 && id <= this.#orders) || this.#left[id] === 0) return false
    const left = this.#left[id]!
    this.#unlink(id)
    this.#total[this.#level[id]!]! -= left
    this.#left[id] = 0
    this.#log?.append(BOOK_EVENT.CANCEL, at, this.#side[id]!, CANCEL_CAUSE.ASKED, id, 0, this.#level[id]! + this.#lowest, left)
    this.#settleLevel(this.#level[id]!, this.#side[id]!, at)
    return true
  }

  /**
   * Enter an order that has been through a call auction, where all but `left` of it traded: the rest queues without matching. Returns the id.
   * Throws RangeError when the rest would cross the book or the price lies outside it.
   */
  admit(at: number, side: number, price: number, quantity: number, left: number, owner = 0): number {
    const level = price - this.#lowest
    const crosses = left > 0 && (side > 0 ? level >= this.#ask : level <= this.#bid)
    if (!(level >= 0 && level < this.#span) || !(left >= 0 && left <= quantity) || crosses)
      throw new RangeError(`Cannot admit an order from the call auction: ${left} of ${quantity} at ${price} against ${this.bestBid}/${this.bestAsk}`)
    const id = this.#enter(side, level, quantity, owner)
    this.#left[id] = left
    this.#log?.append(BOOK_EVENT.ORDER, at, side, ORDER_TYPE.LIMIT, id, owner, price, quantity)
    if (left > 0) this.#rest(id, at)
    return id
  }

  /** Records a fill of a call auction between two admitted orders: no aggressor (side 0). */
  recordAuctionTrade(at: number, buy: number, sell: number, price: number, quantity: number): void {
    this.#lastPrice = price
    this.#log?.append(BOOK_EVENT.TRADE, at, 0, 0, buy, sell, price, quantity)
  }

  /** Checks the rules with one request object, so that an order costs no allocation. */
  #broken(side: number, type: number, price: number, quantity: number, owner: number): Rejection | undefined {
    if (this.#rules.length === 0) return undefined
    const request = this.#request
    request.side = side
    request.type = type
    request.price = type <= ORDER_TYPE.FOK ? price : 0
    request.quantity = quantity
    request.owner = owner
    for (const rule of this.#rules) {
      const broken = rule(request, this)
      if (broken !== undefined) return broken
    }
    return undefined
  }

  /** The level up to which an order may trade; outside the book when a market order finds nothing to be priced by. */
  #limitOf(side: number, type: number, price: number): number {
    const own = side > 0 ? this.#bid : this.#ask
    const opposite = side > 0 ? this.#ask : this.#bid
    const hasOpposite = opposite >= 0 && opposite < this.#span
    switch (type) {
      case ORDER_TYPE.LIMIT:
      case ORDER_TYPE.IOC:
      case ORDER_TYPE.FOK:
        return price - this.#lowest
      case ORDER_TYPE.BEST_5_CANCEL:
        return hasOpposite ? (side > 0 ? this.#span - 1 : 0) : -1
      case ORDER_TYPE.BEST_5_LIMIT:
        // Without anything to trade with it becomes a limit order at the best price of its own side (上交所交易规则 3.3.4).
        return hasOpposite ? (side > 0 ? this.#span - 1 : 0) : own
      case ORDER_TYPE.BEST_OPPOSITE:
        return opposite
      case ORDER_TYPE.BEST_OWN:
        return own
      default:
        throw new RangeError(`Cannot match an order: its type is an ordinal of ORDER_TYPE, found ${type}`)
    }
  }

  #enter(side: number, limit: number, quantity: number, owner: number): number {
    const id = ++this.#orders
    if (id === this.#level.length) this.#grow()
    this.#level[id] = Math.max(0, Math.min(this.#span - 1, limit))
    this.#left[id] = quantity
    this.#side[id] = side
    this.#owner[id] = owner
    return id
  }

  /** Trades the order against the other side. Returns the level of its last fill, -1 when there was none. */
  #match(id: number, side: number, limit: number, deepest: number, at: number): number {
    const owner = this.#selfTrade === 'allow' ? 0 : this.#owner[id]!
    let left = this.#left[id]!
    let last = -1
    for (let depth = 0; depth < deepest && left > 0; depth++) {
      const level = side > 0 ? this.#ask : this.#bid
      if (level < 0 || level >= this.#span || (side > 0 ? level > limit : level < limit)) break
      let filled = 0
      while (left > 0) {
        const resting = this.#head[level]!
        if (resting === 0) break
        if (owner !== 0 && this.#owner[resting] === owner) {
          if (this.#selfTrade !== 'cancel-new') this.#cancelHead(resting, at)
          if (this.#selfTrade === 'cancel-old') continue
          this.#left[id] = left
          this.#settleFills(level, side, filled, at)
          this.#drop(id, at, CANCEL_CAUSE.SELF_TRADE)
          return last
        }
        const there = this.#left[resting]!
        const fill = left < there ? left : there
        left -= fill
        filled += fill
        this.#left[resting] = there - fill
        this.#total[level]! -= fill
        this.#log?.append(BOOK_EVENT.TRADE, at, side, 0, id, resting, level + this.#lowest, fill)
        if (fill === there) this.#unlink(resting)
      }
      if (filled > 0) last = level
      this.#settleFills(level, side, filled, at)
    }
    this.#left[id] = left
    return last
  }

  #settleFills(level: number, side: number, filled: number, at: number): void {
    if (filled > 0) this.#lastPrice = level + this.#lowest
    this.#settleLevel(level, -side, at)
  }

  /** The first in the queue of the best level, cancelled because its owner came to trade with it. */
  #cancelHead(id: number, at: number): void {
    const left = this.#left[id]!
    this.#unlink(id)
    this.#total[this.#level[id]!]! -= left
    this.#left[id] = 0
    this.#log?.append(BOOK_EVENT.CANCEL, at, this.#side[id]!, CANCEL_CAUSE.SELF_TRADE, id, 0, this.#level[id]! + this.#lowest, left)
  }

  /** Ends an order that does not rest. Returns its id. */
  #drop(id: number, at: number, cause: number): number {
    this.#log?.append(BOOK_EVENT.CANCEL, at, this.#side[id]!, cause, id, 0, this.#level[id]! + this.#lowest, this.#left[id]!)
    this.#left[id] = 0
    return id
  }

  #rest(id: number, at: number): void {
    const level = this.#level[id]!
    const last = this.#tail[level]!
    this.#next[id] = 0
    this.#previous[id] = last
    this.#tail[level] = id
    this.#total[level]! += this.#left[id]!
    this.#resting++
    if (last !== 0) this.#next[last] = id
    else {
      this.#head[level] = id
      if (this.#side[id]! > 0) {
        this.#bids.add(level)
        if (level > this.#bid) this.#bid = level
      } else {
        this.#asks.add(level)
        if (level < this.#ask) this.#ask = level
      }
    }
    if (this.#writesLevels) this.#writeLevel(level, this.#side[id]!, at)
  }

  #unlink(id: number): void {
    const level = this.#level[id]!
    const next = this.#next[id]!
    const previous = this.#previous[id]!
    if (previous !== 0) this.#next[previous] = next
    else this.#head[level] = next
    if (next !== 0) this.#previous[next] = previous
    else this.#tail[level] = previous
    this.#resting--
  }

  /** After orders left a level: forget it when it is empty. */
  #settleLevel(level: number, side: number, at: number): void {
    if (this.#head[level] === 0) {
      if (side > 0) {
        this.#bids.remove(level)
        if (level === this.#bid) this.#bid = this.#bids.atOrBelow(level - 1)
      } else {
        this.#asks.remove(level)
        if (level === this.#ask) this.#ask = this.#asks.atOrAbove(level + 1)
      }
    }
    if (this.#writesLevels) this.#writeLevel(level, side, at)
  }

  #writeLevel(level: number, side: number, at: number): void {
    this.#log?.append(BOOK_EVENT.LEVEL, at, side, 0, 0, 0, level + this.#lowest, this.#total[level]!)
  }

  /** Whether the other side holds `quantity` up to the limit that the order may trade with. */
  #canFill(side: number, limit: number, quantity: number, owner: number): boolean {
    const guards = owner !== 0 && this.#selfTrade !== 'allow'
    let found = 0
    let level = side > 0 ? this.#ask : this.#bid
    while (level >= 0 && level < this.#span && (side > 0 ? level <= limit : level >= limit) && found < quantity) {
      if (guards)
        for (let id = this.#head[level]!; id !== 0 && found < quantity; id = this.#next[id]!) {
          if (this.#owner[id] !== owner) found += this.#left[id]!
          else if (this.#selfTrade !== 'cancel-old') return false
        }
      else found += this.#total[level]!
      level = side > 0 ? this.#asks.atOrAbove(level + 1) : this.#bids.atOrBelow(level - 1)
    }
    return found >= quantity
  }

  #grow(): void {
    const room = 2 * this.#level.length
    const longer = <T extends Int32Array | Float64Array | Int8Array>(column: T, to: T): T => {
      to.set(column)
      return to
    }
    this.#level = longer(this.#level, new Int32Array(room))
    this.#left = longer(this.#left, new Float64Array(room))
    this.#side = longer(this.#side, new Int8Array(room))
    this.#owner = longer(this.#owner, new Int32Array(room))
    this.#next = longer(this.#next, new Int32Array(room))
    this.#previous = longer(this.#previous, new Int32Array(room))
  }
}
