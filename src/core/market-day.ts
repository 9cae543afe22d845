import { aShareCalendar } from './a-share-calendar.ts'
import { Calendar, weekdaysWithout } from './calendar.ts'
import { ruleOn } from './dated.ts'
import { sessionMinutes, type SessionShape } from './kline-interval.ts'
import { PROFILES, type Market, type PhaseSpan } from './market-profile.ts'
import { earlyCloses, FOREIGN_CLOSURE_YEARS, foreignClosures } from './rules/foreign-closures.ts'
import { tickSizes } from './rules/tick-sizes.ts'
import { clockTime } from './shanghai-time.ts'
import { dateOfDayNumber, dayNumber, tradeDate, type EpochMs, type TradeDate } from './trade-date.ts'
import { zoneDate, zoneInstant } from './zone-time.ts'

/** How sure the calendar is of a day: 'settled' by an announcement or a rule, 'provisional' where it only leaves weekends out (spec simulator §3.4). */
export type CalendarConfidence = 'settled' | 'provisional'

/** Days every market's calendar knows, the provisional ones included. */
const SPAN = { from: tradeDate(20050101), to: tradeDate(20351231) } as const

const settledAbroad = {
  from: tradeDate(FOREIGN_CLOSURE_YEARS.first * 10_000 + 101),
  to: tradeDate(FOREIGN_CLOSURE_YEARS.last * 10_000 + 1231),
} as const

/** The days whose closures are known. Coins trade on every day there is. */
const SETTLED: Readonly<Record<Market, { readonly from: TradeDate; readonly to: TradeDate }>> = {
  cn: { from: aShareCalendar.from, to: aShareCalendar.to },
  hk: settledAbroad,
  us: settledAbroad,
  crypto: SPAN,
}

const calendars = new Map<Market, Calendar>()

/** The market days of a market from 2005 to 2035. Beyond the closures that are known every weekday counts: ask `confidenceOn`. */
export function marketCalendar(market: Market): Calendar {
  return calendars.getOrInsertComputed(market, () => new Calendar(openDays(market), SPAN.from, SPAN.to))
}

function openDays(market: Market): readonly TradeDate[] {
  const { from, to } = SETTLED[market]
  if (market === 'crypto') return Array.from({ length: dayNumber(to) - dayNumber(from) + 1 }, (_, i) => dateOfDayNumber(dayNumber(from) + i))
  const settled = market === 'cn' ? aShareCalendar.dates(from, to) : weekdaysWithout(foreignClosures.rows[market], from, to)
  const weekdays = (first: number, last: number) => (first > last ? [] : weekdaysWithout([], dateOfDayNumber(first), dateOfDayNumber(last)))
  return [...weekdays(dayNumber(SPAN.from), dayNumber(from) - 1), ...settled, ...weekdays(dayNumber(to) + 1, dayNumber(SPAN.to))]
}

export function confidenceOn(market: Market, date: TradeDate): CalendarConfidence {
  return date >= SETTLED[market].from && date <= SETTLED[market].to ? 'settled' : 'provisional'
}

/** The last minute of trading on a day that ends early, in milliseconds after midnight; nothing on other days. */
export function earlyCloseOn(market: Market, date: TradeDate): number | undefined {
  const rows = market === 'hk' || market === 'us' ? earlyCloses.rows[market] : []
  const row = rows.find(({ from }) => from === date)
  return row === undefined ? undefined : clockTime(row.value.close)
}

const shortened = new Map<string, SessionShape>()

/** When a market trades on a day: its full session, or the part of it before an early close. */
export function sessionOn(market: Market, date: TradeDate): SessionShape {
  const { session } = PROFILES[market]
  const close = earlyCloseOn(market, date)
  if (close === undefined) return session
  return shortened.getOrInsertComputed(`${market} ${close}`, () => ({
    segments: session.segments.filter(({ start }) => start < close).map(({ start, end }) => ({ start, end: Math.min(end, close) })),
  }))
}

/** Minutes of a day's session: 240, 330, 390 or 1440 on a full one. */
export function minutesOn(market: Market, date: TradeDate): number {
  return sessionMinutes(sessionOn(market, date))
}

/** 收盘集合竞价 of a day: behind the session in Hong Kong, its last ten minutes in New York, whenever it ends. */
export function closeAuctionOn(market: Market, date: TradeDate): PhaseSpan | undefined {
  const { closeAuction, session } = PROFILES[market]
  if (closeAuction === undefined) return undefined
  const shift = sessionEnd(sessionOn(market, date)) - sessionEnd(session)
  return { start: closeAuction.start + shift, end: closeAuction.end + shift }
}

/** The instants at which a session opens and closes, auctions outside it left out. */
export function openInstant(market: Market, date: TradeDate): EpochMs {
  return zoneInstant(PROFILES[market].zone, date, sessionOn(market, date).segments[0]!.start)
}

export function closeInstant(market: Market, date: TradeDate): EpochMs {
  return zoneInstant(PROFILES[market].zone, date, sessionEnd(sessionOn(market, date)))
}

/** The last market day whose session, closing auction included, is over at an instant. */
export function lastEnded(market: Market, at: EpochMs): TradeDate {
  const [calendar, date] = [marketCalendar(market), zoneDate(PROFILES[market].zone, at)]
  return calendar.isOpen(date) && at >= overInstant(market, date) ? date : calendar.previous(date)
}

/** The instant at which a day is over, its closing auction included. */
export function overInstant(market: Market, date: TradeDate): EpochMs {
  return zoneInstant(PROFILES[market].zone, date, Math.max(sessionEnd(sessionOn(market, date)), closeAuctionOn(market, date)?.end ?? 0))
}

/** 最小变动价位 of a share at a price, in the market's currency. Throws RangeError on days the rule does not cover. */
export function tickAt(market: Market, price: number, date: TradeDate): number {
  return ruleOn(tickSizes, market, date).find(({ upTo }) => price <= upTo)!.tick
}

function sessionEnd({ segments }: SessionShape): number {
  return segments.at(-1)!.end
}
