import { minutesOf, periodEnd, segmentMinutes, slotEnd, slotStart, type SessionShape } from '#core/kline-interval.ts'
import { closeInstant, marketCalendar, minutesOn, openInstant, sessionOn } from '#core/market-day.ts'
import { PROFILES, type Market } from '#core/market-profile.ts'
import { clockTime } from '#core/shanghai-time.ts'
import type { TradeDate } from '#core/trade-date.ts'
import { zoneInstant } from '#core/zone-time.ts'
import { firstAbove } from '#numeric/first-place.ts'
import { BAR_COLUMNS, emptyBars, foldBars, wholeBar, type Bars } from '#numeric/fold-bars.ts'
import { minuteBuckets, type MinuteBuckets } from '#numeric/minute-buckets.ts'
import { resampleBars, type MinuteBars } from '#numeric/resample-bars.ts'
import type { LiveDay } from '#stream/forming-bars.ts'
import type { FactorHistory } from './kline-history.ts'
import type { SeriesRequest } from './kline-query.ts'

/** Bars as they are answered, oldest first. */
export interface Series {
  /** The last instant the bar's bucket can reach, epoch ms: what pages are cut by. It stays while the label of a week moves. */
  readonly key: Float64Array
  /** The label asked for, epoch ms. */
  readonly time: Float64Array
  readonly bars: Bars
  readonly final: Uint8Array
}

/** How bars are to be made; the market decides sessions and zone. */
export type How = Pick<SeriesRequest, 'interval' | 'adjust' | 'adjustVolume' | 'label' | 'auctionBar' | 'bucketing'> & { readonly market: Market }

/** The opening auction's bar begins with its matching: 09:25 in Shanghai, elsewhere its last instant. */
const SHANGHAI_AUCTION = clockTime('09:25')

/** Daily, weekly or monthly bars: adjusted first, folded then, labelled by the last trading day in them (spec simulator §17.5). */
export function dailySeries(daily: Bars & { readonly date: ArrayLike<number> }, factors: FactorHistory | undefined, how: How, known: Known): Series {
  const interval = how.interval as '1d' | '1w' | '1M'
  const adjusted = adjustedBars(daily, daily.date, factors, how, known.reference)
  const ends = Int32Array.from({ length: daily.date.length }, (_, i) => periodEnd(interval, daily.date[i] as TradeDate))
  const starts: number[] = []
  for (let i = 0; i < ends.length; i++) if (i === 0 || ends[i] !== ends[i - 1]) starts.push(i)
  const lasts = starts.map((_, k) => (starts[k + 1] ?? ends.length) - 1)
  return {
    key: Float64Array.from(starts, (i) => closeInstant(how.market, ends[i] as TradeDate)),
    time: Float64Array.from(lasts, (i) => (how.label === 'end' ? closeInstant : openInstant)(how.market, daily.date[i] as TradeDate)),
    bars: interval === '1d' ? adjusted : foldBars(adjusted, [...starts, ends.length]),
    final: Uint8Array.from(starts, (i, k) =>
      isOver(how.market, ends[i] as TradeDate, known.lastCompleted) && !isLive(how.market, daily.date[lasts[k]!]!, known.live) ? 1 : 0,
    ),
  }
}

/** Minute bars of n minutes; the day that is live is final up to the minute that is over. */
export function minuteSeries(rows: MinuteBars, factors: FactorHistory | undefined, how: How, known: Known): Series {
  const minutes = minutesOf(how.interval)!
  const folded = isSeparate(how) ? rows : resampleBars(rows, (day) => bucketsOf(sessionOn(how.market, day as TradeDate), minutes, how.bucketing))
  const length = folded.slot.length
  const key = new Float64Array(length)
  let [day, midnight, session] = [0, 0, PROFILES[how.market].session]
  for (let k = 0; k < length; k++) {
    if (folded.day[k] !== day) {
      day = folded.day[k]!
      session = sessionOn(how.market, day as TradeDate)
      midnight = midnightOf(how.market, day as TradeDate)
    }
    key[k] = midnight + slotEnd(session, folded.slot[k]!)
  }
  return {
    key,
    time: how.label === 'end' ? key : Float64Array.from({ length }, (_, k) => labelOf(how, folded.day[k] as TradeDate, folded.slot[k]!)),
    bars: adjustedBars(folded, folded.day, factors, how, known.reference),
    final: Uint8Array.from(key, (_, k) => (known.live === undefined || folded.day[k] !== known.live.date || folded.slot[k]! <= known.live.passed ? 1 : 0)),
  }
}

/** The label of the bar a minute slot lies in: its end, or the start of its first minute. */
export function labelOf(how: Omit<How, 'adjust' | 'adjustVolume'>, date: TradeDate, slot: number): number {
  const session = sessionOn(how.market, date)
  const midnight = midnightOf(how.market, date)
  if (isSeparate(how)) {
    const start = slot === 0 && how.market === 'cn' ? SHANGHAI_AUCTION : slotStart(session, slot)
    return midnight + (how.label === 'end' ? slotEnd(session, slot) : start)
  }
  const { ofSlot, firstSlot, lastSlot } = bucketsOf(session, minutesOf(how.interval)!, how.bucketing)
  const bucket = ofSlot[slot]!
  return midnight + (how.label === 'end' ? slotEnd(session, lastSlot[bucket]!) : slotStart(session, firstSlot[bucket]!))
}

/** What the times of day of a session count from: no session spans a change of clocks. */
export function midnightOf(market: Market, date: TradeDate): number {
  const { start } = PROFILES[market].session.segments[0]!
  return zoneInstant(PROFILES[market].zone, date, start) - start
}

/** The opening auction as a bar of its own: only among bars of one minute. */
function isSeparate({ interval, auctionBar }: Pick<How, 'interval' | 'auctionBar'>): boolean {
  return interval === '1m' && auctionBar === 'separate'
}

const buckets = new WeakMap<SessionShape, Map<string, MinuteBuckets>>()

function bucketsOf(session: SessionShape, minutes: number, counting: 'day' | 'segment'): MinuteBuckets {
  return buckets
    .getOrInsertComputed(session, () => new Map())
    .getOrInsertComputed(`${counting} ${minutes}`, () => minuteBuckets(segmentMinutes(session), minutes, counting))
}

/** The rows of a live day behind those of the warehouse. */
export function withLive(rows: MinuteBars, live: LiveDay | undefined): MinuteBars {
  if (live === undefined) return rows
  const count = rows.slot.length + live.bars.slot.length
  const bars = emptyBars(count)
  for (const name of BAR_COLUMNS) {
    bars[name].set(rows[name])
    bars[name].set(live.bars[name], rows.slot.length)
  }
  const day = new Int32Array(count).fill(live.date)
  day.set(rows.day)
  const slot = new Int32Array(count)
  slot.set(rows.slot)
  slot.set(live.bars.slot, rows.slot.length)
  return { day, slot, ...bars }
}

/** A live day as one bar behind the daily ones. */
export function withLiveDay<Daily extends Bars & { readonly date: ArrayLike<number> }>(daily: Daily, live: LiveDay | undefined) {
  if (live === undefined) return daily
  const today = wholeBar(live.bars)
  const add = (name: keyof Bars) => Float64Array.of(...daily[name], today[name])
  return {
    date: Int32Array.of(...Array.from(daily.date), live.date),
    open: add('open'),
    high: add('high'),
    low: add('low'),
    close: add('close'),
    volume: add('volume'),
    amount: add('amount'),
    trades: add('trades'),
  }
}

/** What decides the numbers beside the bars themselves. */
export interface Known {
  /** 前复权 refers to the last factor not after this date; 0 or absent = the latest. */
  readonly reference: number
  readonly lastCompleted: TradeDate
  readonly live: LiveDay | undefined
}

/** The row of the last factor not after a date; the first one for days before it, -1 when there is none. */
export function factorRow({ date }: FactorHistory, day: number): number {
  return date.length === 0 ? -1 : Math.max(0, firstAbove(date, day) - 1)
}

/** 复权: prices times the day's factor (hfq), over the factor of reference (qfq); volume the other way when asked; amounts never (spec simulator §18.1). */
function adjustedBars(bars: Bars, dates: ArrayLike<number>, factors: FactorHistory | undefined, how: How, reference: number): Bars {
  if (how.adjust === 'none' || factors === undefined || factors.date.length === 0) return bars
  const base = how.adjust === 'hfq' ? 1 : factors.factor[factorRow(factors, reference === 0 ? 99_999_999 : reference)]!
  const scale = Float64Array.from({ length: dates.length }, (_, i) => factors.factor[factorRow(factors, dates[i]!)]! / base)
  const priced = (column: Float64Array) => column.map((value, i) => value * scale[i]!)
  return {
    open: priced(bars.open),
    high: priced(bars.high),
    low: priced(bars.low),
    close: priced(bars.close),
    volume: how.adjustVolume === 'true' ? bars.volume.map((value, i) => value / scale[i]!) : bars.volume,
    amount: bars.amount,
    trades: bars.trades,
  }
}

/** Whether a day is that of a session which is not over: a session may run at any hour of the clock when its market is simulated. */
function isLive(market: Market, date: number, live: LiveDay | undefined): boolean {
  return live !== undefined && live.date === date && live.passed < minutesOn(market, live.date)
}

/** Whether no session is left between the last completed one and the end of a period. */
function isOver(market: Market, end: TradeDate, lastCompleted: TradeDate): boolean {
  return end <= lastCompleted || marketCalendar(market).next(lastCompleted) > end
}
