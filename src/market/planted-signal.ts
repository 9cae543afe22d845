import { keepOf } from './log-memory.ts'
import { DAYS_PER_YEAR } from './market-factors.ts'
import type { Stock } from './stock.ts'
import type { World } from './world.ts'

/** Trading days after which half of the signal is left. */
const HALF_LIFE = 5
const KEEP = keepOf(HALF_LIFE)

/**
 * 真值信号: the observable number of each day that knows a little about the next day's return (`sim_truth_signal`, spec simulator §7.2): AR(1), standard
 * normal over stocks and days, by day of the world. For tests and reports of the factor machinery only.
 */
export function plantedSignal(world: World, stock: Stock): Float64Array {
  const stream = world.stream('truth', stock.code)
  const signal = new Float64Array(world.dates.length)
  const fresh = Math.sqrt(1 - KEEP * KEEP)
  let x = stream.at(0).normal()
  for (const [day, date] of world.dates.entries()) {
    x = KEEP * x + fresh * stream.at(date).normal()
    signal[day] = x
  }
  return signal
}

/** Log return of the next session for one unit of the signal: a mean daily rank correlation of `ic` (spec simulator §7.2). */
export function signalReturn(sigma: number, ic: number): number {
  const rho = 2 * sine((Math.PI * ic) / 6)
  return ((rho / Math.sqrt(1 - rho * rho)) * 1.5 * sigma) / Math.sqrt(DAYS_PER_YEAR)
}

/** Taylor series, for angles up to π/6: the first term left out is below 1e-11. */
function sine(x: number): number {
  const z = x * x
  return x * (1 - (z / 6) * (1 - (z / 20) * (1 - (z / 42) * (1 - z / 72))))
}
