import { instantOf } from '#core/shanghai-time.ts'
import type { TradeDate } from '#core/trade-date.ts'
import type { LiveDay } from '#stream/forming-bars.ts'
import { z } from 'zod'
import { known, symbolParam } from '../fields.ts'
import { refuseUnknownSymbol } from '../kline-symbol.ts'
import { livedDate } from '../lived-date.ts'
import { defineRoute, type RouteContext } from '../route.ts'

const LEVELS = Array.from({ length: 10 }, (_, i) => i + 1)

const ANY_TIME = Number.MAX_SAFE_INTEGER

const level = z.object({ price: z.number(), volume: known })

/**
 * 盘口: the book as it was last seen: the last recorded picture, the quotes before the last trade, the best prices of the running session, or the ten levels the simulated market
 * draws around them. Of the day of a session nothing is shown that it has not come to; while the market lives, nothing of later days either: a test plays past ones.
 */
export const depth = defineRoute({
  path: 'GET /api/depth',
  summary: 'The order book of a stock as last seen, up to ten levels',
  query: z.object({ symbol: symbolParam }),
  reply: z.object({
    symbol: z.string(),
    /** `sim` = invented by the simulator, `warehouse` = real. */
    source: z.enum(['sim', 'warehouse']),
    /** When it was seen; null when no book of the stock is known. */
    time_ms: z.number().nullable(),
    /** `drawn` = ten levels of the simulated market; `quote` = a recorded picture; `tick`, `session` = best prices alone. */
    origin: z.enum(['session', 'quote', 'tick', 'drawn']).nullable(),
    /** Best first. An empty list is an empty side, or one that is not known. */
    bids: z.array(level),
    asks: z.array(level),
  }),
  maxAge: 0,
  async handle({ symbol }, context) {
    const { engine, warehouse } = context
    const source = warehouse.simulated ? ('sim' as const) : ('warehouse' as const)
    const session = context.live.minutesOf(symbol)
    const { recorded, drawn } = horizon(context, session)
    const seen = [
      ...(session === undefined ? [] : [bookOf('session', { time: session.at, bid_price1: session.bid1, ask_price1: session.ask1 })]),
      ...(await recordedBooks(context, symbol, session, recorded)),
      ...drawnBook(context, symbol, drawn),
    ].filter((book) => levelCount(book) > 0)
    // The latest; of the same instant the one that says more.
    const newest = seen.toSorted((a, b) => b.time_ms - a.time_ms || levelCount(b) - levelCount(a))[0]
    if (newest !== undefined) return { symbol, source, ...newest }
    await refuseUnknownSymbol(engine, symbol, 'the book')
    return { symbol, source, time_ms: null, origin: null, bids: [], asks: [] }
  },
})

type Picture = Readonly<Record<string, number | null>>

type Level = z.output<typeof level>

interface Book {
  readonly time_ms: number
  readonly origin: 'session' | 'quote' | 'tick' | 'drawn'
  readonly bids: Level[]
  readonly asks: Level[]
}

/** How far is looked: while the market lives up to its last trade in the stock, else up to the last completed day, of the day of a session up to its last trade too. */
function horizon({ live, warehouse }: RouteContext, session: LiveDay | undefined) {
  const date = livedDate(live)
  if (date !== undefined) {
    const until = session?.at ?? instantOf(date, 0)
    return { recorded: until, drawn: { date, until } }
  }
  const last = warehouse.lastCompleted()
  return { recorded: ANY_TIME, drawn: { date: last, until: session?.date === last ? session.at : ANY_TIME } }
}

/** What is recorded: of the day of the session up to its last trade, and nothing after `until`. */
async function recordedBooks({ engine }: RouteContext, symbol: string, session: LiveDay | undefined, until: number): Promise<readonly Book[]> {
  const quotes = LEVELS.flatMap((n) => ['bid', 'ask'].flatMap((side) => [`${side}${n} / 1000 as ${side}_price${n}`, `${side}_volume${n}`]))
  const params = { symbol, day: session?.date ?? 0, at: session?.at ?? 0, until }
  const seenBy = 'at <= {until:Int64} and (trade_date != {day:UInt32} or at <= {at:Int64})'
  const [quote] = await engine.rows<Picture>(
    `select toFloat64(at) as time, ${quotes.join(', ')} from fupan.ods_quote where ts_code = {symbol:String} and ${seenBy}
     order by trade_date desc, at desc, seq desc limit 1`,
    { params },
  )
  const [tick] = await engine.rows<Picture>(
    `select toFloat64(at) as time, bid1 / 1000 as bid_price1, ask1 / 1000 as ask_price1 from fupan.ods_tick
     where ts_code = {symbol:String} and (bid1 > 0 or ask1 > 0) and ${seenBy} order by trade_date desc, at desc, seq desc limit 1`,
    { params },
  )
  return [...(quote === undefined ? [] : [bookOf('quote', quote)]), ...(tick === undefined ? [] : [bookOf('tick', tick)])]
}

function drawnBook({ drawnBooks }: RouteContext, symbol: string, { date, until }: { readonly date: TradeDate; readonly until: number }): readonly Book[] {
  const book = drawnBooks?.bookAt(symbol, date, until)
  return book === undefined ? [] : [{ time_ms: book.at, origin: 'drawn', bids: [...book.bids], asks: [...book.asks] }]
}

function bookOf(origin: Book['origin'], picture: Picture): Book {
  return { time_ms: picture['time']!, origin, bids: levelsOf(picture, 'bid'), asks: levelsOf(picture, 'ask') }
}

function levelCount({ bids, asks }: Book): number {
  return bids.length + asks.length
}

function levelsOf(picture: Picture, side: 'bid' | 'ask'): Level[] {
  return LEVELS.flatMap((n) => {
    const price = picture[`${side}_price${n}`]
    return price === undefined || price === null || !(price > 0) ? [] : [{ price, volume: picture[`${side}_volume${n}`] ?? null }]
  })
}
