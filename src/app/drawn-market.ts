import type { RouteContext } from '#api/route.ts'
import type { App } from './app.ts'
import { drawnBooks } from './drawn-books.ts'
import { drawnMinutes } from './drawn-minutes.ts'
import { walkedStocks } from './walked-stocks.ts'

/** What the routes may draw of the simulated market when it is asked for. */
export function drawnMarket(app: Pick<App, 'folders' | 'calendar' | 'clock'>): Pick<RouteContext, 'drawn' | 'drawnBooks'> {
  const stocks = walkedStocks(app)
  return { drawn: drawnMinutes(stocks), drawnBooks: drawnBooks(stocks) }
}
