import { z } from 'zod'
import { known, symbolParam, tradeDateParam } from '../fields.ts'
import { defineRoute, Refusal } from '../route.ts'
import { refuseUnknownSymbol } from '../kline-symbol.ts'
import { livedDate } from '../lived-date.ts'

const cursorShape = z.tuple([z.number().int(), z.string().max(60), z.number().int().min(0)])

/** What the source is called while trades come from the session alone. */
const SESSION = 'session'

/**
 * 逐笔: trades of a stock, newest first; the cursor goes on to older ones of the same day and source, which are never mixed. While a session of the newest day
 * runs, what it has not come to yet is not shown; what is not recorded of it is taken from its tape. While a market lives, the newest day is the one it lives through.
 */
export const trades = defineRoute({
  path: 'GET /api/trades',
  summary: 'Trades of a stock, recorded or of the running session, newest first',
  query: z.object({
    symbol: symbolParam,
    date: tradeDateParam.optional(),
    limit: z.coerce.number().int().min(1).max(5000).default(200),
    cursor: z.string().max(200).optional(),
  }),
  reply: z.object({
    symbol: z.string(),
    /** The day asked for, else the last one with trades; null when there is none. */
    trade_date: z.number().nullable(),
    source: z.string().nullable(),
    grain: z.string().nullable(),
    rows: z.array(
      z.object({
        seq: z.number(),
        time: z.number(),
        price: z.number(),
        volume: z.number(),
        amount: z.number(),
        /** The vendor's flag: B active buy, S active sell, M neutral; null = none given. */
        side: z.string().nullable(),
        trades: known,
      }),
    ),
    cursor: z.string().nullable(),
  }),
  maxAge: 0,
  async handle({ symbol, date, limit, cursor }, { engine, live }) {
    const after = cursor === undefined ? undefined : cursorOf(cursor)
    const session = live.minutesOf(symbol)
    const lived = livedDate(live)
    // Of the day itself a stock that has not traded yet has nothing.
    const newest = lived === undefined ? 99_999_999 : session === undefined ? lived - 1 : lived
    if (after?.[1] === SESSION) return tapePage(after[0], after[2])
    const feed = after ?? (await feedOf())
    const isSession = after === undefined && session !== undefined && (date === undefined ? session.date >= (feed?.[0] ?? 0) : session.date === date)
    if (isSession && feed?.[0] !== session.date) return tapePage(session.date, Infinity)
    if (feed === undefined) {
      await refuseUnknownSymbol(engine, symbol, 'trades')
      return { symbol, trade_date: date ?? null, source: null, grain: null, rows: [], cursor: null }
    }
    const [day, source, before] = feed
    const until = isSession ? session.at : Number.MAX_SAFE_INTEGER
    // One more than asked tells whether there is another page.
    const rows = await engine.rows<TradeRow>(
      `select toUInt32(seq) as seq, toFloat64(at) as time, price / 1000 as price, volume, amount / 1000 as amount, vendor_side as side, trade_count as trades, grain
       from fupan.ods_tick where ts_code = {symbol:String} and trade_date = {day:UInt32} and source = {source:String} and seq < {before:UInt32} and at <= {until:Int64}
       order by seq desc limit {limit:UInt32}`,
      { params: { symbol, day, source, before, until, limit: limit + 1 } },
    )
    // The session is ahead of its own record.
    if (isSession && (rows[0]?.time ?? 0) < session.at) return tapePage(session.date, Infinity)
    const page = rows.slice(0, limit)
    return {
      symbol,
      trade_date: day,
      source,
      grain: rows[0]?.grain ?? null,
      rows: page.map(({ grain: _grain, ...row }) => row),
      cursor: rows.length > limit ? cursorText([day, source, page.at(-1)!.seq]) : null,
    }

    /** Out of the session's tape, as far as it is kept. */
    function tapePage(day: number, before: number) {
      const found = session?.date === day ? live.tradesOf(symbol, before, limit + 1) : []
      const page = found.slice(0, limit)
      return {
        symbol,
        trade_date: day,
        source: SESSION,
        grain: null,
        rows: page.map(({ seq, at, price, volume, amount, side, tradeCount }) => ({
          seq,
          time: at,
          price,
          volume,
          amount,
          side: side > 0 ? 'B' : side < 0 ? 'S' : side === 0 ? 'M' : null,
          trades: Number.isNaN(tradeCount) ? null : tradeCount,
        })),
        cursor: found.length > limit ? cursorText([day, SESSION, page.at(-1)!.seq]) : null,
      }
    }

    /** The day and its best source: single trades before aggregates before snapshot differences, then by name, as the nightly tables choose. */
    async function feedOf(): Promise<Feed | undefined> {
      const [row] = await engine.rows<{ trade_date: number; best: string }>(
        `select trade_date, argMin(source, (multiIf(grain = 'TBT', 0, grain = 'AGG3S', 1, grain = 'SNAPDIFF', 2, 3), source)) as best from fupan.ods_tick
         where ts_code = {symbol:String} and trade_date between {from:UInt32} and {to:UInt32} group by trade_date order by trade_date desc limit 1`,
        { params: { symbol, from: date ?? 0, to: Math.min(date ?? newest, newest) } },
      )
      return row === undefined ? undefined : [row.trade_date, row.best, 0xffff_ffff]
    }
  },
})

type Feed = readonly [date: number, source: string, before: number]

interface TradeRow {
  readonly seq: number
  readonly time: number
  readonly price: number
  readonly volume: number
  readonly amount: number
  readonly side: string | null
  readonly trades: number | null
  readonly grain: string
}

function cursorText(feed: Feed): string {
  return Buffer.from(JSON.stringify(feed)).toString('base64url')
}

function cursorOf(text: string): Feed {
  try {
    return cursorShape.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')))
  } catch {
    // Expected: not JSON, or not of our shape.
    throw new Refusal(400, 'BAD_PARAM', 'Cannot go on from this cursor: it was not issued by this API', { parameter: 'cursor' })
  }
}
