import { boardOf, exchangeOf, isFundCode } from '#core/code.ts'
import { SEGMENT, sessionRulesOn, sessionSeconds, type SessionRules } from '#core/session.ts'
import { instantOf, timeOfDay } from '#core/shanghai-time.ts'
import type { EpochMs } from '#core/trade-date.ts'
import { firstAbove } from '#numeric/first-place.ts'
import type { ClassifiedDay } from './classify-sides.ts'

/**
 * 价位带: the prints of a day that can test a level (opening print, continuous trading, closing print), made once and read by every level.
 * Clock times are milliseconds of the session clock σ.
 */
export interface LevelTape {
  readonly classified: ClassifiedDay
  readonly length: number
  /** Row of each print in the classified day. */
  readonly rows: Uint32Array
  /** Whole 厘. */
  readonly price: Int32Array
  readonly clock: Float64Array
  readonly at: Float64Array
  /** Range of the prices, 厘; an empty tape has Infinity and −Infinity. */
  readonly low: number
  readonly high: number
  /** σ at the end of the day. */
  readonly fullClock: number
  /** Whether the prints reach the close: on half a day the end says nothing about tests still open or returns still running. */
  readonly isComplete: boolean
  readonly rules: SessionRules
}

const LUNCH_CLOCK = 7_200_000
const AM_START = 34_200_000
const LUNCH_BREAK = 5_400_000
const DAY_ENDS = 54_000_000
/** Where the day has no closing call, prints up to this near its end show that the feed lasted. ms */
const CLOSING_SILENCE = 300_000

/**
 * The tape of a classified day. The day counts as complete with a closing print, or, on timetables that trade through to 15:00, with a print in the last five minutes; a
 * caller that knows better (the day's amount reconciles) says so. Throws RangeError on days the session rules do not cover.
 */
export function levelTape(classified: ClassifiedDay, isComplete?: boolean): LevelTape {
  const { day, segments } = classified
  const rules = sessionRulesOn(day.date, exchangeOf(day.code), isFundCode(day.code) ? 'fund' : boardOf(day.code))
  const rows = new Uint32Array(day.length)
  const price = new Int32Array(day.length)
  const clock = new Float64Array(day.length)
  const at = new Float64Array(day.length)
  let length = 0
  let low = Infinity
  let high = -Infinity
  for (let i = 0; i < day.length; i++) {
    const segment = segments[i]!
    if (segment !== SEGMENT.AM && segment !== SEGMENT.PM && segment !== SEGMENT.OPEN_PRINT && segment !== SEGMENT.CLOSE_PRINT) continue
    const one = day.price[i]!
    rows[length] = i
    price[length] = one
    at[length] = day.at[i]!
    clock[length] = Math.round(sessionSeconds(timeOfDay(day.at[i]! as EpochMs), rules) * 1000)
    if (one < low) low = one
    if (one > high) high = one
    length++
  }
  const fullClock = rules.fullSeconds * 1000
  return {
    classified,
    length,
    rows: rows.subarray(0, length),
    price: price.subarray(0, length),
    clock: clock.subarray(0, length),
    at: at.subarray(0, length),
    low,
    high,
    fullClock,
    isComplete: length > 0 && (isComplete ?? reachesClose(segments[rows[length - 1]!]!, clock[length - 1]!, rules)),
    rules,
  }
}

function reachesClose(lastSegment: number, lastClock: number, rules: SessionRules): boolean {
  return lastSegment === SEGMENT.CLOSE_PRINT || (rules.pmEnd === DAY_ENDS && lastClock >= rules.fullSeconds * 1000 - CLOSING_SILENCE)
}

/** The last print at or before a time of the session clock (ms); −1 when there is none. */
export function printAt({ clock, length }: LevelTape, time: number): number {
  return firstAbove(clock, time, length) - 1
}

/** The wall time of a session-clock time (ms): the morning up to 11:30, then from 13:00. */
export function instantOfClock({ classified }: LevelTape, clock: number): EpochMs {
  return instantOf(classified.day.date, AM_START + clock + (clock > LUNCH_CLOCK ? LUNCH_BREAK : 0))
}

/** 15:00 of the day: when everything of it is known. */
export function closeOf({ classified }: LevelTape): EpochMs {
  return instantOf(classified.day.date, DAY_ENDS)
}

/** 13:00 of the day. */
export function afternoonOf({ classified }: LevelTape): EpochMs {
  return instantOf(classified.day.date, AM_START + LUNCH_CLOCK + LUNCH_BREAK)
}
