import { SEGMENT } from '#core/session.ts'
import type { Grain } from '#core/tick.ts'

/** How a side was decided, in the order of the ordinals that kernels store. */
export const SIDE_METHODS = ['FLAG', 'SPLIT', 'QUOTE', 'MID', 'TICK', 'AUCTION', 'NONE'] as const

const SIDE_METHOD = { FLAG: 0, SPLIT: 1, QUOTE: 2, MID: 3, TICK: 4, AUCTION: 5, NONE: 6 } as const

/** Settings of spec microstructure §3. */
export interface SideParams {
  /** For aggregated records: trust the split of the value between the quotes first, or the vendor's flag. */
  readonly prefer: 'split' | 'flag'
  /** Above this buy share a record counts as bought, below `1 − buyAbove` as sold. */
  readonly buyAbove: number
}

export const SIDE_PARAMS: SideParams = Object.freeze({ prefer: 'split', buyAbove: 0.6 })

/** What one record says about who pressed: the fields of a `Tick` the rules read. Prices and amount in 厘, volume in shares. */
export interface SideEvidence {
  readonly price: number
  readonly volume: number
  readonly amount: number
  readonly amountEstimated: boolean
  /** +1 B, -1 S, 0 M, NaN = no flag. */
  readonly vendorSide: number
  /** Quote in force; 0 = that side is empty, NaN = no quote. */
  readonly bid1: number
  readonly ask1: number
}

/** The memory of the rules over one stock's day, and the decision on the record just shown to `classifySide`. */
export interface SideState {
  /** The feed has trades or aggregates of them, not bars. */
  readonly classifiable: boolean
  readonly aggregate: boolean
  readonly flagFirst: boolean
  readonly buyAbove: number
  readonly sellBelow: number
  /** Last price of the previous record, 厘; 0 before the first. */
  previousPrice: number
  /** Direction of the last price change that was not zero; 0 before the first. */
  lastDirection: number
  /** Share of the value that was buyer-initiated, 0 to 1; NaN = unclassified. */
  buyFraction: number
  /** 主动方: +1 buyer, -1 seller, 0 neither. */
  side: number
  /** Ordinal of SIDE_METHODS. */
  method: number
}

/** A fresh memory for one stock and day. */
export function sideState(grain: Grain, params: SideParams = SIDE_PARAMS): SideState {
  return {
    classifiable: grain !== 'BAR1M',
    aggregate: grain === 'AGG3S' || grain === 'SNAPDIFF',
    flagFirst: params.prefer === 'flag',
    buyAbove: params.buyAbove,
    sellBelow: 1 - params.buyAbove,
    previousPrice: 0,
    lastDirection: 0,
    buyFraction: NaN,
    side: 0,
    method: SIDE_METHOD.NONE,
  }
}

/**
 * 主动方判定: decide one record and leave the answer in `state` (spec microstructure §3). Records must come in the order of the day.
 * Outside continuous trading nothing is classified (AUCTION); the opening print still counts as a previous price, indicative rows do not.
 * A one-minute bar has no side (NONE). A locked or crossed book, and a quote with both sides empty, say nothing and the next rule is asked.
 */
export function classifySide(state: SideState, tick: SideEvidence, segment: number): void {
  const continuous = segment === SEGMENT.AM || segment === SEGMENT.PM
  if (!continuous) {
    settle(state, SIDE_METHOD.AUCTION, NaN, 0)
    if (segment === SEGMENT.OPEN_PRINT) state.previousPrice = tick.price
    return
  }
  if (!state.classifiable) return settle(state, SIDE_METHOD.NONE, NaN, 0)
  const direction = tickDirection(state, tick)
  if (state.aggregate && !tick.amountEstimated) decideAggregate(state, tick, direction)
  else decideTrade(state, tick, direction)
}

/**
 * The tick rule: the sign of the change against the previous record's last price, or of the last change that was not zero.
 * An aggregate is compared by its average price: amount against previous price × volume, so that whole numbers decide.
 */
function tickDirection(state: SideState, tick: SideEvidence): number {
  if (state.previousPrice > 0) {
    const change = state.aggregate ? tick.amount - state.previousPrice * tick.volume : tick.price - state.previousPrice
    if (change !== 0) state.lastDirection = change > 0 ? 1 : -1
  }
  state.previousPrice = tick.price
  return state.lastDirection
}

function decideTrade(state: SideState, tick: SideEvidence, direction: number): void {
  const { price, vendorSide, bid1, ask1 } = tick
  if (vendorSide === 1 || vendorSide === -1) return settleSide(state, SIDE_METHOD.FLAG, vendorSide)
  // NaN quotes fail every comparison below. An empty ask is +∞, an empty bid −∞: at a sealed 涨停 every trade is a sell into the queue.
  const atAsk = ask1 > 0 && price >= ask1
  const atBid = bid1 > 0 && price <= bid1
  if (atAsk !== atBid) return settleSide(state, SIDE_METHOD.QUOTE, atAsk ? 1 : -1)
  if (bid1 > 0 && ask1 > 0 && 2 * price !== bid1 + ask1) return settleSide(state, SIDE_METHOD.MID, 2 * price > bid1 + ask1 ? 1 : -1)
  decideByTick(state, direction)
}

function decideAggregate(state: SideState, tick: SideEvidence, direction: number): void {
  const fraction = splitFraction(tick)
  const isFlagged = tick.vendorSide === 1 || tick.vendorSide === -1
  if (isFlagged && (state.flagFirst || Number.isNaN(fraction))) return settleSide(state, SIDE_METHOD.FLAG, tick.vendorSide)
  if (Number.isNaN(fraction)) return decideByTick(state, direction)
  settle(state, SIDE_METHOD.SPLIT, fraction, fraction > state.buyAbove ? 1 : fraction < state.sellBelow ? -1 : 0)
}

/** Where the average price lies between bid (0) and ask (1), from whole numbers with a single division; NaN without a usable quote. */
function splitFraction({ amount, volume, bid1, ask1 }: SideEvidence): number {
  if (bid1 > 0 && ask1 > bid1) return Math.min(1, Math.max(0, (amount - bid1 * volume) / ((ask1 - bid1) * volume)))
  if (ask1 === 0 && bid1 > 0) return 0
  if (bid1 === 0 && ask1 > 0) return 1
  return NaN
}

function decideByTick(state: SideState, direction: number): void {
  if (direction === 0) settle(state, SIDE_METHOD.NONE, NaN, 0)
  else settleSide(state, SIDE_METHOD.TICK, direction)
}

function settleSide(state: SideState, method: number, side: number): void {
  settle(state, method, side > 0 ? 1 : 0, side)
}

function settle(state: SideState, method: number, buyFraction: number, side: number): void {
  state.method = method
  state.buyFraction = buyFraction
  state.side = side
}
