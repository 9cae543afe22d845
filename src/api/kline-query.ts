import { readCode, type Code } from '#core/code.ts'
import { readInterval, type Interval } from '#core/kline-interval.ts'
import { dateOf, instantOf } from '#core/shanghai-time.ts'
import { tradeDate, type EpochMs } from '#core/trade-date.ts'
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

/** Codes separated by commas, each once; more than `most` are refused. */
export function codesParam(most: number) {
  return z
    .string()
    .max(most * 12)
    .transform((text, context): readonly Code[] => {
      try {
        const codes = [...new Set(text.split(',').map((each) => readCode(each)))]
        if (codes.length <= most) return codes
        context.addIssue({ code: 'custom', message: `must be at most ${most} symbols; found ${codes.length}` })
      } catch (error) {
        // Expected: RangeError from readCode() on user text.
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

/** An instant: epoch ms, ISO-8601 with a zone, or a session date, meant from its first or to its last instant. */
function bound(edge: 'first' | 'last') {
  return z
    .string()
    .max(40)
    .transform((text, context): number => {
      const instant = /^\d{10,14}$/.test(text) ? Number(text) : /T.*(?:Z|[+-]\d\d:?\d\d)$/.test(text) ? Date.parse(text) : NaN
      try {
        if (Number.isNaN(instant)) return instantOf(tradeDate(text), 0) + (edge === 'first' ? 0 : 86_399_999)
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
  /** Minutes are counted through the breaks, or anew in each segment (spec simulator §17.3). */
  readonly bucketing: 'day' | 'segment'
  readonly format: 'rows' | 'columns'
  readonly fields?: readonly KlineField[] | undefined
  readonly asof?: number | undefined
}
