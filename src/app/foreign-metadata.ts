import { tickAt } from '#core/market-day.ts'
import type { TradeDate } from '#core/trade-date.ts'
import type { StockMetadata } from '#ledger/live-market-state.ts'
import type { ForeignSymbol } from '#market/foreign-symbols.ts'

/** The row of `stock_metadata` of a symbol of another market (spec simulator §16): none of them is listed or delisted, all trade from the world’s first date on. */
export function foreignMetadata(
  { code, name, market, basePrice, sigma, dailyVolume, lot }: ForeignSymbol,
  firstDate: TradeDate,
  date: TradeDate,
): StockMetadata {
  return {
    symbol: code,
    name,
    market,
    board: market,
    industry: '',
    sectorCode: '',
    basePrice,
    baseVolatility: sigma,
    baseVolume: dailyVolume,
    tick: tickAt(market, basePrice, date),
    lot,
    listDate: firstDate,
    delistDate: undefined,
    status: 'listed',
    isActive: true,
  }
}
