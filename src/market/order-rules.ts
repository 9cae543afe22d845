import { isBuyQuantity, isSellQuantity } from '#core/lot.ts'
import type { Board } from '#core/code.ts'
import type { TradeDate } from '#core/trade-date.ts'
import type { OrderRule } from './order-book.ts'
import { ORDER_TYPE } from './order-request.ts'

/** How far from the market a limit order of continuous trading may be priced (spec simulator §6.3). */
export interface CageWidth {
  /** Whole percent of the reference price. */
  readonly percent: number
  /** At least this many ticks. */
  readonly ticks: number
}

export const PRICE_CAGE: CageWidth = Object.freeze({ percent: 2, ticks: 10 })

/**
 * 价格笼子: a buy may cost at most 102 % of its reference or the reference and ten ticks, whichever is more; a sell mirrors it. The reference of a buy is
 * the best offer, else the best bid, else the last trade, else the previous close (ticks); of a sell the bid comes first. Orders without a price pass.
 */
export function priceCage(previousClose: number, { percent, ticks }: CageWidth = PRICE_CAGE): OrderRule {
  return ({ side, type, price }, book) => {
    if (type > ORDER_TYPE.FOK) return undefined
    const near = side > 0 ? book.bestAsk : book.bestBid
    const reference = near || (side > 0 ? book.bestBid : book.bestAsk) || book.lastPrice || previousClose
    // Whole numbers throughout: 100 × price against percent × reference.
    const isOutside =
      side > 0 ? 100 * price > (100 + percent) * reference && price > reference + ticks : 100 * price < (100 - percent) * reference && price < reference - ticks
    return isOutside ? 'price-cage' : undefined
  }
}

/**
 * 申报数量 and 可卖数量: buys come in the board's lots, sells within what their owner may sell today (T+1), the odd rest whole.
 * `sellable` tells the shares an owner may still sell; Infinity where holdings are not kept, then only the lots of a sell are not checked.
 * Quantities of the book must be shares.
 */
export function lotsAndHoldings(board: Board, date: TradeDate, sellable: (owner: number) => number): OrderRule {
  return ({ side, quantity, owner }) => {
    if (side > 0) return isBuyQuantity(quantity, board, date) ? undefined : 'lot'
    const mine = sellable(owner)
    if (mine === Infinity) return undefined
    if (quantity > mine) return 'sellable'
    return isSellQuantity(quantity, mine, board, date) ? undefined : 'lot'
  }
}
