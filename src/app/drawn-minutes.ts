import type { DrawnMinutes } from '#api/views.ts'
import { sessionRulesOn } from '#core/session.ts'
import { tradedMinuteBars } from '#market/minute-bars.ts'
import { tickDay } from '#market/tick-path.ts'
import type { WalkedStocks } from './walked-stocks.ts'

/** 按需分钟: minutes of any stock and day of the simulated market up to the last completed one, drawn when they are asked for: the same the night stores of its last days. A day takes less than a millisecond. */
export function drawnMinutes(stocks: WalkedStocks): DrawnMinutes {
  return {
    minutes(symbol, date) {
      if (date > stocks.lastCompleted()) return undefined
      const walked = stocks.walk(symbol, date)
      const day = walked?.world.dayOf.get(date)
      const ticks = walked === undefined || day === undefined ? undefined : tickDay(walked.world, walked.bars, day)
      if (walked === undefined || ticks === undefined) return undefined
      const { stock, preClose } = walked.bars
      return { bars: tradedMinuteBars(ticks, sessionRulesOn(date, stock.exchange, stock.board)), previousClose: preClose[day!]! / 1000 }
    },
  }
}
