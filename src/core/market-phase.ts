import { ruleOn } from './dated.ts'
import { closeAuctionOn, marketCalendar, sessionOn } from './market-day.ts'
import { PROFILES, type Market } from './market-profile.ts'
import { tradingSessions, type SegmentName } from './rules/trading-sessions.ts'
import { clockTime } from './shanghai-time.ts'
import type { EpochMs, TradeDate } from './trade-date.ts'
import { zoneDate, zoneInstant } from './zone-time.ts'

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
 * Where a market stands at an instant: 'pre' from midnight of a market day, then its phases, 'closed' from the close on, with 'after_hours' inside it where
 * the timetable has it. China is the Shanghai and Shenzhen main boards by their dated timetable; without a lunch the afternoon begins at noon, and coins know
 * mornings and afternoons only. Throws RangeError outside 2005 to 2035.
 */
export function marketPhaseAt(at: EpochMs, market: Market = 'cn'): MarketMoment {
  const calendar = marketCalendar(market)
  const date = zoneDate(PROFILES[market].zone, at)
  const isTradingDay = calendar.isOpen(date)
  const tradeDate = isTradingDay ? date : calendar.previous(date)
  const changes = [...changesOn(market, tradeDate), changesOn(market, calendar.next(tradeDate))[0]!]
  const found = changes.findLastIndex((change) => change.at <= at)
  const [now, next] = [changes[found]!, changes[found + 1]!]
  return { tradeDate, isTradingDay, isOpen: OPEN.has(now.phase), phase: now.phase, since: now.at, next: next.phase, nextAt: next.at }
}

const OPEN: ReadonlySet<MarketPhase> = new Set(['open_auction', 'morning', 'afternoon', 'close_auction', 'after_hours'])

interface Change {
  readonly phase: MarketPhase
  readonly at: EpochMs
}

type Times = readonly (readonly [MarketPhase, number | undefined])[]

function changesOn(market: Market, date: TradeDate): readonly Change[] {
  const times = market === 'cn' ? chineseTimes(date) : market === 'crypto' ? ROUND_THE_CLOCK : foreignTimes(market, date)
  return times.flatMap(([phase, time]) => (time === undefined ? [] : [{ phase, at: zoneInstant(PROFILES[market].zone, date, time) }]))
}

function chineseTimes(date: TradeDate): Times {
  const spans = ruleOn(tradingSessions, 'SH.main', date)
  const edge = (segment: SegmentName, side: 'start' | 'end') => spans.find((span) => span.segment === segment)?.[side]
  return [
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
}

const NOON = clockTime('12:00')

const ROUND_THE_CLOCK: Times = [
  ['morning', 0],
  ['afternoon', NOON],
]

function foreignTimes(market: Market, date: TradeDate): Times {
  const { segments } = sessionOn(market, date)
  const [first, last] = [segments[0]!, segments.at(-1)!]
  const closing = closeAuctionOn(market, date)!
  const hasLunch = segments.length > 1
  return [
    ['pre', 0],
    ['open_auction', PROFILES[market].openAuction!.start],
    ['morning', first.start],
    ['lunch', hasLunch ? first.end : undefined],
    ['afternoon', hasLunch ? last.start : last.end > NOON ? NOON : undefined],
    ['close_auction', closing.start],
    ['closed', closing.end],
  ]
}
