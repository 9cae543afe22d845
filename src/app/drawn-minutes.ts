import type { DrawnMinutes } from '#api/views.ts'
import { sessionRulesOn } from '#core/session.ts'
import { dailyBars, type DailyBars } from '#market/daily-bars.ts'
import { tradedMinuteBars } from '#market/minute-bars.ts'
import type { Stock } from '#market/stock.ts'
import { tickDay } from '#market/tick-path.ts'
import { createWorld, type World } from '#market/world.ts'
import type { App } from './app.ts'
import { settingsOf, settleWorld } from './simulated-source.ts'

/** Stocks whose daily walk is kept: 100 KB each over 750 days. */
const KEPT_STOCKS = 64

/**
 * 按需分钟: minutes of any stock and day of the simulated market, drawn when they are asked for: the same the night stores of its last days. A stock takes some milliseconds the first time, a
 * day less than one. Goes with the clock: a day that is completed is there.
 */
export function drawnMinutes(app: Pick<App, 'folders' | 'calendar' | 'clock'>): DrawnMinutes {
  let world: World | undefined
  let stocks = new Map<string, Stock>()
  const walked = new Map<string, DailyBars>()
  const current = () => {
    const last = app.calendar.lastCompleted(app.clock.now())
    if (world?.dates.at(-1) === last) return world
    world = createWorld(settingsOf(settleWorld(app.folders.root, app.calendar, app.clock.now()), app.calendar, last))
    stocks = new Map(world.stocks.map((stock) => [stock.code, stock]))
    walked.clear()
    return world
  }
  const barsOf = (of: World, symbol: string) => {
    const stock = stocks.get(symbol)
    if (stock === undefined) return undefined
    const bars = walked.get(symbol) ?? dailyBars(of, stock)
    walked.delete(symbol)
    walked.set(symbol, bars)
    if (walked.size > KEPT_STOCKS) walked.delete(walked.keys().next().value!)
    return bars
  }
  return {
    minutes(symbol, date) {
      const of = current()
      const bars = barsOf(of, symbol)
      const day = of.dayOf.get(date)
      const ticks = bars === undefined || day === undefined ? undefined : tickDay(of, bars, day)
      if (bars === undefined || ticks === undefined) return undefined
      const { exchange, board } = bars.stock
      return { bars: tradedMinuteBars(ticks, sessionRulesOn(date, exchange, board)), previousClose: bars.preClose[day!]! / 1000 }
    },
  }
}
