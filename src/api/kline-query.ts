import { readInterval, type Interval } from '#core/kline-interval.ts'
import { PROFILES } from '#core/market-profile.ts'
import { dateOf } from '#core/shanghai-time.ts'
import { marketOf, readSymbol } from '#core/symbol.ts'
import { tradeDate, type EpochMs, type TradeDate } from '#core/trade-date.ts'
import { zoneInstant } from '#core/zone-time.ts'
import { z } from 'zod'
import { tradeDateParam } from './fields.ts'

/** What a bar says, in the order it is said. */
export const KLINE_FIELDS = ['time', 'open', 'high', 'low', 'close', 'volume', 'amount', 'final'] as const

export type KlineField = (typeof KLINE_FIELDS)[number]

const intervalParam = z.string().transform((text, context): Interval => {
  const interval = readInterval(text)
  if (interval !== undefined) return interval
  context.addIssue({ code: 'custom', message: `must be 1m, 5m, 15m, 30m, 60m (1h), 120m (2h), 1d (D), 1w (W) or 1M (M); found ${JSON.stringify(text)}` })
  return z.NEVER
})

/** Symbols of any market separated by commas, each once; more than `most` are refused. */
export function symbolsParam(most: number) {
  return z
    .string()
    .max(most * 12)
    .transform((text, context): readonly string[] => {
      try {
        const codes = [...new Set(text.split(',').map((each) => readSymbol(each)))]
        if (codes.length <= most) return codes
        context.addIssue({ code: 'custom', message: `must be at most ${most} symbols; found ${codes.length}` })
      } catch (error) {
        // Expected: RangeError from readSymbol() on user text.
        context.addIssue({ code: 'custom', message: (error as Error).message })
      }
      return z.NEVER
    })
}

const fieldsParam = z.string().transform((text, context): readonly KlineField[] => {
  const asked = text.split(',').map((name) => name.trim())
  const unknown = asked.find((name) => !(KLINE_FIELDS as readonly string[]).includes(name))
  if (unknown === undefined) return KLINE_FIELDS.filter((name) => asked.includes(name))
  context.addIssue({ code: 'custom', message: `must be some of ${KLINE_FIELDS.join(',')}; found ${JSON.stringify(unknown)}` })
  return z.NEVER
})

/** A session date as a bound: its first or last instant is that of the exchange, which the symbol tells. */
interface SessionBound {
  readonly date: TradeDate
  readonly edge: 'first' | 'last'
}

/** An instant: epoch ms, ISO-8601 with a zone, or a session date, meant from its first or to its last instant. */
function bound(edge: 'first' | 'last') {
  return z
    .string()
    .max(40)
    .transform((text, context): number | SessionBound => {
      const instant = /^\d{10,14}$/.test(text) ? Number(text) : /T.*(?:Z|[+-]\d\d:?\d\d)$/.test(text) ? Date.parse(text) : NaN
      try {
        if (Number.isNaN(instant)) return { date: tradeDate(text), edge }
        tradeDate(dateOf(instant as EpochMs))
        return instant
      } catch {
        // Expected: RangeError from tradeDate() on user text, or an instant of another century.
        context.addIssue({
          code: 'custom',
          message: `must be epoch ms, ISO-8601 with a zone, or YYYY-MM-DD, between 1990 and 2099; found ${JSON.stringify(text)}`,
        })
        return z.NEVER
      }
    })
}

/** What one series of bars is asked by, symbol and paging aside. */
export const seriesParams = {
  interval: intervalParam,
  start: bound('first').optional(),
  end: bound('last').optional(),
  adjust: z.enum(['none', 'qfq', 'hfq']).default('none'),
  adjustVolume: z.enum(['true', 'false']).default('false'),
  /** Absent: as the settings say. */
  label: z.enum(['end', 'start']).optional(),
  auctionBar: z.enum(['merge', 'separate']).default('merge'),
  /** Minutes are counted through the day, or anew after each break: differs in Hong Kong at 60 and 120 minutes. */
  bucketing: z.enum(['day', 'segment']).default('day'),
  format: z.enum(['rows', 'columns']).default('rows'),
  fields: fieldsParam.optional(),
  asof: tradeDateParam.optional(),
}

/** A request for one series, read. */
export interface SeriesRequest {
  readonly symbol: string
  readonly interval: Interval
  readonly limit: number
  /** First and last label, epoch ms, both included. */
  readonly start?: number | undefined
  readonly end?: number | undefined
  readonly adjust: 'none' | 'qfq' | 'hfq'
  readonly adjustVolume: 'true' | 'false'
  readonly label: 'end' | 'start'
  readonly auctionBar: 'merge' | 'separate'
  readonly bucketing: 'day' | 'segment'
  readonly format: 'rows' | 'columns'
  readonly fields?: readonly KlineField[] | undefined
  readonly asof?: number | undefined
}

/** A request as its query says it: bounds may be session dates. */
type Asked = Omit<SeriesRequest, 'start' | 'end'> & { readonly start?: number | SessionBound | undefined; readonly end?: number | SessionBound | undefined }

/** The request with session dates turned into instants of the symbol’s exchange. */
export function settleBounds(asked: Asked): SeriesRequest {
  const settled = (bound: number | SessionBound | undefined) => (typeof bound === 'object' ? edgeOf(bound, asked) : bound)
  return { ...asked, start: settled(asked.start), end: settled(asked.end) }
}

const DAY_MS = 86_400_000

/** Coins have a label at midnight: as an end it belongs to the day before it. */
function edgeOf({ date, edge }: SessionBound, { symbol, label }: Asked): number {
  const market = marketOf(symbol)
  const late = market === 'crypto' && label === 'end' ? 1 : 0
  return zoneInstant(PROFILES[market].zone, date, edge === 'first' ? 0 : DAY_MS - 1) + late
}
