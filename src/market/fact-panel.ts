import { ln } from '#numeric/fmath.ts'
import type { DailyBars } from './daily-bars.ts'
import type { FactPanel } from './stylised-facts.ts'

/** Sessions after a listing that are left out of the facts, as in the measurements on real stocks. */
const SESSIONS_LEFT_OUT = 6

/** The simulated bars as a panel of facts. */
export function factPanel(bars: readonly DailyBars[], days: number): FactPanel {
  return {
    days,
    stocks: bars.map((own) => {
      const has = (day: number) => own.volume[day]! > 0 && day - own.stock.listDay >= SESSIONS_LEFT_OUT
      const column = (of: (day: number) => number) => Float64Array.from({ length: days }, (_, day) => (has(day) ? of(day) : NaN))
      return {
        returns: column((day) => (own.close[day] === own.preClose[day] ? 0 : ln(own.close[day]! / own.preClose[day]!))),
        volume: column((day) => own.volume[day]! / own.totalShares[day]!),
        overnight: column((day) => ln(own.open[day]! / own.preClose[day]!)),
        limit: Int8Array.from({ length: days }, (_, day) => (has(day) ? limitOf(own, day) : 0)),
        sector: own.stock.sector,
      }
    }),
  }
}

function limitOf({ close, high, limitUp, limitDown }: DailyBars, day: number): number {
  if (limitUp[day] === 0) return 0
  return close[day] === limitUp[day] ? 1 : close[day] === limitDown[day] ? -1 : high[day] === limitUp[day] ? 2 : 0
}
