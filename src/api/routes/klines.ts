import { z } from 'zod'
import { known, symbolParam } from '../fields.ts'
import { seriesParams, settleBounds, type SeriesRequest } from '../kline-query.ts'
import { klineStore } from '../kline-stores.ts'
import { defineRoute, Refusal } from '../route.ts'

/** Bars of one series as they are answered; what `fields` leaves out is absent. */
export const klineData = z.object({
  symbol: z.string(),
  interval: z.string(),
  adjust: z.string(),
  label: z.string(),
  /** IANA zone of the exchange: what labels and session dates are of. */
  timezone: z.string(),
  source: z.string(),
  count: z.number(),
  klines: z.union([
    z.array(
      z.object({
        time: z.number(),
        open: z.number(),
        high: z.number(),
        low: z.number(),
        close: z.number(),
        volume: z.number(),
        amount: known,
        final: z.boolean(),
      }),
    ),
    z.object({
      time: z.array(z.number()),
      open: z.array(z.number()),
      high: z.array(z.number()),
      low: z.array(z.number()),
      close: z.array(z.number()),
      volume: z.array(z.number()),
      amount: z.array(known),
      final: z.array(z.boolean()),
    }),
  ]),
  next_cursor: z.string().nullable(),
  prev_cursor: z.string().nullable(),
  latest_time: z.number().nullable(),
})

/** K 线 (spec simulator §18.1): bars of one stock at any interval, in pages that neither repeat nor skip a bar while new ones arrive. */
export const klines = defineRoute({
  path: 'GET /api/klines',
  summary: 'Bars of one symbol, ascending; paging by cursor; adjusted on request',
  query: z.object({
    symbol: symbolParam,
    ...seriesParams,
    limit: z.coerce.number().int().min(1).max(5000).default(200),
    cursor: z.string().max(800).optional(),
  }),
  reply: z.object({ code: z.literal(0), message: z.literal('ok'), data: klineData }),
  maxAge: 0,
  handle({ cursor, label, ...asked }, context) {
    const request = settleBounds({ ...asked, label: label ?? context.barLabel })
    refuseTurned(request)
    return klineStore(context).page({ ...request, label: label ?? context.barLabel }, cursor)
  },
})

/** Throws Refusal when a range ends before it begins. */
export function refuseTurned({ start, end }: Pick<SeriesRequest, 'start' | 'end'>): void {
  if (start !== undefined && end !== undefined && start > end)
    throw new Refusal(422, 'BAD_RANGE', `Cannot show a range that ends before it begins: start ${start} is after end ${end}`, { start, end })
}
