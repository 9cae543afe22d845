import { buyAmountOf, addFlow } from './flow-sums.ts'
import type { ClassifiedDay } from './classify-sides.ts'

/** A stretch of a day's ticks, [from, to). */
export interface TickRange {
  readonly from: number
  readonly to: number
}

/** Take a stretch of a classified day into a row of sums (at offset 0). `bigFrom` is the big-trade threshold in 厘; Infinity makes no trade big. */
export function foldFlows(sums: Float64Array, { day, segments, sides }: ClassifiedDay, { from, to }: TickRange, bigFrom: number): Float64Array {
  const { amount, volume } = day
  const { buyFraction, side } = sides
  const flow = { amount: 0, volume: 0, buyAmount: NaN, side: 0, segment: 0, isBig: false }
  for (let i = from; i < to; i++) {
    flow.amount = amount[i]!
    flow.volume = volume[i]!
    flow.buyAmount = buyAmountOf(flow.amount, buyFraction[i]!)
    flow.side = side[i]!
    flow.segment = segments[i]!
    flow.isBig = flow.amount >= bigFrom
    addFlow(sums, 0, flow)
  }
  return sums
}
