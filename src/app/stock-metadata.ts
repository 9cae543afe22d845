import { boardOf } from '#core/code.ts'
import type { TradeDate } from '#core/trade-date.ts'
import type { StockMetadata } from '#ledger/live-market-state.ts'
import { dailyBars } from '#market/daily-bars.ts'
import { SECTORS } from '#market/invented-name.ts'
import { STATUS } from '#market/listing-status.ts'
import type { Stock } from '#market/stock.ts'
import type { World } from '#market/world.ts'

const STATUS_NAMES = ['listed', 'ST', '*ST', 'delisting', 'delisted'] as const

/** `stock_metadata` (spec simulator §16) of a world: what each stock was drawn with, and how it is listed on the world's last date (`status`: `STATUS`, one per stock). */
export function stockMetadata(world: World, statusOf: Uint8Array): readonly StockMetadata[] {
  const last = world.dates.at(-1)!
  return world.stocks.map((stock, k) => ({
    symbol: stock.code,
    name: stock.name,
    market: 'cn',
    board: boardOf(stock.code),
    industry: stock.industry,
    sectorCode: SECTORS[stock.sector]!.name,
    basePrice: stock.initialPrice / 1000,
    baseVolatility: stock.sigma,
    baseVolume: stock.turnover * stock.floatRatio * stock.totalShares,
    tick: 0.01,
    lot: stock.lot,
    listDate: stock.listDate,
    delistDate: statusOf[k] === STATUS.delisted ? delistDate(world, stock) : undefined,
    status: stock.listDate > last ? 'waiting' : STATUS_NAMES[statusOf[k]!]!,
    isActive: stock.listDate <= last && statusOf[k] !== STATUS.delisted,
  }))
}

/** The first day it is not listed any more. */
function delistDate(world: World, stock: Stock): TradeDate {
  return world.dates[dailyBars(world, stock).status.indexOf(STATUS.delisted)]!
}
