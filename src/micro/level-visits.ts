import type { LevelBand, LevelTestParams } from './level-band.ts'
import type { LevelTape } from './level-tape.ts'

/** Where a price stands against a band. */
export type BandSide = 'above' | 'below' | 'in'

/** How a visit begins: normal and gap (the first print of the day, from outside) can be scored; carry (yesterday closed inside) and unknown (no previous close) never. */
export type EntryKind = 'normal' | 'gap' | 'carry' | 'unknown'

/** How a visit ends: by leaving, with the day, or not at all because the prints stop before the day does (`open`). */
export type ExitSide = 'above' | 'below' | 'close_in' | 'close_above' | 'close_below' | 'open'

/** 造访: one stay of the price at a band, as prints of the tape. */
export interface Visit {
  /** The first in-print. */
  readonly entry: number
  /** The first print outside for good; the last print of the day when it ended inside or undecided. */
  exit: number
  /** The print that confirmed leaving. */
  confirm: number
  /** Undefined without a previous close. */
  readonly approach: BandSide | undefined
  readonly entryKind: EntryKind
  exitSide: ExitSide
  resumed: number
}

export interface Visits {
  readonly visits: readonly Visit[]
  /** Jumps from one side to the other without an in-print. */
  readonly crossings: number
}

const ABOVE = 1
const INSIDE = 0
const BELOW = -1
const UNKNOWN = 2

/**
 * 价位状态机: the visits of a day to one band (spec microstructure §9.1). `previousClose` in 厘 of the day's basis, undefined when not known. Every in-print belongs to
 * exactly one visit and visits do not overlap. A level the day never came near costs nothing.
 */
export function findVisits(tape: LevelTape, band: LevelBand, previousClose: number | undefined, params: LevelTestParams): Visits {
  const { price, clock, length } = tape
  const { level, low, high, hysteresis, rearm } = band
  const confirmAfter = params.confirmSeconds * 1000
  const rearmAfter = params.rearmSeconds * 1000
  let side = previousClose === undefined || Number.isNaN(previousClose) ? UNKNOWN : previousClose > high ? ABOVE : previousClose < low ? BELOW : INSIDE
  if (length === 0) return { visits: [], crossings: 0 }
  if (tape.low > high || tape.high < low) return { visits: [], crossings: side === (tape.low > high ? BELOW : ABOVE) ? 1 : 0 }

  const visits: Visit[] = []
  let visit: Visit | undefined
  let isIn = false
  let crossings = 0
  /** Farthest from the level since the last exit. */
  let farthest = 0
  /** First print of the excursion under way, and its side. */
  let excursion = -1
  let excursionSide = INSIDE
  for (let i = 0; i < length; i++) {
    const one = price[i]!
    const position = one > high ? ABOVE : one < low ? BELOW : INSIDE
    if (!isIn) {
      if (position !== INSIDE) {
        if (side === -position) crossings++
        side = position
        const distance = position * (one - level)
        if (distance > farthest) farthest = distance
        continue
      }
      isIn = true
      excursion = -1
      if (visit !== undefined && farthest < rearm && clock[i]! - clock[visit.exit]! < rearmAfter) visit.resumed++
      else {
        visit = { entry: i, exit: i, confirm: i, approach: sideName(side), entryKind: entryKind(i, side), exitSide: 'open', resumed: 0 }
        visits.push(visit)
      }
    } else if (position === INSIDE) excursion = -1
    else {
      if (excursion < 0 || position !== excursionSide) {
        excursion = i
        excursionSide = position
        farthest = 0
      }
      const distance = position * (one - level)
      if (distance > farthest) farthest = distance
      const beyond = position === ABOVE ? one - high : low - one
      if (beyond >= hysteresis || clock[i]! - clock[excursion]! >= confirmAfter) {
        isIn = false
        side = position
        visit!.exit = excursion
        visit!.confirm = i
        visit!.exitSide = position === ABOVE ? 'above' : 'below'
      }
    }
  }
  if (isIn) endWithDay(visit!, tape, band)
  return { visits, crossings }
}

function endWithDay(visit: Visit, { price, length, isComplete }: LevelTape, { low, high }: LevelBand): void {
  const last = price[length - 1]!
  visit.exit = length - 1
  visit.confirm = length - 1
  visit.exitSide = !isComplete ? 'open' : last > high ? 'close_above' : last < low ? 'close_below' : 'close_in'
}

function entryKind(print: number, side: number): EntryKind {
  if (side === UNKNOWN) return 'unknown'
  if (side === INSIDE) return 'carry'
  return print === 0 ? 'gap' : 'normal'
}

function sideName(side: number): BandSide | undefined {
  return side === ABOVE ? 'above' : side === BELOW ? 'below' : side === INSIDE ? 'in' : undefined
}
