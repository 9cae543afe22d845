import { SEGMENT } from '#core/session.ts'
import { addFlow, buyAmountOf, FLOW, flowSums, type Flow } from './flow-sums.ts'
import type { LevelBand } from './level-band.ts'
import type { LevelTape } from './level-tape.ts'
import type { Visit } from './level-visits.ts'

/** What was traded inside the band during one visit. Whole 厘 and shares, exact; NaN where sides or the threshold are not known. */
export interface LevelTestFlow {
  /** In-band prints of continuous trading. */
  readonly prints: number
  /** With the auction prints. */
  readonly volume: number
  readonly amount: number
  readonly buyAmount: number
  readonly sellAmount: number
  readonly bigBuyAmount: number
  readonly bigSellAmount: number
  /** (big buy − big sell) ÷ amount, and (buy − sell) ÷ amount; NaN also for no amount. */
  readonly bigNetRatio: number
  readonly orderFlowImbalance: number
}

/** 带内资金流 of a visit (spec microstructure §9.2). `bigFrom` is the day's big-trade threshold in whole 厘, NaN when not known. */
export function levelTestFlow({ classified, price, rows }: LevelTape, { entry, exit }: Visit, { low, high }: LevelBand, bigFrom: number): LevelTestFlow {
  const { day, segments, sides } = classified
  const sums = flowSums()
  const flow: { -readonly [Field in keyof Flow]: Flow[Field] } = { amount: 0, volume: 0, buyAmount: NaN, side: 0, segment: SEGMENT.CLOSED, isBig: false }
  for (let i = entry; i <= exit; i++) {
    const one = price[i]!
    if (one < low || one > high) continue
    const row = rows[i]!
    flow.amount = day.amount[row]!
    flow.volume = day.volume[row]!
    flow.buyAmount = buyAmountOf(flow.amount, sides.buyFraction[row]!)
    flow.side = sides.side[row]!
    flow.segment = segments[row]!
    flow.isBig = flow.amount >= bigFrom
    addFlow(sums, 0, flow)
  }
  const amount = sums[FLOW.totalAmount]!
  // Without a single classified tick (bars, a feed without sides) zeros would be claims.
  const hasSides = sums[FLOW.buyAmount]! + sums[FLOW.sellAmount]! > 0
  const hasBig = hasSides && !Number.isNaN(bigFrom)
  const buyAmount = hasSides ? sums[FLOW.buyAmount]! : NaN
  const sellAmount = hasSides ? sums[FLOW.sellAmount]! : NaN
  const bigBuyAmount = hasBig ? sums[FLOW.bigBuyAmount]! : NaN
  const bigSellAmount = hasBig ? sums[FLOW.bigSellAmount]! : NaN
  return {
    prints: sums[FLOW.tickCount]!,
    volume: sums[FLOW.totalVolume]!,
    amount,
    buyAmount,
    sellAmount,
    bigBuyAmount,
    bigSellAmount,
    bigNetRatio: amount > 0 ? (bigBuyAmount - bigSellAmount) / amount : NaN,
    orderFlowImbalance: amount > 0 ? (buyAmount - sellAmount) / amount : NaN,
  }
}
