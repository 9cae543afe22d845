import type { TradeTag } from '#core/order.ts'
import type { PositionView } from '#core/strategy.ts'

/** What a purchase cost and has brought so far, whole 厘, for the shares still held. */
export interface LotMoney {
  /** Paid for the shares, without costs. */
  book: number
  commission: number
  stampDuty: number
  transferFee: number
  slippage: number
  /** Cash received, and the part of it that is taxed at the sale. */
  dividends: number
  taxable: number
}

/** 先进先出: one purchase, as much of it as is still held. */
export interface Lot {
  shares: number
  /** Shares of the purchase that the held ones stand for (bonus shares not counted). */
  bought: number
  readonly entryDay: number
  /** Trading days of the stock since the position was opened, when this lot was bought. */
  readonly heldBefore: number
  /** Traded price, whole 厘. */
  readonly price: number
  readonly money: LotMoney
  readonly order: number
  readonly rule: string
  readonly tag: TradeTag
  readonly closeFill: boolean
}

/** One holding: lots in order of purchase. */
export class Position implements PositionView {
  readonly stock: number
  readonly entryDay: number
  readonly lots: Lot[] = []
  shares = 0
  boughtToday = 0
  daysHeld = 0
  /** Last mark, whole 厘. */
  mark = 0
  /** 厘 per share in today's basis, without costs. */
  averageMilli = 0

  constructor(stock: number, entryDay: number) {
    this.stock = stock
    this.entryDay = entryDay
  }

  get sellable(): number {
    return this.shares - this.boughtToday
  }

  get averageCost(): number {
    return this.averageMilli / 1000
  }

  add(lot: Lot): void {
    this.averageMilli = (this.averageMilli * this.shares + lot.price * lot.shares) / (this.shares + lot.shares)
    this.lots.push(lot)
    this.shares += lot.shares
    this.boughtToday += lot.shares
  }

  /** Takes shares from a lot: the part leaves with its share of the money in whole 分, the last part with the rest, so that parts add up. */
  take(lot: Lot, shares: number): { readonly bought: number; readonly money: LotMoney } {
    const isAll = shares === lot.shares
    const left = lot.money
    const part = (total: number) => (isAll ? total : Math.floor(((total / 10) * shares) / lot.shares) * 10)
    const bought = isAll ? lot.bought : Math.floor((lot.bought * shares) / lot.shares)
    const money = {
      book: part(left.book),
      commission: part(left.commission),
      stampDuty: part(left.stampDuty),
      transferFee: part(left.transferFee),
      slippage: part(left.slippage),
      dividends: part(left.dividends),
      taxable: part(left.taxable),
    }
    left.book -= money.book
    left.commission -= money.commission
    left.stampDuty -= money.stampDuty
    left.transferFee -= money.transferFee
    left.slippage -= money.slippage
    left.dividends -= money.dividends
    left.taxable -= money.taxable
    lot.bought -= bought
    lot.shares -= shares
    this.shares -= shares
    return { bought, money }
  }

  /** Spreads cash over the lots by their shares, exactly. */
  credit(cash: number, taxable: number): void {
    let before = 0
    let cashGiven = 0
    let taxableGiven = 0
    for (const lot of this.lots) {
      before += lot.shares
      const isLast = lot === this.lots.at(-1)
      const cashTo = isLast ? cash : Math.floor((cash / 10) * (before / this.shares)) * 10
      const taxableTo = isLast ? taxable : Math.floor((taxable / 10) * (before / this.shares)) * 10
      lot.money.dividends += cashTo - cashGiven
      lot.money.taxable += taxableTo - taxableGiven
      cashGiven = cashTo
      taxableGiven = taxableTo
    }
  }

  /** Grows (or shrinks) the holding by whole shares that cost `paid` together; each lot keeps its part. A lot left without shares joins the next. */
  resize(change: number, paid: number): void {
    const after = this.shares + change
    let before = 0
    let given = 0
    let paidGiven = 0
    for (const lot of this.lots) {
      before += lot.shares
      const isLast = lot === this.lots.at(-1)
      const sharesTo = isLast ? after : Math.floor((before * after) / this.shares)
      const paidTo = isLast ? paid : Math.floor((paid / 10) * (before / this.shares)) * 10
      lot.shares = sharesTo - given
      lot.money.book += paidTo - paidGiven
      given = sharesTo
      paidGiven = paidTo
    }
    this.shares = after
    for (let i = this.lots.length - 1; i >= 0; i--) {
      const lot = this.lots[i]!
      if (lot.shares > 0 || this.lots.length === 1) continue
      const heir = this.lots[i + 1] ?? this.lots[i - 1]!
      for (const name of Object.keys(lot.money) as (keyof LotMoney)[]) heir.money[name] += lot.money[name]
      heir.bought += lot.bought
      this.lots.splice(i, 1)
    }
  }
}
