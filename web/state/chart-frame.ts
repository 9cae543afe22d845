import { minutesOf, type Interval } from '#core/kline-interval.ts'
import { PROFILES, type Market } from '#core/market-profile.ts'
import { formatClock } from '#core/shanghai-time.ts'
import { formatDate, type EpochMs, type TradeDate } from '#core/trade-date.ts'
import { zoneDate, zoneTimeOfDay, type Zone } from '#core/zone-time.ts'
import type { Reply, StockReply } from '../api.ts'
import { barEvents, type BarEvent } from './bar-events.ts'
import { indicatorColumns, type Indicator, type IndicatorColumns } from './indicators.ts'
import { bollingerLines, MA_PERIODS, movingMean } from './moving-lines.ts'
import type { Adjust } from './page-search.ts'

type KlineData = Reply<'GET /api/klines'>['data']

/** Bars as columns, as `format=columns` answers. */
export type KlineColumns = Exclude<KlineData['klines'], readonly unknown[]>

type Series = readonly (number | undefined)[]

/** Everything the stock chart draws, one entry per bar, joined by session date; undefined where nothing is known. Prices in the chosen adjustment. */
export interface ChartFrame {
  readonly interval: Interval
  /** Decides the zone of the labels and the currency. */
  readonly market: Market
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
  /** 换手率: volume over the floating shares of the bar's last day, a fraction. */
  readonly turnover: Series
  /** 均线 by period: 5, 10, 20, 60 bars. */
  readonly means: readonly Series[]
  readonly events: readonly BarEvent[]
  /** What the pane of its own shows; undefined = none was asked for. */
  readonly indicator: IndicatorColumns | undefined
  /** Whether the chart has order flow to draw: on the day chart of an A share, unless it is known to have none. */
  readonly hasFlow: boolean
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
export function chartFrame(
  bars: KlineColumns,
  stock: StockReply | undefined,
  adjust: Adjust,
  interval: Interval = '1d',
  { indicator, market = 'cn' }: { readonly indicator?: Indicator | undefined; readonly market?: Market } = {},
): ChartFrame {
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
  // The session's day has no factor of its own yet: it has that of the day before.
  const newestScale = adjust === 'hfq' ? reference : quotient(reference, reference)
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
    hasFlow: isDaily && market === 'cn' && (stock === undefined || stock.micro.date.length > 0),
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
    turnover: turnovers(days, bars.volume, stock?.shares),
    means: MA_PERIODS.map((period) => movingMean(bars.close, period)),
    events: barEvents({ market, days, seesDays: isDaily || isMinutes, factorOn, stock }),
    indicator: indicator === undefined ? undefined : indicatorColumns(indicator, bars),
    isForming: bars.final.at(-1) === false,
    ...bands,
    bigNet: flowed(stock?.micro.bigNet),
    bigNetOpen: flowed(stock?.micro.bigNetOpen),
    bigNetMid: flowed(stock?.micro.bigNetMid),
    bigNetClose: flowed(stock?.micro.bigNetClose),
    lastTraded: adjust === 'none' || bars.close.length === 0 ? bars.close.at(-1) : quotient(bars.close.at(-1), scaleOn(days.at(-1)!) ?? newestScale),
    flowQuality: days.map((day) => at(stock?.micro.quality, flow.get(day))),
  }
}

/** `2026-01-05 09:35` on the wall clock of a zone. */
function formatLabel(zone: Zone, at: EpochMs): string {
  return `${formatDate(zoneDate(zone, at))} ${formatClock(zoneTimeOfDay(zone, at)).slice(0, 5)}`
}

/** A day without share capital of its own, such as today's, has that of the day before. */
function turnovers(days: readonly number[], volume: readonly number[], shares: StockReply['shares'] | undefined): Series {
  if (shares === undefined) return days.map(() => undefined)
  let row = -1
  let floating: number | undefined
  return days.map((day, i) => {
    while (row + 1 < shares.date.length && shares.date[row + 1]! <= day) floating = shares.floatShares[++row] ?? floating
    return quotient(volume[i], floating)
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
