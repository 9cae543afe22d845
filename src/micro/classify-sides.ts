import type { TickDay } from '#core/tick.ts'
import { classifySide, sideState, SIDE_PARAMS, type SideParams } from './classify-side.ts'

/** The sides of a day of ticks, one entry per tick. */
export interface Sides {
  /** Share of the value that was buyer-initiated, 0 to 1; NaN = unclassified. */
  readonly buyFraction: Float64Array
  /** +1 buyer, -1 seller, 0 neither. */
  readonly side: Int8Array
  /** Ordinal of SIDE_METHODS. */
  readonly method: Uint8Array
}

/** 已判定的一日: a day of ticks with the segment (SEGMENT ordinal) and the side of each. */
export interface ClassifiedDay {
  readonly day: TickDay
  readonly segments: Uint8Array
  readonly sides: Sides
}

/** Room for the sides of `length` ticks. */
export function sidesOf(length: number): Sides {
  return { buyFraction: new Float64Array(length), side: new Int8Array(length), method: new Uint8Array(length) }
}

/**
 * 主动方判定 of a whole day: the same decision, tick after tick, as the live stream makes (spec microstructure §3).
 * `segments` are the SEGMENT ordinals of the ticks. Fills and returns `out`; throws RangeError when it has not the length of the day.
 */
export function classifySides(day: TickDay, segments: Uint8Array, out: Sides = sidesOf(day.length), params: SideParams = SIDE_PARAMS): Sides {
  if (segments.length !== day.length || out.side.length !== day.length)
    throw new RangeError(`Cannot classify ${day.length} ticks with ${segments.length} segments into ${out.side.length} sides: lengths must match`)
  const state = sideState(day.grain, params)
  const tick = { price: 0, volume: 0, amount: 0, amountEstimated: false, vendorSide: NaN, bid1: NaN, ask1: NaN }
  for (let i = 0; i < day.length; i++) {
    tick.price = day.price[i]!
    tick.volume = day.volume[i]!
    tick.amount = day.amount[i]!
    tick.amountEstimated = day.amountEstimated[i] === 1
    tick.vendorSide = day.vendorSide[i]!
    tick.bid1 = day.bid1[i]!
    tick.ask1 = day.ask1[i]!
    classifySide(state, tick, segments[i]!)
    out.buyFraction[i] = state.buyFraction
    out.side[i] = state.side
    out.method[i] = state.method
  }
  return out
}
