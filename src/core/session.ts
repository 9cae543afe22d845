import type { Board, Exchange } from './code.ts'
import { ruleOn } from './dated.ts'
import { SEGMENTS, tradingSessions, type SegmentName, type SegmentSpan, type SessionCase } from './rules/trading-sessions.ts'
import type { TradeDate } from './trade-date.ts'

export { SEGMENTS }
export type { SegmentName }

/** The ordinal of each segment: what `segmentsOf` stores and kernels compare. */
export const SEGMENT = Object.freeze({
  OPEN_CALL_A: 0,
  OPEN_CALL_B: 1,
  OPEN_PRINT: 2,
  PAUSE: 3,
  AM: 4,
  LUNCH: 5,
  PM: 6,
  CLOSE_CALL: 7,
  CLOSE_PRINT: 8,
  AH_FIXED: 9,
  CLOSED: 10,
}) satisfies Readonly<Record<SegmentName, number>>

/** A timetable made ready for arrays: `starts[i]` ≤ time of day < `starts[i + 1]` lies in `ordinals[i]`. Times in milliseconds after midnight. */
export interface SessionRules {
  readonly starts: Float64Array
  readonly ordinals: Uint8Array
  /** Where continuous trading ends in the afternoon: 14:57, or 15:00 where there is no closing call. */
  readonly pmEnd: number
  /** Seconds of continuous trading in a full day: 14220, or 14400. */
  readonly fullSeconds: number
}

/** The last minute slot of an A-share day, 15:00; slot 0 is the opening auction. */
export const LAST_SLOT = 240

/** Minute slots of an A-share day. */
export const MINUTE_SLOTS = LAST_SLOT + 1

const AM_START = 34_200_000
const AM_END = 41_400_000
const PM_START = 46_800_000
const MINUTE = 60_000

/** 交易时段 of a day for an exchange and board (`fund` for exchange-traded funds). Throws RangeError on days the rules do not cover. */
export function sessionRulesOn(date: TradeDate, exchange: Exchange, board: Board | 'fund'): SessionRules {
  return compiled(ruleOn(tradingSessions, sessionCase(exchange, board), date))
}

/** The segment of a time of day (milliseconds after midnight), with the late records of spec microstructure §1 counted to the segment just ended. */
export function segmentOf(date: TradeDate, timeOfDayMs: number, exchange: Exchange, board: Board | 'fund'): SegmentName {
  return SEGMENTS[segmentAt(timeOfDayMs, sessionRulesOn(date, exchange, board))]!
}

/** The ordinal of the segment of a time of day. NaN is CLOSED. */
export function segmentAt(timeOfDayMs: number, rules: SessionRules): number {
  return rules.ordinals[indexAt(timeOfDayMs, rules.starts)]!
}

/** Segment ordinals of many times of day (milliseconds after midnight). Fast when the times ascend, right in any order. Fills and returns `out`. */
export function segmentsOf(times: Float64Array, rules: SessionRules, out: Uint8Array = new Uint8Array(times.length)): Uint8Array {
  if (out.length !== times.length) throw new RangeError(`Cannot classify segments: the result must have ${times.length} places, found ${out.length}`)
  const { starts, ordinals } = rules
  let at = 0
  let [low, high, ordinal] = [starts[0]!, starts[1]!, ordinals[0]!]
  for (let i = 0; i < times.length; i++) {
    const time = times[i]!
    if (!(time >= low && time < high)) {
      at = indexAt(time, starts)
      low = starts[at]!
      high = starts[at + 1] ?? Infinity
      ordinal = ordinals[at]!
    }
    out[i] = ordinal
  }
  return out
}

/** 连续竞价: whether the segment (name or ordinal) trades continuously. */
export function isContinuous(segment: SegmentName | number): boolean {
  return segment === 'AM' || segment === 'PM' || segment === SEGMENT.AM || segment === SEGMENT.PM
}

/** 交易时钟 σ: seconds of continuous trading before a time of day; constant at lunch and from the end of the afternoon on. */
export function sessionSeconds(timeOfDayMs: number, rules: SessionRules): number {
  if (timeOfDayMs <= AM_START) return 0
  if (timeOfDayMs <= AM_END) return (timeOfDayMs - AM_START) / 1000
  if (timeOfDayMs <= PM_START) return (AM_END - AM_START) / 1000
  return (AM_END - AM_START + Math.min(timeOfDayMs, rules.pmEnd) - PM_START) / 1000
}

/**
 * The slot of the 241-minute grid a trade belongs to: 0 is the opening print, 1 is 09:31, 120 is 11:30, 121 is 13:01, 240 is 15:00 with the
 * closing print. A minute covers (label − 60 s, label]; late records go to the last minute of their segment (DECISIONS §4, spec simulator §17.2).
 * NaN for what belongs to no bar: indicative rows, breaks, after-hours trades.
 */
export function minuteSlot(timeOfDayMs: number, rules: SessionRules): number {
  switch (segmentAt(timeOfDayMs, rules)) {
    case SEGMENT.OPEN_PRINT:
      return 0
    case SEGMENT.AM:
      return Math.min(Math.max(Math.ceil((timeOfDayMs - AM_START) / MINUTE), 1), 120)
    case SEGMENT.PM:
      return 120 + Math.max(Math.ceil((Math.min(timeOfDayMs, rules.pmEnd) - PM_START) / MINUTE), 1)
    case SEGMENT.CLOSE_CALL:
      return 120 + Math.ceil((timeOfDayMs - PM_START) / MINUTE)
    case SEGMENT.CLOSE_PRINT:
      return 240
    default:
      return NaN
  }
}

/** The label of a slot: the end of its minute, in milliseconds after midnight (slot 0 is 09:30). Throws RangeError outside 0 to 240. */
export function slotLabel(slot: number): number {
  if (!Number.isInteger(slot) || slot < 0 || slot > LAST_SLOT) throw new RangeError(`Cannot label a minute slot: a day has slots 0 to 240, found ${slot}`)
  return slot <= 120 ? AM_START + slot * MINUTE : PM_START + (slot - 120) * MINUTE
}

/** The label of the minute bar a trade belongs to, in milliseconds after midnight; NaN for what belongs to no bar (see `minuteSlot`). */
export function minuteLabel(timeOfDayMs: number, rules: SessionRules): number {
  const slot = minuteSlot(timeOfDayMs, rules)
  return Number.isNaN(slot) ? NaN : slotLabel(slot)
}

function sessionCase(exchange: Exchange, board: Board | 'fund'): SessionCase {
  if (exchange === 'BJ') return 'BJ.bse'
  if (board === 'fund') return `${exchange}.fund`
  if (exchange === 'SH') return board === 'star' ? 'SH.star' : 'SH.main'
  return board === 'chinext' ? 'SZ.chinext' : 'SZ.main'
}

const compiledBy = new WeakMap<readonly SegmentSpan[], SessionRules>()

function compiled(spans: readonly SegmentSpan[]): SessionRules {
  const known = compiledBy.get(spans)
  if (known !== undefined) return known
  const starts = [-Infinity]
  const ordinals: number[] = [SEGMENT.CLOSED]
  for (const [i, span] of spans.entries()) {
    starts.push(span.start)
    ordinals.push(SEGMENT[span.segment])
    if (span.recordsUntil !== spans[i + 1]?.start) {
      starts.push(span.recordsUntil)
      ordinals.push(SEGMENT.CLOSED)
    }
  }
  const pmEnd = spans.find((span) => span.segment === 'PM')!.end
  const rules = { starts: Float64Array.from(starts), ordinals: Uint8Array.from(ordinals), pmEnd, fullSeconds: (AM_END - AM_START + pmEnd - PM_START) / 1000 }
  compiledBy.set(spans, rules)
  return rules
}

/** The last index whose start is not after the time: the timetable has a dozen entries, so a scan from the end. */
function indexAt(time: number, starts: Float64Array): number {
  let at = starts.length - 1
  while (at > 0 && !(time >= starts[at]!)) at--
  return at
}
