import { PROFILES } from '#core/market-profile.ts'
import { formatDate, type EpochMs, type TradeDate } from '#core/trade-date.ts'
import { zoneDate } from '#core/zone-time.ts'
import type { Reply } from '../api.ts'
import type { ChartFrame } from './chart-frame.ts'

/** The last price of a stock as the server knows it. */
export type Quote = Reply<'GET /api/realtime'>['rows'][number]

/**
 * The last price of the head line and its change against the day before. The chart's own newest bar speaks while it is of the day of the quote or later:
 * the quote may come from the replay of a day that is over.
 */
export function headline(frame: ChartFrame | undefined, quote: Quote | undefined) {
  const at = frame?.time.at(-1)
  const date = frame === undefined || at === undefined ? 0 : zoneDate(PROFILES[frame.market].zone, (at - 1) as EpochMs)
  const last = frame?.lastTraded ?? (quote?.trade_date === date ? quote.price : undefined)
  if (quote !== undefined && quote.trade_date > date)
    return { last: quote.price, change: quote.ret ?? undefined, day: formatDate(quote.trade_date as TradeDate) }
  const close = quote?.trade_date === date ? (quote.pre_close ?? undefined) : undefined
  const own = frame?.interval === '1d' ? frame.change.at(-1) : undefined
  return { last, change: last === undefined || close === undefined ? own : last / close - 1, day: frame?.day.at(-1)?.slice(0, 10) }
}
