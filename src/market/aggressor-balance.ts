import type { DailyBars } from './daily-bars.ts'
import { sealedShare } from './day-volume.ts'
import { plantedOn, type FlowPlan } from './flow-plan.ts'
import { CLOSE_AUCTION_SHARE, ONE_PRICE_OPEN_SHARE } from './intraday-profile.ts'
import type { Stream } from './keyed-stream.ts'

/** What a day whose move is one standard deviation of the stock's own part adds, planted flow of strength 1, and chance: fitted to the records of generated days. */
const BY_MOVE = 0.008
const BY_PLANTED = 0.29
const BY_CHANCE = 0.05

/** Part of a day's turnover traded while a limit is touched on a day that does not close there. */
const TOUCHED = 0.02

/**
 * 主动买卖差: aggressor buys less aggressor sells as a fraction of the day's amount, drawn for a stock-day before its ticks, which follow it. While a board is sealed every
 * trade hits the queue: at limit-up all of it is active selling. Depends on the day's bar, the plan and the stream's date only.
 */
export function aggressorBalance(bars: DailyBars, plan: FlowPlan, day: number, stream: Stream): number {
  const [high, low, close] = [bars.high[day]!, bars.low[day]!, bars.close[day]!]
  const [up, down] = [bars.limitUp[day]!, bars.limitDown[day]!]
  const chance = stream.normal()
  if (high === low) {
    const lots = bars.volume[day]! / bars.stock.lot
    const auctions = Math.max(1, Math.floor(lots * ONE_PRICE_OPEN_SHARE)) + Math.max(1, Math.floor(lots * CLOSE_AUCTION_SHARE))
    return close === up ? auctions / lots - 1 : close === down ? 1 - auctions / lots : 0
  }
  const { path } = bars
  const move = (path.closeAt[day]! - path.openAt[day]!) / Math.max(1e-6, path.ownSd[day]!)
  const free = BY_MOVE * Math.max(-2, Math.min(2, move)) + BY_PLANTED * plantedOn(plan, bars, day) + BY_CHANCE * chance
  const sealedUp = close === up ? sealedShare(bars, day) : high === up ? TOUCHED : 0
  const sealedDown = close === down ? sealedShare(bars, day) : low === down ? TOUCHED : 0
  return (1 - sealedUp - sealedDown) * Math.max(-0.6, Math.min(0.6, free)) - sealedUp + sealedDown
}
