import { toCny } from '#core/milli.ts'
import type { OrderSide, OrderSize, OrderState, OrderType, RejectionReason, TimeInForce, TradeTag } from '#core/order.ts'
import type { OrderRequest } from '#core/strategy.ts'
import type { Market } from './market.ts'
import type { OrderRecord } from './result.ts'

/** An order on its way. Prices in whole 厘 (0 = none); days are places of the market. */
export interface LiveOrder {
  readonly id: number
  readonly stock: number
  readonly side: OrderSide
  type: OrderType
  readonly size: OrderSize
  readonly price: number
  openBetween: { readonly low: number; readonly high: number } | undefined
  readonly tif: TimeInForce
  readonly closeFill: boolean
  readonly maxPositions: number
  readonly rule: string
  readonly lockedSince: number
  readonly tag: TradeTag
  readonly createdDay: number
  /** The day it was meant for: its condition is judged by the open of this day. */
  readonly dueDay: number
  /** The first day it can fill: later than `dueDay` when executions are delayed. */
  activeDay: number
  endedDay: number
  state: OrderState
  /** Shares asked for; 0 until the fill decides. */
  shares: number
  filledShares: number
  filledAmount: number
  reason: RejectionReason | undefined
}

const NO_TAG: TradeTag = {}

/** Reads a request. Throws RangeError when a number in it is not a number: NaN never reaches the matcher. */
export function liveOrder(request: OrderRequest, id: number, createdDay: number, dueDay: number, delay: number): LiveOrder {
  const { stock, side, type, size, price, openBetween, tif = 'day', closeFill = false, maxPositions = Infinity, rule, lockedSince = -1, tag = NO_TAG } = request
  const needsPrice = type === 'limit' || type === 'stop'
  const milli = price === undefined ? 0 : Math.round(price * 1000)
  if (needsPrice && !(milli > 0)) throw unusable(`a ${type} order has a positive price`, `${price}`)
  if (openBetween !== undefined && !(openBetween.low <= openBetween.high)) throw unusable('openBetween ascends', `${openBetween.low} to ${openBetween.high}`)
  const wanted = 'shares' in size ? size.shares : 0
  if ('value' in size && !(size.value >= 0 && size.value < Infinity)) throw unusable('a value is a number of CNY', `${size.value}`)
  if ('risk' in size && !(size.risk >= 0 && size.cap >= 0 && size.stop >= 0 && size.risk + size.cap < Infinity))
    throw unusable('an equal-risk size has numbers for risk, cap and stop', `${size.risk}, ${size.cap}, ${size.stop}`)
  if (!(wanted >= 0 && wanted < Infinity)) throw unusable('a number of shares is a number', `${wanted}`)
  if (side === 'sell' && !('shares' in size || 'all' in size)) throw unusable('a sale names its shares', 'a size left to the fill')
  return {
    id,
    stock,
    side,
    type,
    size,
    price: milli,
    openBetween,
    tif,
    closeFill,
    maxPositions,
    rule,
    lockedSince,
    tag,
    createdDay,
    dueDay,
    activeDay: dueDay + delay,
    endedDay: createdDay,
    state: 'open',
    shares: wanted,
    filledShares: 0,
    filledAmount: 0,
    reason: undefined,
  }
}

/** Every order of a run in order of creation, and those still open. */
export class OrderBook {
  readonly all: LiveOrder[] = []
  live: LiveOrder[] = []
  readonly #liveOf: Int32Array

  constructor(stocks: number) {
    this.#liveOf = new Int32Array(stocks)
  }

  add(order: LiveOrder): void {
    this.all.push(order)
    this.live.push(order)
    this.#liveOf[order.stock] = this.#liveOf[order.stock]! + 1
  }

  liveOf(stock: number): number {
    return this.#liveOf[stock]!
  }

  end(order: LiveOrder, state: OrderState, day: number, reason?: RejectionReason): void {
    order.state = state
    order.endedDay = day
    order.reason = reason
    this.#liveOf[order.stock] = this.#liveOf[order.stock]! - 1
  }

  /** Forgets the orders that have ended. */
  prune(): void {
    this.live = this.live.filter((order) => order.state === 'open')
  }
}

/** The order as a result shows it. */
export function orderRecord(order: LiveOrder, market: Market): OrderRecord {
  return {
    id: order.id,
    code: market.stocks[order.stock]!.code,
    side: order.side,
    type: order.type,
    shares: order.shares,
    ...(order.price > 0 ? { price: toCny(order.price) } : {}),
    createdOn: market.days[order.createdDay]!,
    endedOn: market.days[order.endedDay]!,
    state: order.state,
    filledShares: order.filledShares,
    ...(order.filledShares > 0 ? { fillPrice: order.filledAmount / order.filledShares / 1000 } : {}),
    ...(order.reason === undefined ? {} : { reason: order.reason }),
    rule: order.rule,
  }
}

function unusable(rule: string, found: string): RangeError {
  return new RangeError(`Cannot place an order: ${rule}, found ${found}. Check the strategy for a missing value`)
}
