import { BOOK_EVENT, type BookEvents } from './book-log.ts'
import { ORDER_TYPE } from './order-request.ts'

/** One price of a book: the ids resting there and what is left of each, first in the queue first. */
export interface BookLevel {
  readonly price: number
  readonly ids: readonly number[]
  readonly left: readonly number[]
}

/** A whole book: bids from the highest price, asks from the lowest. */
export interface BookPicture {
  readonly bids: readonly BookLevel[]
  readonly asks: readonly BookLevel[]
}

/**
 * 盘口重建: the book after the first `length` events, from the events alone and without matching anything: an order rests with what its fills and
 * cancels leave of it. `length` must not cut an order off from its own fills. Throws RangeError when the events contradict each other.
 */
export function rebuildBook(events: BookEvents, length: number = events.length): BookPicture {
  const orders = new Map<number, { readonly side: number; readonly type: number; price: number; left: number }>()
  // A Map keeps the order of insertion, and an order that trades stays where it is: that is the queue.
  for (let i = 0; i < length; i++) {
    const id = events.order[i]!
    const quantity = events.quantity[i]!
    if (events.kind[i] === BOOK_EVENT.ORDER) orders.set(id, { side: events.side[i]!, type: events.detail[i]!, price: events.price[i]!, left: quantity })
    else if (events.kind[i] === BOOK_EVENT.TRADE) {
      const taker = orders.get(id)
      // 最优五档剩余转限价: what is left rests at the price of its last fill.
      if (taker?.type === ORDER_TYPE.BEST_5_LIMIT) taker.price = events.price[i]!
      take(id, quantity, i)
      take(events.other[i]!, quantity, i)
    } else if (events.kind[i] === BOOK_EVENT.CANCEL) take(id, quantity, i)
  }
  return { bids: levelsOf(1), asks: levelsOf(-1) }

  function take(id: number, quantity: number, at: number): void {
    const order = orders.get(id)
    if (order === undefined || order.left < quantity)
      throw new RangeError(`Cannot rebuild the book: event ${at} takes ${quantity} from order ${id}, which has ${order?.left ?? 'never been entered'}`)
    order.left -= quantity
    if (order.left === 0) orders.delete(id)
  }

  function levelsOf(side: number): BookLevel[] {
    const levels = new Map<number, { price: number; ids: number[]; left: number[] }>()
    for (const [id, order] of orders) {
      if (order.side !== side) continue
      const level = levels.get(order.price) ?? { price: order.price, ids: [], left: [] }
      levels.set(order.price, level)
      level.ids.push(id)
      level.left.push(order.left)
    }
    return [...levels.values()].toSorted((a, b) => side * (b.price - a.price))
  }
}
