import { clockTime } from './shanghai-time.ts'
import { dateOfDayNumber, dayNumber, tradeDate, weekday, type TradeDate } from './trade-date.ts'

/** K 线周期 (spec simulator §16): minutes of the session, days, weeks, months. */
export const INTERVALS = ['1m', '5m', '15m', '30m', '60m', '120m', '1d', '1w', '1M'] as const

export type Interval = (typeof INTERVALS)[number]

const ALIASES: Readonly<Record<string, Interval>> = { '1h': '60m', '2h': '120m', D: '1d', d: '1d', '1D': '1d', W: '1w', w: '1w', '1W': '1w', M: '1M' }

/** The interval of a name or alias (1h, 2h, D, W, M); case tells a minute from a month. Nothing for any other text. */
export function readInterval(text: string): Interval | undefined {
  return INTERVALS.find((interval) => interval === text) ?? (Object.hasOwn(ALIASES, text) ? ALIASES[text] : undefined)
}

/** How many minutes of the session a bar covers; nothing for days and longer. */
export function minutesOf(interval: Interval): number | undefined {
  return interval.endsWith('m') ? Number(interval.slice(0, -1)) : undefined
}

/** When a market trades within a day: its segments in milliseconds after its own midnight, breaks left out. */
export interface SessionShape {
  readonly segments: readonly { readonly start: number; readonly end: number }[]
}

/** 交易时段 by market (spec simulator §6.1): Shanghai and Shenzhen 240 minutes, Hong Kong 330, the United States 390; `allDay` for markets round the clock, 1440 minutes of UTC. */
export const SESSION_SHAPES = {
  cn: shape(['09:30', '11:30'], ['13:00', '15:00']),
  hk: shape(['09:30', '12:00'], ['13:00', '16:00']),
  us: shape(['09:30', '16:00']),
  allDay: { segments: [{ start: 0, end: 86_400_000 }] },
} as const satisfies Readonly<Record<string, SessionShape>>

const MINUTE = 60_000

/** Minutes of each segment, in order. */
export function segmentMinutes({ segments }: SessionShape): readonly number[] {
  return segments.map(({ start, end }) => (end - start) / MINUTE)
}

/** Minutes of all segments: the last minute slot. */
export function sessionMinutes(session: SessionShape): number {
  return segmentMinutes(session).reduce((sum, minutes) => sum + minutes, 0)
}

/** The end of a minute slot, its end label: milliseconds after midnight. Slot 0, the opening auction, ends where the session starts. Throws RangeError outside. */
export function slotEnd(session: SessionShape, slot: number): number {
  return slot === 0 ? session.segments[0]!.start : slotStart(session, slot) + MINUTE
}

/** Every minute slot of a session by its end label, milliseconds after midnight. */
export function slotsByEnd(session: SessionShape): ReadonlyMap<number, number> {
  return new Map(Array.from({ length: sessionMinutes(session) + 1 }, (_, slot) => [slotEnd(session, slot), slot]))
}

/** The start of a minute slot, counted from 1 across breaks: milliseconds after midnight. Slot 0 is an instant: it starts where it ends. Throws RangeError outside. */
export function slotStart(session: SessionShape, slot: number): number {
  let left = Math.max(slot - 1, 0) * MINUTE
  if (Number.isInteger(slot) && slot >= 0)
    for (const { start, end } of session.segments) {
      if (left < end - start) return start + left
      left -= end - start
    }
  throw new RangeError(`Cannot place a minute slot: the session has slots 0 to ${sessionMinutes(session)}, found ${slot}`)
}

/** The last calendar day of the week (ISO, Sunday) or month a day lies in: what all days of one weekly or monthly bar share. A day is its own period. */
export function periodEnd(interval: '1d' | '1w' | '1M', date: TradeDate): TradeDate {
  if (interval === '1d') return date
  if (interval === '1w') return dateOfDayNumber(dayNumber(date) + 7 - weekday(date))
  const [year, month] = [Math.floor(date / 10_000), Math.floor(date / 100) % 100]
  const firstOfNext = month === 12 ? (year + 1) * 10_000 + 101 : year * 10_000 + (month + 1) * 100 + 1
  return dateOfDayNumber(dayNumber(firstOfNext as TradeDate) - 1)
}

/** The first calendar day of the period a day lies in. */
export function periodStart(interval: '1d' | '1w' | '1M', date: TradeDate): TradeDate {
  if (interval === '1d') return date
  return interval === '1w' ? dateOfDayNumber(dayNumber(date) + 1 - weekday(date)) : tradeDate(Math.floor(date / 100) * 100 + 1)
}

function shape(...spans: readonly (readonly [start: string, end: string])[]): SessionShape {
  return { segments: spans.map(([start, end]) => ({ start: clockTime(start), end: clockTime(end) })) }
}
