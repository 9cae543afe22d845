import { toCny } from '#core/milli.ts'
import type { Market } from './market.ts'
import type { LiveOrder } from './order-book.ts'
import type { Lot, LotMoney, Position } from './position.ts'
import type { ClosedTrade } from './result.ts'

/** Part of a sale: `count` shares taken from one lot with their money, and the exit costs that fall on them, whole 厘. */
export interface LotSale {
  readonly position: Position
  readonly lot: Lot
  readonly order: LiveOrder
  readonly day: number
  readonly price: number
  readonly count: number
  readonly bought: number
  readonly money: LotMoney
  readonly exit: {
    readonly commission: number
    readonly stampDuty: number
    readonly transferFee: number
    readonly slippage: number
    readonly dividendTax: number
  }
}

/** The closed trade of one lot's sale, in CNY; `fromDay` is the place of the run's first day. */
export function closedTrade(market: Market, fromDay: number, { position, lot, order, day, price, count, bought, money, exit }: LotSale): ClosedTrade {
  const { days, stocks } = market
  const gross = price * count - money.book + money.dividends
  const entryCosts = money.commission + money.stampDuty + money.transferFee + money.slippage
  const net = gross - entryCosts - exit.commission - exit.stampDuty - exit.transferFee - exit.slippage - exit.dividendTax
  const isLocked = order.lockedSince >= 0
  return {
    code: stocks[order.stock]!.code,
    entryDate: days[lot.entryDay]!,
    exitDate: days[day]!,
    entryDay: lot.entryDay - fromDay,
    exitDay: day - fromDay,
    entryPrice: toCny(lot.price),
    exitPrice: toCny(price),
    entryShares: bought,
    shares: count,
    entryAmount: toCny(money.book),
    exitAmount: toCny(price * count),
    dividends: toCny(money.dividends),
    grossPnl: toCny(gross),
    netPnl: toCny(net),
    netReturn: money.book > 0 ? net / money.book : 0,
    costs: {
      commission: toCny(money.commission + exit.commission),
      stampDuty: toCny(money.stampDuty + exit.stampDuty),
      transferFee: toCny(money.transferFee + exit.transferFee),
      slippage: toCny(money.slippage + exit.slippage),
      dividendTax: toCny(exit.dividendTax),
    },
    // The day of the sale counts, and it is added to the position only at its close; a write-off is no trading day.
    daysHeld: position.daysHeld - lot.heldBefore + (position.entryDay < day && price > 0 ? 1 : 0),
    entryRule: lot.rule,
    exitReason: order.rule,
    t1Locked: isLocked,
    closeFill: lot.closeFill || (order.closeFill && order.type === 'auction_close'),
    lockedGap: isLocked ? toCny((price - wantedPrice(market, order, day)) * count) : 0,
    entryOrder: lot.order,
    exitOrder: order.id,
    tag: lot.tag,
  }
}

/** The close of the day a locked exit was wanted, in the basis of the day it was sold, whole 厘. */
function wantedPrice({ stocks }: Market, { stock, lockedSince }: LiveOrder, day: number): number {
  const { adjFactor, close, first } = stocks[stock]!
  const at = Math.min(day - first, adjFactor.length - 1)
  return Math.round((close[lockedSince - first]! * adjFactor[lockedSince - first]!) / adjFactor[at]!)
}
