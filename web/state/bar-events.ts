import { confidenceOn, marketCalendar } from '#core/market-day.ts'
import type { Market } from '#core/market-profile.ts'
import type { TradeDate } from '#core/trade-date.ts'
import type { StockReply } from '../api.ts'

/** What happened between a bar and the one before it. */
export type BarEvent =
  /** 除权除息: prices of the bars before are on another scale. Cash in CNY and bonus shares per share held; undefined where not known. */
  | { readonly index: number; readonly kind: 'ex-right'; readonly cash: number | undefined; readonly bonus: number | undefined }
  /** 停牌: so many market days without a bar. */
  | { readonly index: number; readonly kind: 'suspended'; readonly days: number }
  /** 财报: a report on the time up to `period` (YYYYMMDD) was announced. */
  | { readonly index: number; readonly kind: 'report'; readonly period: number }

/** What the events of a series of bars are found in. */
interface EventSources {
  /** Whose closures are known: a suspension is a market day without a bar. */
  readonly market: Market
  /** Trade dates of the bars, YYYYMMDD, ascending; minutes of a day share theirs. */
  readonly days: readonly number[]
  /** Whether a day without a bar can be seen: not within a week or a month. */
  readonly seesDays: boolean
  readonly factorOn: (day: number) => number | undefined
  readonly stock: Pick<StockReply, 'dividends' | 'reports'> | undefined
}

/** 除权 where the factor changes or a dividend is known, 停牌 where market days are missing, 财报 at the first bar that could know it. */
export function barEvents({ market, days, seesDays, factorOn, stock }: EventSources): readonly BarEvent[] {
  return days.flatMap((day, index): BarEvent[] => {
    const before = days[index - 1]
    if (before === undefined || before === day) return []
    const isSince = ({ date }: { readonly date: number }) => date > before && date <= day
    const change = quotient(factorOn(day), factorOn(before))
    const dividends = stock?.dividends.filter(isSince) ?? []
    const isEx = dividends.length > 0 || (change !== undefined && Math.abs(change - 1) > 1e-6)
    const isKnown = [before, day].every((each) => confidenceOn(market, each as TradeDate) === 'settled')
    const missing = seesDays && isKnown ? marketCalendar(market).between(before as TradeDate, day as TradeDate) - 1 : 0
    return [
      ...(isEx
        ? [{ index, kind: 'ex-right' as const, cash: total(dividends.map(({ cash }) => cash)), bonus: total(dividends.map(({ bonus }) => bonus)) }]
        : []),
      ...(missing > 0 ? [{ index, kind: 'suspended' as const, days: missing }] : []),
      ...(stock?.reports.filter(isSince) ?? []).map(({ period }) => ({ index, kind: 'report' as const, period })),
    ]
  })
}

/** Tells the events of a chart apart: an annual and a quarterly report often come on one day. */
export function eventKey(event: BarEvent): string {
  return `${event.index} ${event.kind}${event.kind === 'report' ? ` ${event.period}` : ''}`
}

/** The sum of what is known; undefined when nothing is, or nothing was given. */
function total(values: readonly (number | null)[]): number | undefined {
  const sum = values.reduce<number>((before, value) => before + (value ?? 0), 0)
  return sum > 0 ? sum : undefined
}

function quotient(above: number | undefined, below: number | undefined): number | undefined {
  return above === undefined || below === undefined || below === 0 ? undefined : above / below
}
