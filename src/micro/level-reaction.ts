import { SEGMENT } from '#core/session.ts'
import { instantOf } from '#core/shanghai-time.ts'
import { dayNumber, type TradeDate } from '#core/trade-date.ts'
import { standardDeviation } from '#numeric/standard-deviation.ts'
import type { LevelTestParams } from './level-band.ts'
import { closeOf, instantOfClock, printAt, type LevelTape } from './level-tape.ts'
import type { Visit } from './level-visits.ts'

/** 反应: the return after an exit, and when it is known. */
export interface LevelReaction {
  /** Fraction; NaN when there is none. */
  readonly value: number
  /** Epoch ms; NaN with `value`. */
  readonly knownAt: number
  /** The horizon ends after the day: the closing price stands in. */
  readonly isTruncated: boolean
}

const NO_REACTION: LevelReaction = Object.freeze({ value: NaN, knownAt: NaN, isTruncated: false })

/**
 * future_return_30m (spec microstructure §9.2): last price `horizonSeconds` of session time after the exit ÷ exit price − 1. None when the visit did not leave before the close, when less
 * than `minRemainingSeconds` of the day were left, or when the prints end before the horizon without reaching the close.
 */
export function levelReaction(tape: LevelTape, { exit, exitSide }: Visit, params: LevelTestParams): LevelReaction {
  const { clock, price, at, fullClock, length, isComplete } = tape
  const exitClock = clock[exit]!
  if ((exitSide !== 'above' && exitSide !== 'below') || fullClock - exitClock < params.minRemainingSeconds * 1000) return NO_REACTION
  const target = exitClock + params.horizonSeconds * 1000
  if (!isComplete && target > clock[length - 1]!) return NO_REACTION
  const isTruncated = target > fullClock
  const print = isTruncated ? length - 1 : printAt(tape, target)
  const isClose = isTruncated || isClosingPrint(tape, print)
  // A record stamped just after its segment belongs to its end, but nobody knew it before its stamp.
  const knownAt = isClose ? closeOf(tape) : Math.max(instantOfClock(tape, target), at[print]!)
  return { value: price[print]! / price[exit]! - 1, knownAt, isTruncated }
}

function isClosingPrint({ classified, rows }: LevelTape, print: number): boolean {
  return classified.segments[rows[print]!] === SEGMENT.CLOSE_PRINT
}

/** A close in CNY with its adjustment factor. */
export interface AdjustedClose {
  readonly date: TradeDate
  readonly close: number
  readonly adjFactor: number
}

/**
 * future_return_1d (spec microstructure §9.2): the stock's next close against an exit price, both adjusted; `exit.close` is the exit price in CNY. NaN without a next day, or when
 * it lies more than ten calendar days ahead (a suspension). Known at 15:00 of that day. An evaluation label: it never enters a score.
 */
export function nextDayReturn(exit: AdjustedClose, next: AdjustedClose | undefined): { readonly value: number; readonly knownAt: number } {
  const isNear = next !== undefined && next.date > exit.date && dayNumber(next.date) - dayNumber(exit.date) <= 10
  if (!isNear) return { value: NaN, knownAt: NaN }
  return { value: (next.close * next.adjFactor) / (exit.close * exit.adjFactor) - 1, knownAt: instantOf(next.date, 54_000_000) }
}

/** Returns of a day over whole, not overlapping half hours of the session clock, as far as the prints reach; those without a price before them are left out. */
export function halfHourReturns(tape: LevelTape, seconds = 1800): number[] {
  const { price, clock, length, fullClock, isComplete } = tape
  if (length === 0) return []
  const reached = isComplete ? fullClock : clock[length - 1]!
  const returns: number[] = []
  for (let end = seconds * 1000; end <= reached; end += seconds * 1000) {
    const from = printAt(tape, end - seconds * 1000)
    if (from >= 0) returns.push(price[printAt(tape, end)]! / price[from]! - 1)
  }
  return returns
}

/** Settings of r_ref (spec microstructure §9.3). */
export interface ReactionScaleParams {
  readonly minReturns: number
  readonly floor: number
  readonly ceiling: number
  /** Used while fewer returns are known. */
  readonly fallback: number
}

/** The defaults of spec microstructure §9.3. */
export const REACTION_SCALE_PARAMS: ReactionScaleParams = Object.freeze({ minReturns: 60, floor: 0.005, ceiling: 0.03, fallback: 0.01 })

/** r_ref: what is a usual half-hour return of the stock: the standard deviation over the previous 20 days, held within bounds (spec microstructure §9.3). NaN among `returns` are left out. */
export function reactionScale(returns: Float64Array, params: ReactionScaleParams = REACTION_SCALE_PARAMS): number {
  let known = 0
  for (const one of returns) if (!Number.isNaN(one)) known++
  return known < params.minReturns ? params.fallback : Math.min(params.ceiling, Math.max(params.floor, standardDeviation(returns)))
}
