import { z } from 'zod'
import { codeParam, known, tradeDateParam } from '../fields.ts'
import { defineRoute, Refusal } from '../route.ts'
import { refuseUnknownSymbol } from '../kline-symbol.ts'

const cursorShape = z.tuple([z.number().int(), z.string().max(60), z.number().int().min(0)])

/** 逐笔: recorded trades of a stock, newest first; the cursor goes on to older ones of the same day and source, which are never mixed. */
export const trades = defineRoute({
  path: 'GET /api/trades',
  summary: 'Recorded trades of a stock, newest first',
  query: z.object({
    symbol: codeParam,
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
  async handle({ symbol, date, limit, cursor }, { engine }) {
    const after = cursor === undefined ? undefined : cursorOf(cursor)
    const feed = after ?? (await feedOf())
    if (feed === undefined) {
      await refuseUnknownSymbol(engine, symbol, 'trades')
      return { symbol, trade_date: date ?? null, source: null, grain: null, rows: [], cursor: null }
    }
    const [day, source, before] = feed
    // One more than asked tells whether there is another page.
    const rows = await engine.rows<TradeRow>(
      `select toUInt32(seq) as seq, toFloat64(at) as time, price / 1000 as price, volume, amount / 1000 as amount, vendor_side as side, trade_count as trades, grain
       from fupan.ods_tick where ts_code = {symbol:String} and trade_date = {day:UInt32} and source = {source:String} and seq < {before:UInt32}
       order by seq desc limit {limit:UInt32}`,
      { params: { symbol, day, source, before, limit: limit + 1 } },
    )
    const page = rows.slice(0, limit)
    return {
      symbol,
      trade_date: day,
      source,
      grain: rows[0]?.grain ?? null,
      rows: page.map(({ grain: _grain, ...row }) => row),
      cursor: rows.length > limit ? Buffer.from(JSON.stringify([day, source, page.at(-1)!.seq])).toString('base64url') : null,
    }

    /** The day and its best source: single trades before aggregates before snapshot differences, then by name, as the nightly tables choose. */
    async function feedOf(): Promise<Feed | undefined> {
      const [row] = await engine.rows<{ trade_date: number; best: string }>(
        `select trade_date, argMin(source, (multiIf(grain = 'TBT', 0, grain = 'AGG3S', 1, grain = 'SNAPDIFF', 2, 3), source)) as best from fupan.ods_tick
         where ts_code = {symbol:String}${date === undefined ? '' : ' and trade_date = {date:UInt32}'} group by trade_date order by trade_date desc limit 1`,
        { params: { symbol, ...(date === undefined ? {} : { date }) } },
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

function cursorOf(text: string): Feed {
  try {
    return cursorShape.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')))
  } catch {
    // Expected: not JSON, or not of our shape.
    throw new Refusal(400, 'BAD_PARAM', 'Cannot go on from this cursor: it was not issued by this API', { parameter: 'cursor' })
  }
}
