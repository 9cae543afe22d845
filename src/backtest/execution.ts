import { ruleOn } from '#core/dated.ts'
import { isBuyQuantity, isSellQuantity, roundToLot } from '#core/lot.ts'
import type { RejectionReason } from '#core/order.ts'
import { riskWarningCap } from '#core/rules/risk-warning-cap.ts'
import type { Account, Booking } from './account.ts'
import { costsOf, type CostQuestion, type CostTerms } from './costs.ts'
import { matchDaily, phaseOf, volumeCap, type Participation, type Phase } from './daily-matching.ts'
import type { Market } from './market.ts'
import type { LiveOrder } from './order-book.ts'
import { NO_LIMIT, RISK_WARNING, SUSPENDED } from './stock-columns.ts'

const PHASES: readonly Phase[] = ['OPEN', 'DAY', 'CLOSE']

/** The rules an order meets on its day. */
export interface ExecutionTerms extends CostTerms {
  readonly participation: Participation
  readonly touchFills: boolean
}

/** What became of an order: refused, not filled today, or filled (`rest`: volume was lacking for all of it). */
export type Attempt =
  | { readonly end: 'rejected' | 'unfilled'; readonly reason: RejectionReason }
  | { readonly end: 'filled'; readonly booking: Booking; readonly rest: boolean }

/** Meets one order with one day of its stock and says what comes of it; books nothing. `taken` are the shares this account has already traded in the phase. */
export class Execution {
  readonly #market: Market
  readonly #account: Account
  readonly #terms: ExecutionTerms
  /** Shares bought or sold today per stock and phase; purchases per stock. */
  readonly #taken = new Map<number, number>()
  readonly #bought = new Map<number, number>()

  constructor(market: Market, account: Account, terms: ExecutionTerms) {
    this.#market = market
    this.#account = account
    this.#terms = terms
  }

  startDay(): void {
    if (this.#taken.size === 0) return
    this.#taken.clear()
    this.#bought.clear()
  }

  /** Remembers a booked fill for the caps of its day. */
  booked({ order, shares }: Booking): void {
    const key = takenKey(order)
    this.#taken.set(key, (this.#taken.get(key) ?? 0) + shares)
    if (order.side === 'buy') this.#bought.set(order.stock, (this.#bought.get(order.stock) ?? 0) + shares)
  }

  attempt(order: LiveOrder, day: number): Attempt {
    const stock = this.#market.stocks[order.stock]!
    const at = day - stock.first
    if (at < 0 || at >= stock.length) return { end: 'rejected', reason: 'not_listed' }
    if (stock.flags[at]! & SUSPENDED) return { end: 'rejected', reason: 'suspended' }
    const refusal = this.#offPrice(order, at) ?? (order.side === 'buy' ? this.#refusedPurchase(order, day) : this.#refusedSale(order, day))
    if (refusal !== undefined) return { end: 'rejected', reason: refusal }
    const price = matchDaily(order, stock, at, this.#terms.touchFills)
    if (typeof price === 'string') return { end: 'unfilled', reason: price }
    return order.side === 'buy' ? this.#buy(order, day, price) : this.#sell(order, day, price)
  }

  #offPrice({ stock: place, type, price }: LiveOrder, at: number): RejectionReason | undefined {
    const stock = this.#market.stocks[place]!
    if (type !== 'limit' && type !== 'stop') return undefined
    if (price % stock.tick !== 0) return 'price_off_tick'
    const isOutside = type === 'limit' && (stock.flags[at]! & NO_LIMIT) === 0 && (price > stock.upLimit[at]! || price < stock.downLimit[at]!)
    return isOutside ? 'price_outside_limits' : undefined
  }

  #refusedPurchase(order: LiveOrder, day: number): RejectionReason | undefined {
    const { board } = this.#market.stocks[order.stock]!
    const account = this.#account
    if (account.positions[order.stock] === undefined && account.held.length >= order.maxPositions) return 'max_positions'
    if (!isNamed(order)) return undefined
    const wanted = order.shares - order.filledShares
    if (!isBuyQuantity(wanted, board, this.#market.days[day]!)) return 'bad_lot'
    return wanted > this.#riskWarningRoom(order, day) ? 'st_daily_cap' : undefined
  }

  #refusedSale(order: LiveOrder, day: number): RejectionReason | undefined {
    const position = this.#account.positions[order.stock]
    if (position === undefined) return 'not_held'
    const wanted = wantedSale(order, position.sellable)
    if (wanted > position.shares) return 'not_held'
    if (wanted > position.sellable || wanted === 0) return 't_plus_1'
    return isSellQuantity(wanted, position.sellable, this.#market.stocks[order.stock]!.board, this.#market.days[day]!) ? undefined : 'bad_lot'
  }

  #buy(order: LiveOrder, day: number, price: number): Attempt {
    const { board } = this.#market.stocks[order.stock]!
    const date = this.#market.days[day]!
    const named = isNamed(order)
    const wanted = named
      ? order.shares - order.filledShares
      : roundToLot(Math.min(this.#sized(order, day, price), this.#riskWarningRoom(order, day)), board, date)
    if (wanted === 0) return { end: 'rejected', reason: 'bad_size' }
    if (!named) order.shares = wanted
    const whole = this.#booking(order, day, price, wanted)
    if (payable(whole) > this.#account.cash) return { end: 'rejected', reason: 'insufficient_cash' }
    const left = this.#volumeLeft(order, day)
    if (left >= wanted) return { end: 'filled', booking: whole, rest: false }
    const shares = roundToLot(Math.max(0, left), board, date)
    return shares === 0 ? { end: 'unfilled', reason: 'no_volume' } : { end: 'filled', booking: this.#booking(order, day, price, shares), rest: true }
  }

  #sell(order: LiveOrder, day: number, price: number): Attempt {
    const position = this.#account.positions[order.stock]!
    const wanted = wantedSale(order, position.sellable)
    if ('all' in order.size) order.shares = order.filledShares + wanted
    const left = this.#volumeLeft(order, day)
    const shares = left >= wanted ? wanted : roundToLot(Math.max(0, left), this.#market.stocks[order.stock]!.board, this.#market.days[day]!)
    if (shares === 0) return { end: 'unfilled', reason: 'no_volume' }
    const booking = this.#booking(order, day, price, shares)
    // At most 20 % of the dividends is owed, rounded up by less than a 分 per lot; a sale whose costs exceed its proceeds and the cash is refused.
    const owed = position.lots.reduce((sum, lot) => sum + lot.money.taxable * 0.2 + 10, 0)
    if (this.#account.cash + price * shares - booking.fees.total - booking.slippage < owed) return { end: 'rejected', reason: 'insufficient_cash' }
    return { end: 'filled', booking, rest: shares < wanted }
  }

  /** How many shares of a risk-warning stock may still be bought today; unlimited for others. */
  #riskWarningRoom({ stock: place }: LiveOrder, day: number): number {
    const { flags, first } = this.#market.stocks[place]!
    return (flags[day - first]! & RISK_WARNING) === 0 ? Infinity : ruleOn(riskWarningCap, 'stock', this.#market.days[day]!) - (this.#bought.get(place) ?? 0)
  }

  /** The lot-rounded shares of a size left to the fill. */
  #sized(order: LiveOrder, day: number, price: number): number {
    const { size } = order
    const { board } = this.#market.stocks[order.stock]!
    const date = this.#market.days[day]!
    if ('risk' in size) {
      const gap = price / 1000 - size.stop
      return gap > 0 ? roundToLot(Math.floor(Math.min(size.risk / gap, (size.cap * 1000) / price)), board, date) : 0
    }
    if (!('value' in size)) return 0
    const budget = Math.min(Math.floor(size.value * 1000), this.#account.cash)
    let shares = roundToLot(Math.floor(budget / price), board, date)
    while (shares > 0) {
      const over = payable(this.#booking(order, day, price, shares)) - budget
      if (over <= 0) return shares
      shares = roundToLot(shares - Math.max(1, Math.floor(over / (2 * price))), board, date)
    }
    return 0
  }

  #volumeLeft(order: LiveOrder, day: number): number {
    const stock = this.#market.stocks[order.stock]!
    return volumeCap(stock, day - stock.first, phaseOf(order), this.#terms.participation) - (this.#taken.get(takenKey(order)) ?? 0)
  }

  #booking(order: LiveOrder, day: number, price: number, shares: number): Booking {
    return { order, day, price, shares, ...costsOf(this.#question(order, day, price, shares), this.#terms) }
  }

  #question({ side, stock: place, type }: LiveOrder, day: number, price: number, shares: number): CostQuestion {
    const stock = this.#market.stocks[place]!
    const kind = type === 'limit' || type === 'stop' ? type : 'auction'
    return { side, stock, at: day - stock.first, date: this.#market.days[day]!, price, shares, kind }
  }
}

/** One number per stock and phase. */
function takenKey(order: LiveOrder): number {
  return order.stock * 3 + PHASES.indexOf(phaseOf(order))
}

/** Whether the order itself says how many shares are left to trade. */
function isNamed(order: LiveOrder): boolean {
  return 'shares' in order.size || order.filledShares > 0
}

function wantedSale(order: LiveOrder, sellable: number): number {
  return 'all' in order.size ? sellable : order.shares - order.filledShares
}

/** 厘 to pay for a purchase with everything. */
function payable({ price, shares, fees, slippage }: Booking): number {
  return price * shares + fees.total + slippage
}
