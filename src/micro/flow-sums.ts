import { SEGMENT } from '#core/session.ts'

/**
 * 资金流累计: the sums every measure is read from. One row of a Float64Array per stock (or per stock and window): a board of 5,000 stocks is one array.
 * All amounts are whole 厘 and all volumes whole shares, so the sums are exact below 2^53, do not depend on order, and adding then removing
 * a tick leaves no dust: a moving window equals a fresh fold bit for bit.
 */
export const FLOW = {
  /** 厘 and shares over the opening print, continuous trading and the closing print. */
  totalAmount: 0,
  totalVolume: 1,
  /** 厘: parts of totalAmount, they add up to it exactly. */
  buyAmount: 2,
  sellAmount: 3,
  neutralAmount: 4,
  auctionAmount: 5,
  /** 厘 and shares of big ticks with a side. */
  bigBuyAmount: 6,
  bigSellAmount: 7,
  bigBuyVolume: 8,
  bigSellVolume: 9,
  /** Ticks of continuous trading, and the big ones among them (also those without a side). */
  bigCount: 10,
  tickCount: 11,
} as const

/** Length of one row of sums. */
export const FLOW_WIDTH = 12

/** One classified tick as the sums take it in: whole 厘 and shares. A moving window keeps these to remove them later. */
export interface Flow {
  readonly amount: number
  readonly volume: number
  /** The buyer-initiated part of the amount in whole 厘; NaN = unclassified. */
  readonly buyAmount: number
  readonly side: number
  readonly segment: number
  readonly isBig: boolean
}

/** A row of zeros. */
export function flowSums(): Float64Array {
  return new Float64Array(FLOW_WIDTH)
}

/**
 * 主动买入额 of one tick in whole 厘: the amount times its buyer-initiated share, rounded half up. Rounding makes every sum exact;
 * a tick's split is off by at most half a 厘 (0.0005 CNY). NaN when the tick is unclassified.
 */
export function buyAmountOf(amount: number, buyFraction: number): number {
  return Math.round(amount * buyFraction)
}

/** The threshold in whole 厘 from which a trade is big. Throws RangeError unless it is a positive amount of CNY. */
export function bigFrom(thresholdCny: number): number {
  if (!(thresholdCny > 0)) throw new RangeError(`Cannot tell big trades: the threshold is a positive amount in CNY, found ${thresholdCny}`)
  return Math.round(thresholdCny * 1000)
}

/** Take one tick into the row that starts at `at`. */
export function addFlow(sums: Float64Array, at: number, flow: Flow): void {
  applyFlow(sums, at, flow, 1)
}

/** Take one tick out again: the exact inverse of `addFlow`. */
export function removeFlow(sums: Float64Array, at: number, flow: Flow): void {
  applyFlow(sums, at, flow, -1)
}

/**
 * Sides and big trades exist in continuous trading only; the two auction prints count as value, indicative and after-hours rows not at all
 * (spec microstructure §6). A big tick without a side is counted but belongs to neither sum.
 */
function applyFlow(sums: Float64Array, at: number, { amount, volume, buyAmount, side, segment, isBig }: Flow, sign: 1 | -1): void {
  const continuous = segment === SEGMENT.AM || segment === SEGMENT.PM
  if (!continuous && segment !== SEGMENT.OPEN_PRINT && segment !== SEGMENT.CLOSE_PRINT) return
  const signed = sign * amount
  const shares = sign * volume
  sums[at + FLOW.totalAmount]! += signed
  sums[at + FLOW.totalVolume]! += shares
  if (!continuous) {
    sums[at + FLOW.auctionAmount]! += signed
    return
  }
  sums[at + FLOW.tickCount]! += sign
  if (buyAmount === buyAmount) {
    sums[at + FLOW.buyAmount]! += sign * buyAmount
    sums[at + FLOW.sellAmount]! += sign * (amount - buyAmount)
  } else sums[at + FLOW.neutralAmount]! += signed
  if (!isBig) return
  sums[at + FLOW.bigCount]! += sign
  if (side > 0) {
    sums[at + FLOW.bigBuyAmount]! += signed
    sums[at + FLOW.bigBuyVolume]! += shares
  } else if (side < 0) {
    sums[at + FLOW.bigSellAmount]! += signed
    sums[at + FLOW.bigSellVolume]! += shares
  }
}
