import { slotLabel } from '#core/session.ts'
import { clockTime, instantOf } from '#core/shanghai-time.ts'
import { dayNumber, weekday, type EpochMs, type TradeDate } from '#core/trade-date.ts'
import { minuteBuckets } from '#numeric/minute-buckets.ts'
import { resampleBars } from '#numeric/resample-bars.ts'
import type { QuoteDesk } from './quote-desk.ts'

/** A bar of any interval, unadjusted, in CNY and shares. `at` is its end: the label of its last minute, or the close of its last day. */
export interface ServedBar {
  readonly date: TradeDate
  readonly at: EpochMs
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
  readonly volume: number
  readonly amount: number
}

/** Minutes reach back this many open days, as free vendors keep them. */
export const MINUTE_DAYS = 20

const CLOSE = clockTime('15:00')

/** The daily bars of a stock whose day is over, oldest first. */
export function servedDays(desk: QuoteDesk, code: string, now: EpochMs): readonly ServedBar[] {
  const stock = desk.stock(code)
  if (stock === undefined) return []
  const bars = desk.barsOf(stock)
  const out: ServedBar[] = []
  for (let day = 0; day <= desk.lastDone(now); day++) {
    if (!(bars.volume[day]! > 0)) continue
    const date = desk.world.dates[day]!
    out.push({
      date,
      at: instantOf(date, CLOSE),
      open: bars.open[day]! / 1000,
      high: bars.high[day]! / 1000,
      low: bars.low[day]! / 1000,
      close: bars.close[day]! / 1000,
      volume: bars.volume[day]!,
      amount: bars.amount[day]! / 1000,
    })
  }
  return out
}

/** Bars of n minutes, of the minutes that have ended; `from` and `to` bound the trade dates. The opening auction is part of the first one. */
export function servedMinutes(desk: QuoteDesk, code: string, minutes: number, from: number, to: number, now: EpochMs): readonly ServedBar[] {
  const today = desk.dateAt(now)
  const last = today === undefined ? -1 : desk.world.dayOf.get(today)!
  const out: ServedBar[] = []
  for (let day = Math.max(0, last - MINUTE_DAYS + 1); day <= last; day++) {
    const date = desk.world.dates[day]!
    const known = date < from || date > to ? undefined : desk.minutes(code, date, now)
    if (known === undefined || known.slots === 0) continue
    const { bars, slots } = known
    const prices = (column: Int32Array) => Float64Array.from(column.subarray(0, slots))
    const folded = resampleBars(
      {
        day: new Int32Array(slots).fill(date),
        slot: Int32Array.from({ length: slots }, (_, slot) => slot),
        open: prices(bars.open),
        high: prices(bars.high),
        low: prices(bars.low),
        close: prices(bars.close),
        volume: bars.volume.subarray(0, slots),
        amount: bars.amount.subarray(0, slots),
        trades: new Float64Array(slots),
      },
      minuteBuckets([120, 120], minutes),
    )
    for (let k = 0; k < folded.slot.length; k++)
      out.push({
        date,
        at: instantOf(date, slotLabel(folded.slot[k]!)),
        open: folded.open[k]! / 1000,
        high: folded.high[k]! / 1000,
        low: folded.low[k]! / 1000,
        close: folded.close[k]! / 1000,
        volume: folded.volume[k]!,
        amount: folded.amount[k]! / 1000,
      })
  }
  return out
}

/** Daily bars put together by calendar week or month, labelled by the last day in each so far. */
export function servedPeriods(days: readonly ServedBar[], period: 'week' | 'month'): readonly ServedBar[] {
  const keyOf = ({ date }: ServedBar) => (period === 'month' ? Math.floor(date / 100) : dayNumber(date) - ((weekday(date) + 6) % 7))
  return [...Map.groupBy(days, keyOf).values()].map((part) => ({
    ...part.at(-1)!,
    open: part[0]!.open,
    high: Math.max(...part.map(({ high }) => high)),
    low: Math.min(...part.map(({ low }) => low)),
    volume: part.reduce((sum, { volume }) => sum + volume, 0),
    amount: part.reduce((sum, { amount }) => sum + amount, 0),
  }))
}
