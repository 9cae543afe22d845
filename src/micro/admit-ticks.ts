import { SEGMENT } from '#core/session.ts'
import { timeOfDay } from '#core/shanghai-time.ts'
import type { TickDay } from '#core/tick.ts'
import type { EpochMs } from '#core/trade-date.ts'
import { selectTicks, ticksBetween } from './select-ticks.ts'

/** Why a record is not a trade of the day. */
type Dropped = 'INDICATIVE' | 'OUTSIDE_SESSION' | 'DUPLICATE' | 'BAD_TICK'

export interface AdmittedDay {
  readonly day: TickDay
  /** SEGMENT ordinals of the admitted ticks. */
  readonly segments: Uint8Array
  readonly dropped: Readonly<Record<Dropped, number>>
}

const OPEN_PRINT_STARTS = (9 * 60 + 25) * 60_000
const OPEN_PRINT_ENDS = OPEN_PRINT_STARTS + 60_000
const CONTINUOUS_STARTS = (9 * 60 + 30) * 60_000
const AFTER_HOURS = (15 * 60 + 1) * 60_000

/**
 * 逐笔准入: which records of a raw day are trades (spec microstructure §2.3). `segments` are the SEGMENT ordinals by the clock alone.
 * Everything before 09:25 is indicative. Of aggregates the first record of 09:25 with trades is the opening print and the others until 09:30 repeat it;
 * of single trades all of 09:25 belong to it. From 15:01:00 on it is after hours. Stray records of the pauses are dropped,
 * except differences of snapshots: what a late poll finds there was traded before the pause. The bar labelled 09:30 is the opening print.
 * `cumulativeIndex` is the vendor's running number: two records equal in it and in time, price and volume are one. Without it nothing counts as
 * a duplicate, because two equal trades within a millisecond are common.
 */
export function admitTicks(day: TickDay, segments: Uint8Array, cumulativeIndex?: Float64Array): AdmittedDay {
  const rows = new Uint32Array(day.length)
  const admitted = new Uint8Array(day.length)
  const dropped: Record<Dropped, number> = { INDICATIVE: 0, OUTSIDE_SESSION: 0, DUPLICATE: 0, BAD_TICK: 0 }
  const seen = new Set<string>()
  let length = 0
  let hasOpened = false
  for (let i = 0; i < day.length; i++) {
    if (i > 0 && day.at[i] !== day.at[i - 1]) seen.clear()
    const segment = segmentOf(day, i, segments[i]!, hasOpened)
    const reason = isBad(day, i) ? 'BAD_TICK' : typeof segment === 'string' ? segment : isRepeated(day, i, cumulativeIndex, seen) ? 'DUPLICATE' : undefined
    if (reason !== undefined) {
      dropped[reason]++
      continue
    }
    hasOpened ||= segment === SEGMENT.OPEN_PRINT
    rows[length] = i
    admitted[length] = segment as number
    length++
  }
  // Most days are dropped from at their ends only.
  const first = rows[0]!
  const isWhole = length > 0 && rows[length - 1]! - first + 1 === length
  return { day: isWhole ? ticksBetween(day, first, first + length) : selectTicks(day, rows.subarray(0, length)), segments: admitted.slice(0, length), dropped }
}

function segmentOf(day: TickDay, i: number, byClock: number, hasOpened: boolean): number | 'INDICATIVE' | 'OUTSIDE_SESSION' {
  const time = timeOfDay(day.at[i]! as EpochMs)
  if (time < OPEN_PRINT_STARTS) return 'INDICATIVE'
  if (time < OPEN_PRINT_ENDS) {
    if (day.tradeCount[i] === 0) return 'INDICATIVE'
    return day.grain === 'TBT' || !hasOpened ? SEGMENT.OPEN_PRINT : 'INDICATIVE'
  }
  if (time >= AFTER_HOURS) return SEGMENT.AH_FIXED
  if (day.grain === 'BAR1M' && time === CONTINUOUS_STARTS) return SEGMENT.OPEN_PRINT
  if (day.grain === 'SNAPDIFF' && byClock === SEGMENT.LUNCH) return SEGMENT.AM
  if (day.grain === 'SNAPDIFF' && byClock === SEGMENT.CLOSE_CALL) return SEGMENT.PM
  const trades = byClock === SEGMENT.AM || byClock === SEGMENT.PM || byClock === SEGMENT.CLOSE_PRINT
  return trades ? byClock : 'OUTSIDE_SESSION'
}

function isBad(day: TickDay, i: number): boolean {
  return !(day.price[i]! > 0 && day.volume[i]! > 0 && day.amount[i]! > 0)
}

/** Whether a record with the same number, price and volume came in the same millisecond. */
function isRepeated(day: TickDay, i: number, cumulativeIndex: Float64Array | undefined, seen: Set<string>): boolean {
  if (cumulativeIndex === undefined) return false
  const key = `${cumulativeIndex[i]} ${day.price[i]} ${day.volume[i]}`
  const repeated = seen.has(key)
  seen.add(key)
  return repeated
}
