import type { Stock } from './stock.ts'
import type { World } from './world.ts'

/** 工作集: how many stocks of a market have single ticks (DECISIONS §4, full tick coverage); the others have minutes. */
export const TICKING = 800

/** The most traded stocks of a world by their usual turnover in CNY: known before any day is drawn, the same on every day. All of a small world. */
export function tickingStocks({ stocks }: Pick<World, 'stocks'>): ReadonlySet<Stock> {
  const usual = (stock: Stock) => stock.turnover * stock.totalShares * stock.floatRatio * stock.initialPrice
  return new Set(stocks.toSorted((a, b) => usual(b) - usual(a) || (a.code < b.code ? -1 : 1)).slice(0, TICKING))
}
