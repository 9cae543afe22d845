import type { RejectionReason } from '#core/order.ts'
import type { LiveOrder } from './order-book.ts'
import { NO_LIMIT, type StockColumns } from './stock-columns.ts'

/** The parts of a day in daily mode: opening auction, continuous trading, closing auction. */
export type Phase = 'OPEN' | 'DAY' | 'CLOSE'

/** Share of the volume one account may take: of the day, and of the day when the volume of an auction is unknown (spec backtest §3). */
export interface Participation {
  readonly day: number
  readonly auction: number
  readonly auctionOfDay: number
}

export const DEFAULT_PARTICIPATION: Participation = { day: 0.1, auction: 0.1, auctionOfDay: 0.01 }

export function phaseOf(order: LiveOrder): Phase {
  return order.type === 'auction_open' ? 'OPEN' : order.type === 'auction_close' ? 'CLOSE' : 'DAY'
}

/**
 * The price (whole 厘) at which a daily bar fills an order, or why it does not (spec backtest §3). `at` is the place of the day in the stock's columns;
 * the stock is not suspended. A bar that never left the limit against the order fills nothing.
 */
export function matchDaily(order: LiveOrder, stock: StockColumns, at: number, touchFills: boolean): number | RejectionReason {
  const isBuy = order.side === 'buy'
  const open = stock.open[at]!
  const high = stock.high[at]!
  const low = stock.low[at]!
  const hasLimit = (stock.flags[at]! & NO_LIMIT) === 0
  const adverse = isBuy ? stock.upLimit[at]! : stock.downLimit[at]!
  if (hasLimit && open === adverse && high === adverse && low === adverse) return 'sealed_limit'
  if (order.type === 'auction_open') {
    const isMet = order.openBetween === undefined || (open >= order.openBetween.low && open <= order.openBetween.high)
    return isMet ? open : 'condition_not_met'
  }
  if (order.type === 'auction_close') return hasLimit && stock.close[at] === adverse ? 'sealed_limit' : stock.close[at]!
  if (order.type === 'limit') {
    if (isBuy ? open <= order.price : open >= order.price) return open
    if (isBuy ? low < order.price : high > order.price) return order.price
    return touchFills && (isBuy ? low : high) === order.price ? order.price : 'price_not_reached'
  }
  if (isBuy ? open >= order.price : open <= order.price) return open
  return (isBuy ? high >= order.price : low <= order.price) ? order.price : 'price_not_reached'
}

/** The most shares one account may take of the phase, before what it has taken already. */
export function volumeCap(stock: StockColumns, at: number, phase: Phase, { day, auction, auctionOfDay }: Participation): number {
  const volume = stock.volume[at]!
  const known = stock.auctionVolume[at] ?? NaN
  if (phase === 'DAY') return Math.floor(volume * day + 1e-6)
  return Math.floor((phase === 'OPEN' && known >= 0 ? known * auction : volume * auctionOfDay) + 1e-6)
}
