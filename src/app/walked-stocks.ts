import { keepNewest } from '#core/keep-newest.ts'
import type { TradeDate } from '#core/trade-date.ts'
import { dailyBars, type DailyBars } from '#market/daily-bars.ts'
import type { Stock } from '#market/stock.ts'
import { createWorld, type World } from '#market/world.ts'
import type { App } from './app.ts'
import { settingsOf, settleWorld } from './simulated-source.ts'

/** Stocks whose daily walk is kept: 100 KB each over 750 days. */
const KEPT_STOCKS = 64

/** The simulated market and the daily walks of the stocks that were asked for last. */
export interface WalkedStocks {
  /** The last day that is completed now. */
  lastCompleted(): TradeDate
  /** The world and the daily bars of one of its stocks, up to the last completed day or further: to `date` where a session is ahead of it. Some milliseconds the first time. */
  walk(symbol: string, date: TradeDate): { readonly world: World; readonly bars: DailyBars } | undefined
}

/** 已走的股票: whatever is drawn of a stock on demand begins with its world and its walk; both are kept for the next question. Goes with the clock. */
export function walkedStocks(app: Pick<App, 'folders' | 'calendar' | 'clock'>): WalkedStocks {
  let world: World | undefined
  let stocks = new Map<string, Stock>()
  const walked = new Map<string, DailyBars>()
  const lastCompleted = () => app.calendar.lastCompleted(app.clock.now())
  // A world that reaches further has the same days before.
  const worldTo = (end: TradeDate) => {
    if (world !== undefined && world.dates.at(-1)! >= end) return world
    world = createWorld(settingsOf(settleWorld(app.folders.root, app.calendar, app.clock.now()), app.calendar, end))
    stocks = new Map(world.stocks.map((stock) => [stock.code, stock]))
    walked.clear()
    return world
  }
  return {
    lastCompleted,
    walk(symbol, date) {
      const last = lastCompleted()
      const of = worldTo(date > last ? date : last)
      const stock = stocks.get(symbol)
      if (stock === undefined) return undefined
      return { world: of, bars: keepNewest(walked, symbol, walked.get(symbol) ?? dailyBars(of, stock), KEPT_STOCKS) }
    },
  }
}
