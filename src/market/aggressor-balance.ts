import type { TickDay } from '#core/tick.ts'
import type { DailyBars } from './daily-bars.ts'
import { usualDay } from './fat-finger.ts'
import { plantedOn, type FlowPlan } from './flow-plan.ts'
import type { Stream } from './keyed-stream.ts'

/** What a day whose move is one standard deviation of the stock's own part adds, planted flow of strength 1, and chance: fitted to records drawn without a balance given. */
const BY_MOVE = 0.008
const BY_PLANTED = 0.29
const BY_CHANCE = 0.05

/** Least range of a day in 厘 that leaves sides to choose: with fewer prices the mean price decides who bought. */
const LEAST_RANGE = 30

/** Whether a day's aggressors can be told beforehand: a day that touches a limit is as its sealed boards make it, a scripted one as its script. */
export function isBalanced(bars: DailyBars, day: number): boolean {
  const { high, low } = usualDay(bars, day)
  return !bars.scripted.has(day) && high - low >= LEAST_RANGE && high !== bars.limitUp[day] && low !== bars.limitDown[day]
}

/**
 * 主动买卖差: aggressor buys less aggressor sells as a fraction of the day's amount, drawn for a balanced stock-day before its ticks, which follow it (tick-path.ts).
 * Depends on the day's bar, the plan and the stream, which stands at the day's beginning.
 */
export function drawBalance(bars: DailyBars, plan: FlowPlan, day: number, stream: Stream): number {
  const { path } = bars
  const move = (path.closeAt[day]! - path.openAt[day]!) / Math.max(1e-6, path.ownSd[day]!)
  const balance = BY_MOVE * Math.max(-2, Math.min(2, move)) + BY_PLANTED * plantedOn(plan, bars, day) + BY_CHANCE * stream.normal()
  return Math.max(-0.6, Math.min(0.6, balance))
}

/** The balance of such a day in whole 厘, a print far from the price included: that one is its aggressor's doing. */
export function budgetedBalance(bars: DailyBars, plan: FlowPlan, day: number, stream: Stream): number {
  const slip = bars.fatFingers.get(day)
  const usual = Math.round(usualDay(bars, day).amount * drawBalance(bars, plan, day, stream))
  return slip === undefined ? usual : usual + slip.side * slip.volume * slip.price
}

/**
 * The same read off the records, in 厘: what trades at the ask is bought by aggressors, what trades at the bid sold; on a sealed board everything hits the queue. Auctions and a lot
 * between the quotes count for neither.
 */
export function balanceOfRecords(ticks: TickDay, lot: number): number {
  let net = 0
  for (let i = 0; i < ticks.length; i++) {
    const [bid, ask, price] = [ticks.bid1[i]!, ticks.ask1[i]!, ticks.price[i]!]
    const [volume, amount] = [ticks.volume[i]!, ticks.amount[i]!]
    if (Number.isNaN(bid)) continue
    if (ask === 0) net -= amount
    else if (bid === 0) net += amount
    else if (amount === volume * price) net += amount * (price === ask ? 1 : price === bid ? -1 : 0)
    else {
      const above = (amount - volume * bid) / lot
      const askLots = Math.floor(above / (ask - bid))
      const bidLots = volume / lot - askLots - (above > askLots * (ask - bid) ? 1 : 0)
      net += (askLots * ask - bidLots * bid) * lot
    }
  }
  return net
}
