import { clockTime, formatClock } from '#core/shanghai-time.ts'
import { formatDate } from '#core/trade-date.ts'
import { LookaheadError } from './lookahead-error.ts'
import type { Market } from './market.ts'

const SESSION_START = clockTime('09:15')
const CLOSE = clockTime('15:00')

/**
 * Where a run stands. Before the opening auction the bars of the days before are known and today's ex-rights, limits and status; at the close today's bar too.
 */
export class Moment {
  readonly market: Market
  day = 0
  /** The last day whose bar is complete. */
  barDay = -1
  timeOfDay = SESSION_START

  constructor(market: Market) {
    this.market = market
  }

  get now(): number {
    return this.market.midnights[this.day]! + this.timeOfDay
  }

  openSession(day: number): void {
    this.day = day
    this.barDay = day - 1
    this.timeOfDay = SESSION_START
  }

  closeBar(): void {
    this.barDay = this.day
    this.timeOfDay = CLOSE
  }
}

/** The error of reading something of a later day (place of the market) than is known at a moment. */
export function lookahead(what: string, day: number, moment: Moment): LookaheadError {
  const { days } = moment.market
  const wanted = days[day]
  const now = `${formatDate(days[moment.day]!)} ${formatClock(moment.timeOfDay)}`
  return new LookaheadError(
    `Cannot read ${what} of ${wanted === undefined ? `day ${day}` : formatDate(wanted)}: only what is known at ${now} may be read. Ask for an earlier day`,
  )
}
