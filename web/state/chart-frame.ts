import { minutesOf, type Interval } from '#core/kline-interval.ts'
import { confidenceOn, marketCalendar } from '#core/market-day.ts'
import { PROFILES, type Market } from '#core/market-profile.ts'
import { formatClock } from '#core/shanghai-time.ts'
import { formatDate, type EpochMs, type TradeDate } from '#core/trade-date.ts'
import { zoneDate, zoneTimeOfDay, type Zone } from '#core/zone-time.ts'
import type { Reply, StockReply } from '../api.ts'
import { bollingerLines, MA_PERIODS, movingMean } from './moving-lines.ts'
import type { Adjust } from './page-search.ts'

type KlineData = Reply<'GET /api/klines'>['data']

/** Bars as columns, as `format=columns` answers. */
export type KlineColumns = Exclude<KlineData['klines'], readonly unknown[]>

type Series = readonly (number | undefined)[]

/** What happened between a bar and the one before it. */
export interface BarEvent {
  readonly index: number
  /** 除权: prices of the bars before are on another scale. 停牌: market days without a bar. */
  readonly kind: 'ex-right' | 'suspended'
  /** Market days without a bar; 0 for an ex-date. */
  readonly days: number
}

/** Everything the stock chart draws, one entry per bar, joined by session date; undefined where nothing is known. Prices in the chosen adjustment. */
export interface ChartFrame {
  readonly interval: Interval
  /** Decides the zone of the labels and the currency. */
  readonly market: Market
  /** Big-order net belongs to the chart: on the day chart of an A share, whether known of a day or not. */
  readonly hasFlow: boolean
  /** End labels, epoch ms. */
  readonly time: readonly number[]
  /** Labels in exchange time: `2026-01-05`, for minutes `2026-01-05 09:35`. Not an instant, so no time zone can move it. */
  readonly day: readonly string[]
  readonly open: readonly number[]
  readonly high: readonly number[]
  readonly low: readonly number[]
  readonly close: readonly number[]
  /** Close over the close before it on one price scale, so an ex-date is no fall; undefined on the first bar. */
  readonly change: Series
  readonly volume: readonly number[]
  readonly amount: Series
  /** 均线 by period: 5, 10, 20, 60 bars. */
  readonly means: readonly Series[]
  readonly events: readonly BarEvent[]
  /** The newest bar is not over. */
  readonly isForming: boolean
  readonly mid: Series
  readonly upper: Series
  readonly lower: Series
  readonly bigNet: Series
  readonly bigNetOpen: Series
  readonly bigNetMid: Series
  readonly bigNetClose: Series
  /** The newest close as it was traded, CNY: the same under every adjustment. */
  readonly lastTraded: number | undefined
  /** 数据质量 of the tick summary of the day: GOOD, FAIR, …; undefined without ticks. */
  readonly flowQuality: readonly (string | undefined)[]
}

/**
 * Join bars, bands and order flow. Bars come adjusted; bands come on the traded scale of their own day (spec bollinger §1) and are
 * rescaled here: × factor for hfq, × factor ÷ latest factor for qfq. A day without a factor has no band, except unadjusted.
 * Other intervals than the day have the bands of their own bars and no order flow.
 */
export function chartFrame(bars: KlineColumns, stock: StockReply | undefined, adjust: Adjust, interval: Interval = '1d', market: Market = 'cn'): ChartFrame {
  const { zone } = PROFILES[market]
  // A bar that ends at midnight is of the day before it.
  const days = bars.time.map((at) => zoneDate(zone, (at - 1) as EpochMs) as number)
  const band = rowsByDate(stock?.bollinger.date)
  const isDaily = interval === '1d'
  const isMinutes = minutesOf(interval) !== undefined
  const flow = rowsByDate(isDaily ? stock?.micro.date : [])
  const factors = stock?.bollinger.adjFactor ?? []
  const reference = factors.findLast((factor) => factor !== null) ?? undefined

  const factorOn = (day: number) => at(factors, band.get(day))
  const scaleOn = (day: number) => (adjust === 'none' ? 1 : adjust === 'hfq' ? factorOn(day) : quotient(factorOn(day), reference))
  const banded = (column: readonly (number | null)[] | undefined): Series => days.map((day) => product(at(column, band.get(day)), scaleOn(day)))
  const flowed = (column: readonly (number | null)[] | undefined): Series => days.map((day) => at(column, flow.get(day)))
  // Of other markets there is no table of bands: they are those of the bars, as on other intervals.
  const bands =
    isDaily && market === 'cn'
      ? { mid: banded(stock?.bollinger.mid), upper: banded(stock?.bollinger.upper), lower: banded(stock?.bollinger.lower) }
      : bollingerLines(bars.close)

  return {
    interval,
    market,
    hasFlow: isDaily && market === 'cn',
    time: bars.time,
    day: days.map((day, i) => (isMinutes ? formatLabel(zone, bars.time[i] as EpochMs) : formatDate(day as TradeDate))),
    open: bars.open,
    high: bars.high,
    low: bars.low,
    close: bars.close,
    change: bars.close.map((close, i) => {
      if (i === 0) return undefined
      const rescale = adjust === 'none' ? (quotient(factorOn(days[i]!), factorOn(days[i - 1]!)) ?? 1) : 1
      return (close * rescale) / bars.close[i - 1]! - 1
    }),
    volume: bars.volume,
    amount: bars.amount.map((amount) => amount ?? undefined),
    means: MA_PERIODS.map((period) => movingMean(bars.close, period)),
    events: eventsOf(market, days, factorOn, isDaily || isMinutes),
    isForming: bars.final.at(-1) === false,
    ...bands,
    bigNet: flowed(stock?.micro.bigNet),
    bigNetOpen: flowed(stock?.micro.bigNetOpen),
    bigNetMid: flowed(stock?.micro.bigNetMid),
    bigNetClose: flowed(stock?.micro.bigNetClose),
    lastTraded: adjust === 'none' || bars.close.length === 0 ? bars.close.at(-1) : quotient(bars.close.at(-1), scaleOn(days.at(-1)!)),
    flowQuality: days.map((day) => at(stock?.micro.quality, flow.get(day))),
  }
}

/** `2026-01-05 09:35` on the wall clock of a zone. */
function formatLabel(zone: Zone, at: EpochMs): string {
  return `${formatDate(zoneDate(zone, at))} ${formatClock(zoneTimeOfDay(zone, at)).slice(0, 5)}`
}

/** 除权 where the factor changes, 停牌 where market days are missing; within a week or month days are not seen, nor where closures are not known. */
function eventsOf(market: Market, days: readonly number[], factorOn: (day: number) => number | undefined, seesDays: boolean): readonly BarEvent[] {
  return days.flatMap((day, index): BarEvent[] => {
    const before = days[index - 1]
    if (before === undefined || before === day) return []
    const change = quotient(factorOn(day), factorOn(before))
    const isKnown = [before, day].every((each) => confidenceOn(market, each as TradeDate) === 'settled')
    const missing = seesDays && isKnown ? marketCalendar(market).between(before as TradeDate, day as TradeDate) - 1 : 0
    return [
      ...(change !== undefined && Math.abs(change - 1) > 1e-6 ? [{ index, kind: 'ex-right' as const, days: 0 }] : []),
      ...(missing > 0 ? [{ index, kind: 'suspended' as const, days: missing }] : []),
    ]
  })
}

function rowsByDate(dates: readonly number[] = []): ReadonlyMap<number, number> {
  return new Map(dates.map((date, row) => [date, row]))
}

function at<T>(column: readonly (T | null)[] | undefined, row: number | undefined): T | undefined {
  return row === undefined ? undefined : (column?.[row] ?? undefined)
}

function quotient(above: number | undefined, below: number | undefined): number | undefined {
  return above === undefined || below === undefined || below === 0 ? undefined : above / below
}

function product(value: number | undefined, scale: number | undefined): number | undefined {
  return value === undefined || scale === undefined ? undefined : value * scale
}
