import type { Rng } from '#core/rng.ts'

/** One time scale of a slowly changing quantity. */
export interface MemoryScale {
  /** Trading days after which half of a deviation is left. */
  readonly halfLife: number
  /** Stationary standard deviation of the log component. */
  readonly sd: number
}

/** Multi-scale log-volatility of the market, a sector, a stock (spec simulator §4.2). */
export const MARKET_SCALES: readonly MemoryScale[] = [
  { halfLife: 2, sd: 0.26 },
  { halfLife: 20, sd: 0.34 },
  { halfLife: 120, sd: 0.34 },
]
export const SECTOR_SCALES: readonly MemoryScale[] = [
  { halfLife: 5, sd: 0.2 },
  { halfLife: 60, sd: 0.25 },
]
export const STOCK_SCALES: readonly MemoryScale[] = [
  { halfLife: 3, sd: 0.25 },
  { halfLife: 60, sd: 0.42 },
]

/** Own memory of a stock's volume, beside what it shares with volatility: log-volume stays correlated for months (spec stylised-facts). */
export const VOLUME_SCALES: readonly MemoryScale[] = [
  { halfLife: 6, sd: 0.3 },
  { halfLife: 60, sd: 0.5 },
]

/**
 * A sum of daily AR(1) components, begun in their stationary state, minus half its variance (so that the multiplier has mean 1).
 * Each call gives the next day; `shock` is the previous day's own standardised shock, clipped to ±3, and `rho` its weight in the innovation
 * (+0.10 for single A-shares, whose volatility follows rises; Qiu et al. 2006).
 */
export function logMemory(scales: readonly MemoryScale[], rho: number, rng: Rng): (shock: number) => number {
  const levels = scales.map(({ sd }) => sd * rng.normal())
  const keep = scales.map(({ halfLife }) => 2 ** (-1 / halfLife))
  const centre = 0.5 * scales.reduce((sum, { sd }) => sum + sd * sd, 0)
  const fresh = Math.sqrt(1 - rho * rho)
  return (shock) => {
    const clipped = Math.max(-3, Math.min(3, shock))
    let total = -centre
    for (let j = 0; j < scales.length; j++) {
      const innovation = rho * clipped + fresh * rng.normal()
      levels[j] = keep[j]! * levels[j]! + Math.sqrt(1 - keep[j]! * keep[j]!) * scales[j]!.sd * innovation
      total += levels[j]!
    }
    return total
  }
}
