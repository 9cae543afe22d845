import type { Code } from '#core/code.ts'
import type { TickDay } from '#core/tick.ts'
import { timeOfDay } from '#core/shanghai-time.ts'
import type { EpochMs, TradeDate } from '#core/trade-date.ts'
import { BOOK_EVENT, BookLog, type BookEvents, type BookListener } from './book-log.ts'
import { OrderBook } from './order-book.ts'

/** Prices in the book are ticks of 0.01 CNY, quantities lots of 100 shares. */
export const TICK = 10
export const LOT = 100
const SLOT_MS = 3000
const LEVELS = 5

/**
 * 快照: the book every three seconds, and what has traded up to then. Prices and amounts in whole 厘, volumes in shares; price 0 = nothing there,
 * `last` 0 before the first trade. Five levels a side, flat: `bids[10 i + 2 k]` is the price of level k, `bids[10 i + 2 k + 1]` its volume.
 */
export interface BookSnapshots {
  readonly length: number
  readonly at: Float64Array
  readonly last: Float64Array
  readonly open: Float64Array
  readonly high: Float64Array
  readonly low: Float64Array
  readonly cumVolume: Float64Array
  readonly cumAmount: Float64Array
  readonly tradeCount: Float64Array
  /** 外盘 and 内盘: volume bought and sold actively so far. */
  readonly outerVolume: Float64Array
  readonly innerVolume: Float64Array
  readonly bids: Float64Array
  readonly asks: Float64Array
}

/**
 * A book that remembers what a feed would have seen: every trade with the quotes in force before it, and a snapshot every three seconds.
 * Orders come in their own millisecond each, so the quotes strictly before a trade are those its aggressor met.
 */
export class ScenarioTape {
  readonly book: OrderBook
  readonly #log = new BookLog(1 << 16)
  readonly #start: number
  #at: number
  // The quotes an order meets.
  #bid = 0
  #ask = 0
  readonly #ticks: {
    readonly at: number[]
    readonly price: number[]
    readonly lots: number[]
    readonly side: number[]
    readonly bid: number[]
    readonly ask: number[]
  }
  readonly #buyer: number[] = []
  readonly #seller: number[] = []
  readonly #snapshots: BookSnapshots
  readonly #depth = new Float64Array(2 * LEVELS)
  #sampled = 0
  readonly #sums = { open: 0, high: 0, low: 0, volume: 0, amount: 0, outer: 0, inner: 0 }

  /** `start` is the instant of second 0, `seconds` how long the tape may get; prices may run from `lowest` to `highest` ticks. */
  constructor(start: EpochMs, seconds: number, lowest: number, highest: number) {
    const append: BookListener['append'] = (kind, at, side, detail, order, other, price, quantity) => {
      this.#log.append(kind, at, side, detail, order, other, price, quantity)
      if (kind === BOOK_EVENT.TRADE) this.#record(at, side, order, other, price, quantity)
    }
    this.book = new OrderBook({ lowest, highest, log: { append } })
    this.#start = start
    this.#at = start - 1
    this.#ticks = { at: [], price: [], lots: [], side: [], bid: [], ask: [] }
    this.#snapshots = emptySnapshots(start - (timeOfDay(start) % SLOT_MS), Math.ceil((1000 * seconds) / SLOT_MS) + 2)
  }

  /** The instant of the newest event. */
  get now(): number {
    return this.#at
  }

  /** Enters an order of `owner` at `second`, or a millisecond after the event before. Returns its id, 0 when it is priced outside the book. */
  submit(second: number, owner: number, side: number, type: number, price: number, lots: number): number {
    const at = this.#advance(second)
    this.#bid = this.book.bestBid
    this.#ask = this.book.bestAsk
    return this.book.submit(at, side, type, price, lots, owner)
  }

  /** Takes an order out; false when it is gone already. */
  cancel(second: number, id: number): boolean {
    return this.book.leftOf(id) > 0 && this.book.cancel(id, this.#advance(second))
  }

  /** Everything that happened, with the owner of each order. */
  events(): BookEvents {
    return this.#log.events()
  }

  /** Owner of the buyer and of the seller of each tick. */
  parties(): { readonly buyer: Int32Array; readonly seller: Int32Array } {
    return { buyer: Int32Array.from(this.#buyer), seller: Int32Array.from(this.#seller) }
  }

  /** 逐笔: every trade, flagged with its true aggressor. */
  ticks(code: Code, date: TradeDate): TickDay {
    const { at, price, lots, side, bid, ask } = this.#ticks
    const length = at.length
    const [volume, amount] = [new Float64Array(length), new Float64Array(length)]
    for (let i = 0; i < length; i++) {
      volume[i] = lots[i]! * LOT
      amount[i] = volume[i]! * price[i]! * TICK
    }
    return {
      code,
      date,
      grain: 'TBT',
      length,
      at: new Float64Array(at),
      price: Int32Array.from(scaled(price, TICK)),
      volume,
      amount,
      amountEstimated: new Uint8Array(length),
      vendorSide: new Float64Array(side),
      tradeCount: new Float64Array(length).fill(1),
      bid1: scaled(bid, TICK),
      ask1: scaled(ask, TICK),
    }
  }

  /** All snapshots up to the end of the tape; nothing may be entered afterwards. */
  snapshots(): BookSnapshots {
    this.#sample(Infinity)
    return this.#snapshots
  }

  #advance(second: number): number {
    const at = Math.max(this.#at + 1, this.#start + Math.floor(1000 * second))
    // A trade stamped on the boundary still belongs to the slot that ends there.
    this.#sample(at - 1)
    this.#at = at
    return at
  }

  #sample(upTo: number): void {
    const into = this.#snapshots
    const { open, high, low, volume, amount, outer, inner } = this.#sums
    for (; this.#sampled < into.length && into.at[this.#sampled]! <= upTo; this.#sampled++) {
      const i = this.#sampled
      into.last[i] = this.book.lastPrice * TICK
      into.open[i] = open * TICK
      into.high[i] = high * TICK
      into.low[i] = low * TICK
      into.cumVolume[i] = volume * LOT
      into.cumAmount[i] = amount * TICK * LOT
      into.tradeCount[i] = this.#ticks.at.length
      into.outerVolume[i] = outer * LOT
      into.innerVolume[i] = inner * LOT
      this.#writeDepth(into.bids, i, 1)
      this.#writeDepth(into.asks, i, -1)
    }
  }

  #writeDepth(levels: Float64Array, i: number, side: number): void {
    const depth = this.book.depth(side, LEVELS, this.#depth)
    for (let k = 0; k < 2 * LEVELS; k++) levels[2 * LEVELS * i + k] = depth[k]! * (k % 2 === 0 ? TICK : LOT)
  }

  #record(at: number, side: number, taker: number, maker: number, price: number, lots: number): void {
    const ticks = this.#ticks
    ticks.at.push(at)
    ticks.price.push(price)
    ticks.lots.push(lots)
    ticks.side.push(side)
    ticks.bid.push(this.#bid)
    ticks.ask.push(this.#ask)
    this.#buyer.push(this.book.ownerOf(side > 0 ? taker : maker))
    this.#seller.push(this.book.ownerOf(side > 0 ? maker : taker))
    const sums = this.#sums
    if (sums.open === 0) sums.open = sums.low = price
    sums.high = Math.max(sums.high, price)
    sums.low = Math.min(sums.low, price)
    sums.volume += lots
    sums.amount += price * lots
    if (side > 0) sums.outer += lots
    else sums.inner += lots
  }
}

function scaled(values: readonly number[], unit: number): Float64Array {
  const out = new Float64Array(values)
  for (let i = 0; i < out.length; i++) out[i]! *= unit
  return out
}

function emptySnapshots(first: number, length: number): BookSnapshots {
  const column = () => new Float64Array(length)
  return {
    length,
    at: Float64Array.from({ length }, (_, i) => first + i * SLOT_MS),
    last: column(),
    open: column(),
    high: column(),
    low: column(),
    cumVolume: column(),
    cumAmount: column(),
    tradeCount: column(),
    outerVolume: column(),
    innerVolume: column(),
    bids: new Float64Array(2 * LEVELS * length),
    asks: new Float64Array(2 * LEVELS * length),
  }
}
