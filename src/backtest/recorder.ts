import { toCny } from '#core/milli.ts'
import type { Account } from './account.ts'
import type { Market } from './market.ts'
import { orderRecord, type OrderBook } from './order-book.ts'
import type { Position } from './position.ts'
import type { OpenPosition, RunResult } from './result.ts'
import { SUSPENDED } from './stock-columns.ts'

/** The daily columns of a run while it goes on. */
export class Recorder {
  readonly #market: Market
  readonly #fromDay: number
  readonly #equity: Float64Array
  readonly #cash: Float64Array
  readonly #exposure: Float64Array
  readonly #traded: Float64Array
  readonly #cost: Float64Array
  readonly #positions: Int32Array
  #done = 0

  constructor(market: Market, fromDay: number, days: number) {
    this.#market = market
    this.#fromDay = fromDay
    this.#equity = new Float64Array(days)
    this.#cash = new Float64Array(days)
    this.#exposure = new Float64Array(days)
    this.#traded = new Float64Array(days)
    this.#cost = new Float64Array(days)
    this.#positions = new Int32Array(days)
  }

  /** One day, before the account closes it. */
  record({ equity, cash, value, traded, costOfDay, held }: Account): void {
    const i = this.#done++
    this.#equity[i] = equity / 1000
    this.#cash[i] = cash / 1000
    this.#exposure[i] = equity > 0 ? value / equity : NaN
    this.#traded[i] = traded / 1000
    this.#cost[i] = costOfDay / 1000
    this.#positions[i] = held.length
  }

  /** Everything of a result that the account and the book know. */
  columns(account: Account, book: OrderBook): Pick<RunResult, DailyPart> {
    const n = this.#done
    const { commission, stampDuty, transferFee, slippage, dividendTax } = account.costs
    return {
      startEquity: toCny(account.start),
      dates: Uint32Array.from(this.#market.days.slice(this.#fromDay, this.#fromDay + n)),
      equity: this.#equity.subarray(0, n),
      cash: this.#cash.subarray(0, n),
      exposure: this.#exposure.subarray(0, n),
      tradedAmount: this.#traded.subarray(0, n),
      cost: this.#cost.subarray(0, n),
      positions: this.#positions.subarray(0, n),
      trades: account.trades,
      openPositions: account.held.map((stock) => this.#openPosition(account.positions[stock]!, this.#fromDay + n - 1)),
      orders: book.all.map((order) => orderRecord(order, this.#market)),
      corporateEvents: account.events,
      costs: {
        commission: toCny(commission),
        stampDuty: toCny(stampDuty),
        transferFee: toCny(transferFee),
        slippage: toCny(slippage),
        dividendTax: toCny(dividendTax),
      },
      dividends: toCny(account.dividends),
    }
  }

  #openPosition({ stock, entryDay, shares, lots, mark, daysHeld }: Position, day: number): OpenPosition {
    const { code, flags, first } = this.#market.stocks[stock]!
    let book = 0
    let costs = 0
    let dividends = 0
    for (const { money } of lots) {
      book += money.book
      costs += money.commission + money.stampDuty + money.transferFee + money.slippage
      dividends += money.dividends
    }
    return {
      code,
      entryDate: this.#market.days[entryDay]!,
      shares,
      bookAmount: toCny(book),
      entryCosts: toCny(costs),
      dividends: toCny(dividends),
      amount: toCny(shares * mark),
      unrealisedPnl: toCny(shares * mark - book),
      daysHeld,
      suspended: (flags[day - first]! & SUSPENDED) !== 0,
    }
  }
}

type DailyPart =
  | 'startEquity'
  | 'dates'
  | 'equity'
  | 'cash'
  | 'exposure'
  | 'tradedAmount'
  | 'cost'
  | 'positions'
  | 'trades'
  | 'openPositions'
  | 'orders'
  | 'corporateEvents'
  | 'costs'
  | 'dividends'
