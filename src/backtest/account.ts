import { dividendTaxRate } from '#core/dividend-tax.ts'
import type { Fees } from '#core/fees.ts'
import { toCny, toTick } from '#core/milli.ts'
import { formatDate } from '#core/trade-date.ts'
import { closedTrade } from './closed-trade.ts'
import type { ExAction } from './corporate-action.ts'
import type { Market } from './market.ts'
import type { LiveOrder } from './order-book.ts'
import { Position, type LotMoney } from './position.ts'
import type { ClosedTrade, CorporateEvent } from './result.ts'
import { SUSPENDED } from './stock-columns.ts'

/** One execution to be booked: `price` and costs in whole 厘. */
export interface Booking {
  readonly order: LiveOrder
  readonly day: number
  readonly price: number
  readonly shares: number
  readonly fees: Fees
  readonly slippage: number
}

/**
 * 账户: cash and shares in whole 厘 and whole shares, lots first in, first out. Every movement is booked twice, in the ledger of cash and in that of what it was for;
 * `check` holds the two against each other every day.
 */
export class Account {
  readonly start: number
  readonly positions: (Position | undefined)[]
  /** Stocks held, in order of purchase. */
  held: number[] = []
  readonly trades: ClosedTrade[] = []
  readonly events: CorporateEvent[] = []
  cash: number
  /** Σ shares × mark at the last close. */
  value = 0
  /** What the shares held have cost, kept beside the lots. */
  book = 0
  /** Sale amounts minus their book. */
  realised = 0
  dividends = 0
  readonly costs = { commission: 0, stampDuty: 0, transferFee: 0, slippage: 0, dividendTax: 0 }
  /** Of the day: amount traded and costs. */
  traded = 0
  costOfDay = 0
  readonly #market: Market
  readonly #fromDay: number
  /** What the day moved between cash and shares: purchases and rights minus sales. */
  #invested = 0
  #dividendsOfDay = 0
  #isMoved = false
  #equityBefore: number
  #valueBefore = 0

  constructor(market: Market, fromDay: number, startCash: number) {
    this.#market = market
    this.#fromDay = fromDay
    this.start = this.cash = this.#equityBefore = startCash
    this.positions = Array.from({ length: market.stocks.length }, () => undefined)
  }

  get equity(): number {
    return this.cash + this.value
  }

  buy({ order, day, price, shares, fees, slippage }: Booking): void {
    const amount = price * shares
    let position = this.positions[order.stock]
    if (position === undefined) {
      position = this.positions[order.stock] = new Position(order.stock, day)
      this.held.push(order.stock)
    }
    const { commission, stampDuty, transferFee } = fees
    const money: LotMoney = { book: amount, commission, stampDuty, transferFee, slippage, dividends: 0, taxable: 0 }
    const { id, rule, tag, closeFill } = order
    position.add({
      shares,
      bought: shares,
      entryDay: day,
      heldBefore: position.daysHeld + (position.entryDay < day ? 1 : 0),
      price,
      money,
      order: id,
      rule,
      tag,
      closeFill: closeFill && order.type === 'auction_close',
    })
    this.cash -= amount
    this.book += amount
    this.#invested += amount
    this.traded += amount
    this.#charge(fees, slippage, 0)
  }

  /** Sells from the oldest lots; each lot touched becomes one closed trade. */
  sell({ order, day, price, shares, fees, slippage }: Booking): void {
    const position = this.positions[order.stock]!
    const sold = this.#market.days[day]!
    let done = 0
    let tax = 0
    const share = (total: number, upTo: number) => (upTo === shares ? total : Math.floor(((total / 10) * upTo) / shares) * 10)
    while (done < shares) {
      const lot = position.lots[0]!
      const count = Math.min(lot.shares, shares - done)
      const { bought, money } = position.take(lot, count)
      // A write-off (price 0) transfers nothing, so nothing is withheld.
      const isTaxed = money.taxable > 0 && price > 0 && !this.#market.stocks[order.stock]!.isFund
      const lotTax = isTaxed ? taxOf(money.taxable, dividendTaxRate(this.#market.days[lot.entryDay]!, sold)) : 0
      const part = (total: number) => share(total, done + count) - share(total, done)
      const exit = {
        commission: part(fees.commission),
        stampDuty: part(fees.stampDuty),
        transferFee: part(fees.transferFee),
        slippage: part(slippage),
        dividendTax: lotTax,
      }
      this.trades.push(closedTrade(this.#market, this.#fromDay, { position, lot, order, day, price, count, bought, money, exit }))
      this.book -= money.book
      this.realised += price * count - money.book
      tax += lotTax
      done += count
      if (lot.shares === 0) position.lots.shift()
    }
    const amount = price * shares
    this.cash += amount
    this.#invested -= amount
    this.traded += amount
    this.#charge(fees, slippage, tax)
    if (position.shares === 0) this.#forget(order.stock)
  }

  /** Books an ex-day on a holding. Fractions of a share are paid in cash at the ex-rights price; rights are taken up when the cash suffices, else they lapse. */
  exDay(action: ExAction): void {
    const position = this.positions[action.stock]
    if (position === undefined) return
    this.#isMoved = true
    const stock = this.#market.stocks[action.stock]!
    const reference = stock.preClose[action.day - stock.first]!
    const before = position.shares
    const dividend = Math.floor((before * Math.round(action.cash * 1e6) + 5000) / 10_000) * 10
    const exact = before * action.bonus
    const bonus = Math.max(Math.floor(exact + 1e-6), 1 - before)
    const rest = action.bonus === 0 ? 0 : Math.floor(((exact - bonus) * reference + 5) / 10) * 10
    const subscribed = Math.floor(before * action.rights + 1e-6)
    const price = Math.floor((subscribed * action.rightsPrice + 5) / 10) * 10
    const isTaken = subscribed > 0 && price <= this.cash + dividend + rest
    const paid = isTaken ? price : 0
    if (dividend + rest !== 0) position.credit(dividend + rest, dividend)
    if (bonus !== 0 || isTaken) position.resize(bonus + (isTaken ? subscribed : 0), paid)
    position.averageMilli /= action.ratio
    this.cash += dividend + rest - paid
    this.dividends += dividend + rest
    this.#dividendsOfDay += dividend + rest
    this.book += paid
    this.#invested += paid
    this.events.push({
      code: stock.code,
      date: this.#market.days[action.day]!,
      kind: action.fromFactor ? 'factor' : 'action',
      sharesBefore: before,
      sharesAfter: position.shares,
      cash: toCny(dividend + rest - paid),
    })
  }

  /** A delisted holding is worth nothing from the day after its last. */
  writeOff(order: LiveOrder, day: number): void {
    const position = this.positions[order.stock]!
    const { code } = this.#market.stocks[order.stock]!
    this.events.push({ code, date: this.#market.days[day]!, kind: 'delisted', sharesBefore: position.shares, sharesAfter: 0, cash: 0 })
    this.sell({ order, day, price: 0, shares: position.shares, fees: { commission: 0, stampDuty: 0, transferFee: 0, total: 0 }, slippage: 0 })
  }

  /** Marks every holding at the day's close (厘): while suspended at the last one less the haircut, a fraction. */
  mark(day: number, haircut: number): void {
    let value = 0
    for (const stock of this.held) {
      const position = this.positions[stock]!
      const { close, first, flags } = this.#market.stocks[stock]!
      const isSuspended = (flags[day - first]! & SUSPENDED) !== 0
      position.mark = isSuspended && haircut > 0 ? toTick(Math.round(close[day - first]! * (1 - haircut)), 10) : close[day - first]!
      position.boughtToday = 0
      if (position.entryDay < day && !isSuspended) position.daysHeld++
      value += position.shares * position.mark
    }
    this.value = value
  }

  /**
   * Holds the books against each other (spec backtest §4) and closes the day; what no movement has touched since the last time is not counted again.
   * Throws Error when they differ: that is a bug of the backtester.
   */
  check(day: number): void {
    if (this.#isMoved) this.#checkBooks(day)
    const gain = this.value - this.#valueBefore - this.#invested + this.#dividendsOfDay - this.costOfDay
    if (this.equity - this.#equityBefore !== gain) this.#fail(day, 'equity moves by gains and costs', `${this.equity - this.#equityBefore} and ${gain}`)
    this.#equityBefore = this.equity
    this.#valueBefore = this.value
    this.#invested = this.#dividendsOfDay = this.costOfDay = this.traded = 0
    this.#isMoved = false
  }

  #checkBooks(day: number): void {
    const { commission, stampDuty, transferFee, slippage, dividendTax } = this.costs
    const spent = commission + stampDuty + transferFee + slippage + dividendTax
    const balance = this.start + this.realised + this.dividends - spent
    if (this.cash + this.book !== balance) this.#fail(day, 'cash and book equal capital, gains and costs', `${this.cash} + ${this.book} and ${balance}`)
    if (!Number.isSafeInteger(this.cash) || this.cash < 0) this.#fail(day, 'cash is a whole number of 厘, never negative', `${this.cash}`)
    let book = 0
    for (const stock of this.held) {
      const position = this.positions[stock]!
      let shares = 0
      for (const lot of position.lots) {
        if (!(lot.shares > 0)) this.#fail(day, 'every lot has shares', `${lot.shares}`)
        shares += lot.shares
        book += lot.money.book
      }
      if (shares !== position.shares || position.sellable < 0) this.#fail(day, 'lots add up to the holding', `${shares} and ${position.shares}`)
    }
    if (book !== this.book) this.#fail(day, 'lots add up to the book', `${book} and ${this.book}`)
  }

  #charge(fees: Fees, slippage: number, tax: number): void {
    const { costs } = this
    costs.commission += fees.commission
    costs.stampDuty += fees.stampDuty
    costs.transferFee += fees.transferFee
    costs.slippage += slippage
    costs.dividendTax += tax
    const spent = fees.total + slippage + tax
    this.#isMoved = true
    this.cash -= spent
    this.costOfDay += spent
  }

  #forget(stock: number): void {
    this.positions[stock] = undefined
    this.held = this.held.filter((other) => other !== stock)
  }

  #fail(day: number, rule: string, found: string): never {
    throw new Error(`Cannot close the books of ${formatDate(this.#market.days[day]!)}: ${rule}, found ${found}. This is a bug of the backtester`)
  }
}

/** A rate of an amount in 厘, rounded half up to a 分. Rates are whole hundredths. */
function taxOf(amount: number, rate: number): number {
  return Math.floor((amount * Math.round(rate * 100) + 500) / 1000) * 10
}
