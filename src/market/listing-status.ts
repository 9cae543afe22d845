import type { Stream } from './keyed-stream.ts'
import { DAYS_PER_YEAR } from './market-factors.ts'

/** 状态: how a stock is listed on a day. */
export const STATUS = Object.freeze({ normal: 0, st: 1, starSt: 2, delisting: 3, delisted: 4 })

/** Trading days of the delisting period, and days below one yuan that lead to it (spec simulator §3.3). */
export const DELISTING_DAYS = 15
const DAYS_BELOW_ONE = 20

const ST_RATE = 0.006 / DAYS_PER_YEAR
const ST_AFTER_LOSSES = 8
const REMOVAL_RATE = 0.25 / DAYS_PER_YEAR
const ST_AT_START = 0.02
const SUSPENSION_RATE = 1.2 / DAYS_PER_YEAR
const MAJOR_SHARE = 0.1
const ORDINARY_DAYS = 4
const MAJOR_DAYS = 30

/** Where a stock stands in its life. Copied into a checkpoint. */
export interface LifeState {
  status: number
  /** Days in a row that closed below 1.00. */
  belowOne: number
  /** Day of the delisting period, first day = 1; 0 outside it. */
  delistingDay: number
  /** Days of suspension left, this day included; and how long the suspension is in all. */
  suspensionLeft: number
  suspensionLength: number
  /** Consecutive loss years announced so far. */
  lossYears: number
}

/** What the day brings: trading or not, and the jump on resumption (log, 0 on other days). */
export interface LifeDay {
  suspended: boolean
  resumption: number
}

/** A stock's state before its first day; a listed stock is under risk warning with 2 %. */
export function beginLife(isListed: boolean, stream: Stream): LifeState {
  const warned = stream.next() < ST_AT_START
  return { status: isListed && warned ? STATUS.st : STATUS.normal, belowOne: 0, delistingDay: 0, suspensionLeft: 0, suspensionLength: 0, lossYears: 0 }
}

/**
 * One day of a stock's life before it trades (spec simulator §3.3): suspensions (1.2 a year, four days on average, one in ten a restructuring of
 * thirty), risk warnings (0.6 % a year, eight times that after two loss years, applied after one day of suspension; removed at 25 % a year), and
 * the way out: 20 closes below 1.00 or a third loss year of a warned stock begin the delisting period of fifteen trading days.
 * `lossYear` is true when the day's new annual report shows a loss, false when it shows a profit, undefined without a new report.
 */
export function liveDay(life: LifeState, lossYear: boolean | undefined, isSettled: boolean, stream: Stream, out: LifeDay): LifeDay {
  const [halt, kind, length, jump, status, star] = [stream.next(), stream.next(), stream.exponential(), stream.normal(), stream.next(), stream.next()]
  if (lossYear !== undefined) life.lossYears = lossYear ? life.lossYears + 1 : 0
  out.suspended = false
  out.resumption = 0
  if (life.status === STATUS.delisted) return out
  if (life.suspensionLeft > 0) {
    life.suspensionLeft--
    out.suspended = life.suspensionLeft > 0
    if (!out.suspended) out.resumption = jump * Math.min(0.15, 0.04 * Math.sqrt(life.suspensionLength))
    if (out.suspended) return out
  }
  if (life.status === STATUS.delisting) {
    if (++life.delistingDay > DELISTING_DAYS) life.status = STATUS.delisted
    return out
  }
  const isWarned = life.status !== STATUS.normal
  if (isWarned && (life.belowOne >= DAYS_BELOW_ONE || (life.lossYears >= 3 && lossYear === true))) {
    life.status = STATUS.delisting
    life.delistingDay = 1
    return out
  }
  if (!isWarned && isSettled && status < ST_RATE * (life.lossYears >= 2 ? ST_AFTER_LOSSES : 1)) {
    life.status = star < 0.4 ? STATUS.starSt : STATUS.st
    suspend(life, 1)
    out.suspended = true
  } else if (isWarned && status < REMOVAL_RATE) {
    life.status = STATUS.normal
  } else if (isSettled && halt < SUSPENSION_RATE) {
    suspend(life, 1 + Math.floor(length * ((kind < MAJOR_SHARE ? MAJOR_DAYS : ORDINARY_DAYS) - 0.5)))
    out.suspended = true
  }
  return out
}

/** Suspended today and for `days` days in all: `suspensionLeft` counts the day of resumption too. */
function suspend(life: LifeState, days: number): void {
  life.suspensionLength = days
  life.suspensionLeft = days
}
