import { dateOf } from '#core/shanghai-time.ts'
import { formatDate, type EpochMs, type TradeDate } from '#core/trade-date.ts'
import type { Reply, StockReply } from '../api.ts'
import type { Adjust } from './page-search.ts'

type KlineData = Reply<'GET /api/klines'>['data']

/** Bars as columns, as `format=columns` answers. */
export type KlineColumns = Exclude<KlineData['klines'], readonly unknown[]>

type Series = readonly (number | undefined)[]

/** Everything the stock chart draws, one entry per bar, joined by session date; undefined where nothing is known. Prices in the chosen adjustment. */
export interface ChartFrame {
  /** Session dates as `2026-01-05`: a business day, not an instant, so no time zone can move it. */
  readonly day: readonly string[]
  readonly open: readonly number[]
  readonly high: readonly number[]
  readonly low: readonly number[]
  readonly close: readonly number[]
  /** Close over the close before it on one price scale, so an ex-date is no fall; undefined on the first bar. */
  readonly change: Series
  readonly volume: readonly number[]
  readonly amount: Series
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
 */
export function chartFrame(bars: KlineColumns, stock: StockReply | undefined, adjust: Adjust): ChartFrame {
  const days = bars.time.map((at) => dateOf(at as EpochMs) as number)
  const band = rowsByDate(stock?.bollinger.date)
  const flow = rowsByDate(stock?.micro.date)
  const factors = stock?.bollinger.adjFactor ?? []
  const reference = factors.findLast((factor) => factor !== null) ?? undefined

  const factorOn = (day: number) => at(factors, band.get(day))
  const scaleOn = (day: number) => (adjust === 'none' ? 1 : adjust === 'hfq' ? factorOn(day) : quotient(factorOn(day), reference))
  const banded = (column: readonly (number | null)[] | undefined): Series => days.map((day) => product(at(column, band.get(day)), scaleOn(day)))
  const flowed = (column: readonly (number | null)[] | undefined): Series => days.map((day) => at(column, flow.get(day)))

  return {
    day: days.map((day) => formatDate(day as TradeDate)),
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
    mid: banded(stock?.bollinger.mid),
    upper: banded(stock?.bollinger.upper),
    lower: banded(stock?.bollinger.lower),
    bigNet: flowed(stock?.micro.bigNet),
    bigNetOpen: flowed(stock?.micro.bigNetOpen),
    bigNetMid: flowed(stock?.micro.bigNetMid),
    bigNetClose: flowed(stock?.micro.bigNetClose),
    lastTraded: adjust === 'none' || bars.close.length === 0 ? bars.close.at(-1) : quotient(bars.close.at(-1), scaleOn(days.at(-1)!)),
    flowQuality: days.map((day) => at(stock?.micro.quality, flow.get(day))),
  }
}

/** Pages of bars, oldest first, as one. */
export function joinBars(pages: readonly KlineColumns[]): KlineColumns {
  return {
    time: pages.flatMap(({ time }) => time),
    open: pages.flatMap(({ open }) => open),
    high: pages.flatMap(({ high }) => high),
    low: pages.flatMap(({ low }) => low),
    close: pages.flatMap(({ close }) => close),
    volume: pages.flatMap(({ volume }) => volume),
    amount: pages.flatMap(({ amount }) => amount),
    final: pages.flatMap(({ final }) => final),
  }
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
