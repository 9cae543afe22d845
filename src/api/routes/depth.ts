import { z } from 'zod'
import { codeParam, known } from '../fields.ts'
import { refuseUnknownSymbol } from '../kline-symbol.ts'
import { defineRoute } from '../route.ts'

const LEVELS = Array.from({ length: 10 }, (_, i) => i + 1)

const level = z.object({ price: z.number(), volume: known })

/** 盘口: the book as it was last seen: the last recorded picture, the quotes before the last trade, or the best prices of the running session, of whose day nothing later is shown. */
export const depth = defineRoute({
  path: 'GET /api/depth',
  summary: 'The order book of a stock as last seen, up to ten levels',
  query: z.object({ symbol: codeParam }),
  reply: z.object({
    symbol: z.string(),
    /** When it was seen; null when no book of the stock is known. */
    time_ms: z.number().nullable(),
    origin: z.enum(['session', 'quote', 'tick']).nullable(),
    /** Best first. An empty list is an empty side, or one that is not known. */
    bids: z.array(level),
    asks: z.array(level),
  }),
  maxAge: 0,
  async handle({ symbol }, { engine, live }) {
    const quotes = LEVELS.flatMap((n) => ['bid', 'ask'].flatMap((side) => [`${side}${n} / 1000 as ${side}_price${n}`, `${side}_volume${n}`]))
    const day = live.minutesOf(symbol)
    const params = { symbol, day: day?.date ?? 0, until: day?.at ?? 0 }
    const seenBy = '(trade_date != {day:UInt32} or at <= {until:Int64})'
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
    const session: Picture | undefined = day === undefined ? undefined : { time: day.at, bid_price1: day.bid1, ask_price1: day.ask1 }
    const seen = (
      [
        ['session', session],
        ['quote', quote],
        ['tick', tick],
      ] as const
    ).flatMap(([origin, picture]) =>
      picture === undefined || levelsOf(picture, 'bid').length + levelsOf(picture, 'ask').length === 0 ? [] : [{ origin, picture }],
    )
    // The latest; of the same instant the one that says more.
    const newest = seen.toSorted((a, b) => b.picture['time']! - a.picture['time']! || levelsOf(b.picture, 'bid').length - levelsOf(a.picture, 'bid').length)[0]
    if (newest === undefined) {
      await refuseUnknownSymbol(engine, symbol, 'the book')
      return { symbol, time_ms: null, origin: null, bids: [], asks: [] }
    }
    const { origin, picture } = newest
    return { symbol, time_ms: picture['time']!, origin, bids: levelsOf(picture, 'bid'), asks: levelsOf(picture, 'ask') }
  },
})

type Picture = Readonly<Record<string, number | null>>

function levelsOf(picture: Picture, side: 'bid' | 'ask') {
  return LEVELS.flatMap((n) => {
    const price = picture[`${side}_price${n}`]
    return price === undefined || price === null || !(price > 0) ? [] : [{ price, volume: picture[`${side}_volume${n}`] ?? null }]
  })
}
