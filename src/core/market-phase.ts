import type { Calendar } from './calendar.ts'
import { ruleOn } from './dated.ts'
import { tradingSessions, type SegmentName } from './rules/trading-sessions.ts'
import { dateOf, instantOf } from './shanghai-time.ts'
import type { EpochMs, TradeDate } from './trade-date.ts'

/** 市场阶段 (spec simulator §16, `market_status`). */
export const MARKET_PHASES = ['pre', 'open_auction', 'morning', 'lunch', 'afternoon', 'close_auction', 'after_hours', 'closed'] as const

export type MarketPhase = (typeof MARKET_PHASES)[number]

export interface MarketMoment {
  /** The day itself when it is a market day, else the one before it. */
  readonly tradeDate: TradeDate
  readonly isTradingDay: boolean
  /** Whether orders can trade now: continuous trading, a call auction, or after-hours fixed price. */
  readonly isOpen: boolean
  readonly phase: MarketPhase
  readonly since: EpochMs
  readonly next: MarketPhase
  readonly nextAt: EpochMs
}

/**
 * Where the Shanghai and Shenzhen main boards stand at an instant, by the dated timetable: 'pre' from midnight of a market day to 09:15, 'open_auction' to
 * 09:30, and so on; 'closed' from the close, with 'after_hours' inside it where the timetable has it. Throws RangeError outside the calendar.
 */
export function marketPhaseAt(at: EpochMs, calendar: Calendar): MarketMoment {
  const date = dateOf(at)
  const isTradingDay = calendar.isOpen(date)
  const tradeDate = isTradingDay ? date : calendar.previous(date)
  const changes = [...changesOn(tradeDate), { phase: 'pre' as const, at: instantOf(calendar.next(tradeDate), 0) }]
  const found = changes.findLastIndex((change) => change.at <= at)
  const [now, next] = [changes[found]!, changes[found + 1]!]
  return { tradeDate, isTradingDay, isOpen: OPEN.has(now.phase), phase: now.phase, since: now.at, next: next.phase, nextAt: next.at }
}

const OPEN: ReadonlySet<MarketPhase> = new Set(['open_auction', 'morning', 'afternoon', 'close_auction', 'after_hours'])

interface Change {
  readonly phase: MarketPhase
  readonly at: EpochMs
}

function changesOn(date: TradeDate): readonly Change[] {
  const spans = ruleOn(tradingSessions, 'SH.main', date)
  const edge = (segment: SegmentName, side: 'start' | 'end') => spans.find((span) => span.segment === segment)?.[side]
  const changes: (readonly [MarketPhase, number | undefined])[] = [
    ['pre', 0],
    ['open_auction', edge('OPEN_CALL_A', 'start')],
    ['morning', edge('AM', 'start')],
    ['lunch', edge('AM', 'end')],
    ['afternoon', edge('PM', 'start')],
    ['close_auction', edge('CLOSE_CALL', 'start') === undefined ? undefined : edge('PM', 'end')],
    ['closed', edge('CLOSE_CALL', 'end') ?? edge('PM', 'end')],
    ['after_hours', edge('AH_FIXED', 'start')],
    ['closed', edge('AH_FIXED', 'end')],
  ]
  return changes.flatMap(([phase, time]) => (time === undefined ? [] : [{ phase, at: instantOf(date, time) }]))
}
