import { keepOf } from './log-memory.ts'
import { nextOpen } from './next-open.ts'
import { ownShocks } from './own-shock.ts'
import type { Stock } from './stock.ts'
import type { World } from './world.ts'

/** Trading days after which half of it is left (spec simulator §9.6). */
const HALF_LIFE = 3
const KEEP = keepOf(HALF_LIFE)
const FRESH = Math.sqrt(1 - KEEP * KEEP)

/** Correlation of a stock's own shock of the session with its return of the day, over stocks and days of generated markets (seeds 1 to 4, 200 stocks: 0.375 to 0.392). */
const SHOCK_IN_RETURN = 0.383

/**
 * 知情资金 φ: what the well-informed do in a stock, by day of the world: AR(1), standard normal over stocks and days. Its fresh part leans on the own shock of the session
 * that comes next, so that φ(d) and the return of d+1 have the correlation `world.flowIc`: prices are not changed for it. It is planted truth and a secret of the
 * generator: no table has it, the money flow of a day shows it through the sizes of the day's orders only.
 */
export function informedFlow(world: World, stock: Stock): Float64Array {
  const [path, own] = [world.stream('path', stock.code), world.stream('flow', `${stock.code} informed`)]
  const lean = Math.min(1, Math.max(-1, world.flowIc / (FRESH * SHOCK_IN_RETURN)))
  const rest = Math.sqrt(1 - lean * lean)
  const flow = new Float64Array(world.dates.length)
  let x = own.at(0).normal()
  for (const [day, date] of world.dates.entries()) {
    const next = ownShocks(path, nextOpen(world, day))[1]
    x = KEEP * x + FRESH * (lean * next + rest * own.at(date).normal())
    flow[day] = x
  }
  return flow
}
