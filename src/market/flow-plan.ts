import type { DailyBars } from './daily-bars.ts'
import type { Stream } from './keyed-stream.ts'
import type { Stock } from './stock.ts'
import type { World } from './world.ts'

/** 知情资金: who works in a stock, in which stretches of the calendar, and how hard. */
export interface FlowPlan {
  /** +1 large buyers on rising days, -1 large sellers on every day, 0 nobody. */
  readonly side: -1 | 0 | 1
  /** 0.5…1. */
  readonly strength: number
  /** 1 on the days of an episode. */
  readonly active: Uint8Array
}

const EPISODE_DAYS = 20
const BUYER_SHARE = 0.1
const SELLER_SHARE = 0.06

/** The plan of one stock: a tenth of the stocks have buyers, 6 % sellers, each in half of the 20-day stretches. Known before any bar is drawn. */
export function flowPlan(world: World, stock: Stock): FlowPlan {
  const stream = world.stream('flow', stock.code)
  const role = stream.next()
  const side = role < BUYER_SHARE ? 1 : role < BUYER_SHARE + SELLER_SHARE ? -1 : 0
  const strength = 0.5 + 0.5 * stream.next()
  const active = new Uint8Array(world.dates.length)
  if (side === 0) return { side, strength, active }
  for (let from = 0; from < active.length; from += EPISODE_DAYS) if (stream.at(1 + from / EPISODE_DAYS).next() < 0.5) active.fill(1, from, from + EPISODE_DAYS)
  return { side, strength, active }
}

/** The chance that the money flow of a stock is drawn with, to be begun anew at every date. */
export function flowStream(world: World, stock: Stock): Stream {
  return world.stream('flow', `${stock.code} day`)
}

/** Signed strength planted on one day: positive buying, negative selling, 0 none. Nobody acts on a day that closes at a limit or is scripted; buyers act on rising days only. */
export function plantedOn(plan: FlowPlan, bars: Pick<DailyBars, 'preClose' | 'close' | 'limitUp' | 'limitDown' | 'scripted'>, day: number): number {
  const [preClose, close] = [bars.preClose[day]!, bars.close[day]!]
  if (plan.active[day] !== 1 || bars.scripted.has(day) || close === bars.limitUp[day] || close === bars.limitDown[day]) return 0
  return plan.side > 0 && close <= preClose ? 0 : plan.side * plan.strength
}
