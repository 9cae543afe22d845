import { z } from 'zod'
import { EncodedReply } from '../kline-encoded.ts'
import { seriesParams, settleBounds, symbolsParam } from '../kline-query.ts'
import { klineStore } from '../kline-stores.ts'
import { defineRoute, Refusal } from '../route.ts'
import { klineData, refuseTurned } from './klines.ts'

const MOST_SYMBOLS = 50

const MOST_BARS = 50_000

/** 多股 K 线: the same bars of up to fifty stocks in one reply, in the order asked; stocks nobody knows are named apart. Each series pages by its own cursor. */
export const klinesBatch = defineRoute({
  path: 'GET /api/klines/batch',
  summary: 'Bars of up to 50 symbols at one interval',
  query: z.object({ symbols: symbolsParam(MOST_SYMBOLS), ...seriesParams, limit: z.coerce.number().int().min(1).max(5000).default(200) }),
  reply: z.object({
    code: z.literal(0),
    message: z.literal('ok'),
    data: z.object({ count: z.number(), series: z.array(klineData), unknown: z.array(z.string()) }),
  }),
  maxAge: 0,
  async handle({ symbols, label, ...asked }, context) {
    const requests = symbols.map((symbol) => settleBounds({ ...asked, label: label ?? context.barLabel, symbol }))
    for (const request of requests) refuseTurned(request)
    if (symbols.length * asked.limit > MOST_BARS)
      throw new Refusal(
        422,
        'RANGE_TOO_LARGE',
        `Cannot answer ${symbols.length} symbols with ${asked.limit} bars each: ${MOST_BARS} bars are the most. Ask for fewer at a time`,
      )
    const store = klineStore(context)
    const pages = await Promise.all(requests.map((request) => store.page(request).catch(unlessUnknown)))
    const found = pages.filter((page) => page !== undefined)
    const unknown = symbols.filter((_, i) => pages[i] === undefined)
    const cacheControl = found.some((page) => page.cacheControl === 'private, max-age=1') ? 'private, max-age=1' : 'private, no-cache'
    return new EncodedReply(
      `{"count":${found.length},"series":[${found.map(({ data }) => data).join(',')}],"unknown":${JSON.stringify(unknown)}}`,
      cacheControl,
    )
  },
})

function unlessUnknown(error: unknown): undefined {
  if (error instanceof Refusal && error.code === 'SYMBOL_NOT_FOUND') return undefined
  throw error
}
