import { numbers } from '#core/frame.ts'
import { dateOf, instantOf } from '#core/shanghai-time.ts'
import { tradeDate, type EpochMs, type TradeDate } from '#core/trade-date.ts'
import { z } from 'zod'
import { codeParam, known, tradeDateParam } from '../fields.ts'
import { decodeCursor, encodeCursor } from '../kline-cursor.ts'
import { defineRoute, Refusal, type RouteContext } from '../route.ts'

const CLOSE_OF_DAY = 15 * 3_600_000

/** Epoch ms, ISO-8601 with a zone, or a session date: all become the trade date the bound falls on. */
const bound = z
  .string()
  .max(40)
  .transform((text, context): TradeDate => {
    const instant = /^\d{10,}$/.test(text) ? Number(text) : /T.*(?:Z|[+-]\d\d:?\d\d)$/.test(text) ? Date.parse(text) : NaN
    try {
      return Number.isNaN(instant) ? tradeDate(text) : dateOf(instant as EpochMs)
    } catch {
      // Expected: RangeError from tradeDate() on user text.
      context.addIssue({ code: 'custom', message: `must be epoch ms, ISO-8601 with a zone, or YYYY-MM-DD; found ${JSON.stringify(text)}` })
      return z.NEVER
    }
  })

const fieldNames = ['time', 'open', 'high', 'low', 'close', 'volume', 'amount', 'final'] as const

/** K 线 (spec simulator §18): daily bars for now; other intervals answer 422 until the k-line store stands. */
export const klines = defineRoute({
  path: 'GET /api/klines',
  summary: 'Bars of one symbol, ascending; paging by cursor; adjusted on request',
  query: z.object({
    symbol: codeParam,
    interval: z.string().max(8),
    limit: z.coerce.number().int().min(1).max(5000).default(200),
    start: bound.optional(),
    end: bound.optional(),
    adjust: z.enum(['none', 'qfq', 'hfq']).default('none'),
    adjustVolume: z.enum(['true', 'false']).default('false'),
    label: z.enum(['end', 'start']).default('end'),
    cursor: z.string().max(400).optional(),
    format: z.enum(['rows', 'columns']).default('rows'),
    asof: tradeDateParam.optional(),
  }),
  reply: z.object({
    code: z.literal(0),
    message: z.literal('ok'),
    data: z.object({
      symbol: z.string(),
      interval: z.string(),
      adjust: z.string(),
      label: z.string(),
      timezone: z.literal('Asia/Shanghai'),
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
    }),
  }),
  maxAge: 0,
  async handle(query, context) {
    const interval = aliases[query.interval] ?? query.interval
    if (interval !== '1d') {
      throw new Refusal(422, 'INTERVAL_NOT_STORED', `Cannot serve ${query.interval} bars: this build keeps daily bars. Ask for interval=1d`, {
        parameter: 'interval',
      })
    }
    if (query.start !== undefined && query.end !== undefined && query.start > query.end)
      throw new Refusal(422, 'BAD_RANGE', `start ${query.start} is after end ${query.end}`)
    const cursor = query.cursor === undefined ? undefined : decodeCursor(query.cursor, query.symbol, query.adjust)
    if (cursor === 'bad') throw new Refusal(400, 'BAD_PARAM', 'cursor was not issued by this API for this symbol and adjustment', { parameter: 'cursor' })
    const forward = cursor === undefined ? query.start !== undefined : cursor.direction === 'next'
    const from = cursor?.direction === 'next' ? cursor.date + 1 : (query.start ?? 0)
    const to = cursor?.direction === 'prev' ? cursor.date - 1 : (query.end ?? 99_999_999)
    const reference = await latestFactor(context, query.symbol, query.asof)
    // One bar more than asked tells whether there is another page.
    const bars = await context.engine.frame(
      `select d.trade_date as trade_date, open, high, low, close, vol_shares, amount_cny, coalesce(f.adj_factor, 1) as factor
       from fupan.dwd_daily as d left join fupan.dwd_adj_factor as f on f.ts_code = d.ts_code and f.trade_date = d.trade_date
       where d.ts_code = {symbol:String} and d.trade_date between {from:UInt32} and {to:UInt32} and is_bar_valid = 1
       order by trade_date ${forward ? 'asc' : 'desc'} limit {limit:UInt32}`,
      { params: { symbol: query.symbol, from, to, limit: query.limit + 1 } },
    )
    if (bars.length === 0) await refuseUnknown(context, query.symbol)
    const hasMore = bars.length > query.limit
    const count = Math.min(bars.length, query.limit)
    const order = Array.from({ length: count }, (_, i) => (forward ? i : count - 1 - i))
    const read = (name: string) => {
      const column = numbers(bars, name)
      return order.map((row) => column[row]!)
    }
    const dates = read('trade_date')
    const scale = read('factor').map((factor) => (query.adjust === 'none' ? 1 : query.adjust === 'hfq' ? factor : factor / reference))
    const priced = (name: string) => read(name).map((value, i) => value * scale[i]!)
    const columns = {
      time: dates.map((date) => instantOf(date as TradeDate, query.label === 'end' ? CLOSE_OF_DAY : 9.5 * 3_600_000) as number),
      open: priced('open'),
      high: priced('high'),
      low: priced('low'),
      close: priced('close'),
      volume: read('vol_shares').map((value, i) => (query.adjustVolume === 'true' ? value / scale[i]! : value)),
      amount: read('amount_cny').map((value) => (Number.isNaN(value) ? null : value)),
      final: dates.map(() => true),
    }
    const page = (direction: 'next' | 'prev', date: number | undefined) =>
      date === undefined ? null : encodeCursor({ symbol: query.symbol, adjust: query.adjust, direction, date })
    return {
      code: 0 as const,
      message: 'ok' as const,
      data: {
        symbol: query.symbol,
        interval,
        adjust: query.adjust,
        label: query.label,
        timezone: 'Asia/Shanghai' as const,
        source: context.warehouse.simulated ? 'sim' : 'warehouse',
        count,
        klines:
          query.format === 'columns'
            ? columns
            : order.map(
                (_, i) =>
                  Object.fromEntries(fieldNames.map((name) => [name, columns[name][i]])) as unknown as {
                    time: number
                    open: number
                    high: number
                    low: number
                    close: number
                    volume: number
                    amount: number | null
                    final: boolean
                  },
              ),
        next_cursor: forward
          ? hasMore
            ? page('next', dates.at(-1))
            : null
          : query.end === undefined && cursor === undefined
            ? null
            : page('next', dates.at(-1)),
        prev_cursor: forward ? page('prev', dates[0]) : hasMore ? page('prev', dates[0]) : null,
        latest_time: columns.time.at(-1) ?? null,
      },
    }
  },
})

const aliases: Readonly<Record<string, string>> = { D: '1d', d: '1d', '1D': '1d' }

/** 前复权 refers every price to this factor: the latest known, or that of `asof` so that a chart can be drawn again exactly. */
async function latestFactor({ engine }: RouteContext, symbol: string, asof: TradeDate | undefined): Promise<number> {
  const [row] = await engine.rows<{ adj_factor: number }>(
    'select adj_factor from fupan.dwd_adj_factor where ts_code = {symbol:String} and trade_date <= {asof:UInt32} order by trade_date desc limit 1',
    { params: { symbol, asof: asof ?? 99_999_999 } },
  )
  return row?.adj_factor ?? 1
}

async function refuseUnknown({ engine }: RouteContext, symbol: string): Promise<void> {
  const [row] = await engine.rows<{ present: number }>('select toUInt32(count()) as present from fupan.dim_stock where ts_code = {symbol:String}', {
    params: { symbol },
  })
  if ((row?.present ?? 0) === 0)
    throw new Refusal(404, 'SYMBOL_NOT_FOUND', `Cannot show bars of ${symbol}: no such stock. Find it with GET /api/symbols?query=`, { symbol })
}
