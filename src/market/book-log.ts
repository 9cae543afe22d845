/** What happened in a book, in the order of the ordinals that a log stores. */
export const BOOK_EVENT = Object.freeze({ ORDER: 0, TRADE: 1, CANCEL: 2, LEVEL: 3 })

/** Why an order left the book unfilled: its owner asked, its type leaves no remainder, or it would have met an order of the same owner. */
export const CANCEL_CAUSE = Object.freeze({ ASKED: 0, REMAINDER: 1, SELF_TRADE: 2 })

/** A view of the events so far; the row number is the global sequence. Valid until the next event is written. */
export interface BookEvents {
  readonly length: number
  /** BOOK_EVENT ordinal. */
  readonly kind: Uint8Array
  /** +1 buy, -1 sell: of the order, of the aggressor of a trade (0 in a call auction), of the level. */
  readonly side: Int8Array
  /** ORDER_TYPE ordinal of an ORDER; CANCEL_CAUSE of a CANCEL. */
  readonly detail: Uint8Array
  /** Milliseconds, as given to the book. */
  readonly at: Float64Array
  /** The order (of a trade: the aggressor; in a call auction the buy); 0 for a level. */
  readonly order: Int32Array
  /** Owner of an ORDER; the resting order of a TRADE (in a call auction the sell); 0 otherwise. */
  readonly other: Int32Array
  /** Ticks. */
  readonly price: Int32Array
  /** Of the order, the fill, the part cancelled, or all that now rests at the level. */
  readonly quantity: Float64Array
}

/** Whatever takes the events of a book as they happen, with the columns of `BookEvents` in turn. */
export interface BookListener {
  append(kind: number, at: number, side: number, detail: number, order: number, other: number, price: number, quantity: number): void
}

/** 委托成交流水: growable columns of everything a book did. */
export class BookLog implements BookListener {
  #length = 0
  #room: number
  #kind: Uint8Array
  #side: Int8Array
  #detail: Uint8Array
  #at: Float64Array
  #order: Int32Array
  #other: Int32Array
  #price: Int32Array
  #quantity: Float64Array

  constructor(room = 1024) {
    this.#room = room
    this.#kind = new Uint8Array(room)
    this.#side = new Int8Array(room)
    this.#detail = new Uint8Array(room)
    this.#at = new Float64Array(room)
    this.#order = new Int32Array(room)
    this.#other = new Int32Array(room)
    this.#price = new Int32Array(room)
    this.#quantity = new Float64Array(room)
  }

  get length(): number {
    return this.#length
  }

  /** Writes one event; its sequence number is the length before. */
  append(kind: number, at: number, side: number, detail: number, order: number, other: number, price: number, quantity: number): void {
    if (this.#length === this.#room) this.#grow()
    const i = this.#length++
    this.#kind[i] = kind
    this.#side[i] = side
    this.#detail[i] = detail
    this.#at[i] = at
    this.#order[i] = order
    this.#other[i] = other
    this.#price[i] = price
    this.#quantity[i] = quantity
  }

  /** The events so far, without copying. */
  events(): BookEvents {
    const to = this.#length
    return {
      length: to,
      kind: this.#kind.subarray(0, to),
      side: this.#side.subarray(0, to),
      detail: this.#detail.subarray(0, to),
      at: this.#at.subarray(0, to),
      order: this.#order.subarray(0, to),
      other: this.#other.subarray(0, to),
      price: this.#price.subarray(0, to),
      quantity: this.#quantity.subarray(0, to),
    }
  }

  #grow(): void {
    this.#room *= 2
    const room = this.#room
    this.#kind = longer(this.#kind, new Uint8Array(room))
    this.#side = longer(this.#side, new Int8Array(room))
    this.#detail = longer(this.#detail, new Uint8Array(room))
    this.#at = longer(this.#at, new Float64Array(room))
    this.#order = longer(this.#order, new Int32Array(room))
    this.#other = longer(this.#other, new Int32Array(room))
    this.#price = longer(this.#price, new Int32Array(room))
    this.#quantity = longer(this.#quantity, new Float64Array(room))
  }
}

function longer<T extends Uint8Array | Int8Array | Int32Array | Float64Array>(column: T, room: T): T {
  room.set(column)
  return room
}
