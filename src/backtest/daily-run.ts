import type { OrderType, RejectionReason } from '#core/order.ts'
import type { DataView, OrderRequest, PositionView, Strategy, StrategyContext, StrategyParams } from '#core/strategy.ts'
import { Account } from './account.ts'
import { PointInTimeView } from './data-view.ts'
import { phaseOf, type Phase } from './daily-matching.ts'
import { Execution } from './execution.ts'
import type { Market } from './market.ts'
import { Moment } from './moment.ts'
import { liveOrder, OrderBook, type LiveOrder } from './order-book.ts'
import { Recorder } from './recorder.ts'
import type { RunResult } from './result.ts'
import { runSettings, type RunOptions, type RunSettings } from './run-options.ts'
import { SUSPENDED } from './stock-columns.ts'
import { unfilledCandidates } from './unfilled.ts'

/**
 * Replays a strategy over daily bars (spec backtest §2–4). A day goes: ex-rights and delistings · `onExDay` · `onSessionStart` · opening auction · limit and stop
 * orders · closing auction of orders placed before · `onBar` · closing auction of orders decided at this close (`closeFill`) · marks, books, records.
 * An order meets only data later than its placing, except `closeFill`, which says so in its trades. The same arguments give the same bytes.
 * Throws LookaheadError when the strategy reads ahead and RangeError when an order holds NaN.
 */
export function runDaily<Params extends StrategyParams, State>(
  market: Market,
  strategy: Strategy<Params, State>,
  params: Params = strategy.params,
  options: RunOptions = {},
): RunResult {
  const settings = runSettings(market, options)
  const run = new DailyRun(market, strategy, params, settings)
  const days = settings.toDay - settings.fromDay + 1
  for (let done = 1; done <= days; done++) {
    run.playDay(settings.fromDay + done - 1)
    if (options.onDay?.(done, days) === false) break
  }
  const { benchmark } = options
  if (benchmark !== undefined && benchmark.level.length !== market.days.length)
    throw new RangeError(`Cannot compare with ${benchmark.name}: it needs a level per market day (${market.days.length}), found ${benchmark.level.length}`)
  const result = run.result()
  const level = benchmark?.level.slice(settings.fromDay, settings.fromDay + result.dates.length)
  return level === undefined ? result : { ...result, benchmark: level, benchmarkName: benchmark!.name }
}

/** When an order is placed within its day. */
type Step = 'morning' | 'session' | 'closing' | 'bar'

class DailyRun<Params extends StrategyParams, State> implements StrategyContext {
  readonly data: DataView
  readonly #market: Market
  readonly #strategy: Strategy<Params, State>
  readonly #params: Params
  readonly #settings: RunSettings
  readonly #moment: Moment
  readonly #account: Account
  readonly #book: OrderBook
  readonly #execution: Execution
  readonly #recorder: Recorder
  readonly #state: State
  #step: Step = 'morning'

  constructor(market: Market, strategy: Strategy<Params, State>, params: Params, settings: RunSettings) {
    const { fromDay, toDay, cash } = settings
    this.#market = market
    this.#strategy = strategy
    this.#params = params
    this.#settings = settings
    this.#moment = new Moment(market)
    this.#moment.openSession(fromDay)
    this.data = new PointInTimeView(market, this.#moment, settings)
    this.#account = new Account(market, fromDay, cash)
    this.#book = new OrderBook(market.stocks.length)
    this.#execution = new Execution(market, this.#account, settings)
    this.#recorder = new Recorder(market, fromDay, toDay - fromDay + 1)
    this.#state = strategy.start(params, this)
  }

  get equity(): number {
    return this.#account.equity / 1000
  }

  get cash(): number {
    return this.#account.cash / 1000
  }

  get held(): readonly number[] {
    return this.#account.held
  }

  position(stock: number): PositionView | undefined {
    return this.#account.positions[stock]
  }

  liveOrders(stock: number): number {
    return this.#book.liveOf(stock)
  }

  order(request: OrderRequest): number {
    const { day } = this.#moment
    const id = this.#book.all.length + 1
    if (this.#market.stocks[request.stock] === undefined)
      throw new RangeError(`Cannot place an order: stocks are numbered 0 to ${this.#market.stocks.length - 1}, found ${request.stock}`)
    this.#book.add(liveOrder(request, id, day, day + (this.#isForToday(request) ? 0 : 1), this.#settings.delay))
    return id
  }

  playDay(day: number): void {
    const strategy = this.#strategy
    const account = this.#account
    const book = this.#book
    this.#moment.openSession(day)
    this.#step = 'morning'
    this.#execution.startDay()
    this.#exDays(day)
    this.#delistings(day)
    strategy.onSessionStart?.(this.#state, this)
    if (book.live.length > 0) {
      this.#step = 'session'
      this.#match('OPEN', day)
      this.#match('DAY', day)
      this.#step = 'closing'
      this.#match('CLOSE', day)
    }
    this.#moment.closeBar()
    this.#step = 'bar'
    strategy.onBar?.(this.#state, this)
    if (book.live.length > 0) {
      this.#match('CLOSE', day)
      book.prune()
    }
    account.mark(day, this.#settings.suspendedHaircut)
    this.#recorder.record(account)
    account.check(day)
  }

  result(): RunResult {
    const { seed, costFactor, delay, fromDay, candidates } = this.#settings
    const { name, version } = this.#strategy
    for (const order of this.#book.live) this.#book.end(order, order.filledShares > 0 ? 'partly_filled' : 'expired', this.#moment.day, 'end_of_data')
    return {
      strategy: name,
      version,
      params: this.#params,
      mode: 'daily',
      seed,
      costFactor,
      delay,
      ...this.#recorder.columns(this.#account, this.#book),
      unfilled: unfilledCandidates(this.#market, candidates, this.#book.all, fromDay, this.#moment.day),
    }
  }

  /** Whether an order placed now can still fill today: its auction lies ahead, or it is decided and filled at this close. */
  #isForToday({ type, closeFill = false }: OrderRequest): boolean {
    if (this.#step === 'morning') return true
    return type === 'auction_close' && (this.#step === 'session' || closeFill)
  }

  #exDays(day: number): void {
    const actions = this.#market.exActionsOf(day)
    if (actions === undefined) return
    for (const action of actions) {
      this.#account.exDay(action)
      this.#strategy.onExDay?.(this.#state, action, this)
    }
  }

  #delistings(day: number): void {
    const delisted = this.#market.delistedOn(day)
    if (delisted === undefined) return
    for (const stock of delisted) {
      const shares = this.#account.positions[stock]?.shares ?? 0
      if (shares === 0) continue
      const order = liveOrder({ stock, side: 'sell', type: 'auction_open', size: { all: true }, rule: 'delisted' }, this.#book.all.length + 1, day, day, 0)
      this.#book.add(order)
      this.#account.writeOff(order, day)
      order.shares = order.filledShares = shares
      this.#book.end(order, 'filled', day)
    }
  }

  #match(phase: Phase, day: number): void {
    const { live } = this.#book
    for (let i = 0; i < live.length; i++) {
      const order = live[i]!
      if (order.state !== 'open' || phaseOf(order) !== phase) continue
      if (order.activeDay <= day) this.#meet(order, day)
      else if (order.dueDay === day && order.openBetween !== undefined) this.#judge(order, day)
    }
  }

  /** The condition of a delayed order is judged on the day it was meant for; only its execution comes late. */
  #judge(order: LiveOrder, day: number): void {
    const { open, flags, first } = this.#market.stocks[order.stock]!
    const { low, high } = order.openBetween!
    const price = open[day - first] ?? NaN
    if ((flags[day - first] ?? SUSPENDED) & SUSPENDED) this.#book.end(order, 'expired', day, 'suspended')
    else if (price >= low && price <= high) order.openBetween = undefined
    else this.#book.end(order, 'expired', day, 'condition_not_met')
  }

  #meet(order: LiveOrder, day: number): void {
    const attempt = this.#execution.attempt(order, day)
    if (attempt.end !== 'filled') {
      const { end, reason } = attempt
      if (end === 'unfilled' && this.#carried(order, reason, day)) return
      const isSpent = end === 'unfilled' || reason === 'suspended'
      this.#book.end(order, order.filledShares > 0 ? 'partly_filled' : isSpent ? 'expired' : 'rejected', day, reason)
      return
    }
    const { booking, rest } = attempt
    const { price, shares } = booking
    if (order.side === 'buy') this.#account.buy(booking)
    else this.#account.sell(booking)
    this.#execution.booked(booking)
    order.filledShares += shares
    order.filledAmount += price * shares
    if (!rest) this.#book.end(order, 'filled', day)
    else if (!this.#carried(order, 'no_volume', day)) this.#book.end(order, 'partly_filled', day, 'no_volume')
    this.#strategy.onFill?.(this.#state, { order: order.id, stock: order.stock, side: order.side, shares, price: price / 1000, rule: order.rule }, this)
  }

  /** 封板 or lack of volume sends a carried order to the next opening auction. */
  #carried(order: LiveOrder, reason: RejectionReason, day: number): boolean {
    if (order.tif !== 'carry' || (reason !== 'sealed_limit' && reason !== 'no_volume')) return false
    order.type = 'auction_open' satisfies OrderType
    order.activeDay = day + 1
    return true
  }
}
