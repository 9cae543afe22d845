import type { Rng } from '#core/rng.ts'
import type { TradeDate } from '#core/trade-date.ts'
import { logMemory, MARKET_SCALES, SECTOR_SCALES, type MemoryScale } from './log-memory.ts'
import { regimeDays } from './regime.ts'

/** Trading days of a year: converts annual drift and volatility into daily steps, nothing else. */
export const DAYS_PER_YEAR = 243

/** Share of a day's variance that falls overnight. */
const OVERNIGHT_SHARE = 0.24

/** Overnight standard deviation as a multiple of the session's. */
export const OVERNIGHT_SCALE = Math.sqrt(OVERNIGHT_SHARE / (1 - OVERNIGHT_SHARE))

/** A common factor, day by day: log returns and the log of its volatility multiplier. */
interface FactorPath {
  readonly overnight: Float64Array
  readonly session: Float64Array
  /** Standard deviation of the session's return as it was known before. */
  readonly sd: Float64Array
  readonly logVolatility: Float64Array
}

/** 市场与板块因子: what all stocks share. `cycleVolume` is the slow cycle's effect on traded volume. */
export interface MarketFactors {
  readonly market: FactorPath
  readonly sectors: readonly FactorPath[]
  readonly cycleVolume: Float64Array
}

const MARKET_SIGMA = 0.168
const SECTOR_SIGMA = 0.1

/** Slow bull/bear/range cycle (spec simulator §4.2, §5.2): monthly, stays with 0.90; drift per year and volume factor. */
const CYCLE = [
  { drift: 0.25, volume: 1.4 },
  { drift: -0.25, volume: 0.8 },
  { drift: 0, volume: 1 },
] as const

/** Draw the market factor and one factor per sector name for the given open dates. Sectors are forked by name. */
export function marketFactors(rng: Rng, dates: readonly TradeDate[], sectors: readonly string[]): MarketFactors {
  const cycle = slowCycle(rng.fork('cycle'), dates)
  const market = factorPath(rng.fork('factor/MKT'), dates.length, MARKET_SIGMA, MARKET_SCALES, true, (day) => CYCLE[cycle[day]!]!.drift)
  return {
    market,
    sectors: sectors.map((name) =>
      factorPath(
        rng.fork(`factor/${name}`),
        dates.length,
        SECTOR_SIGMA,
        SECTOR_SCALES,
        false,
        () => 0,
        (day) => 0.5 * market.logVolatility[day]!,
      ),
    ),
    cycleVolume: Float64Array.from(cycle, (state) => CYCLE[state]!.volume),
  }
}

function factorPath(
  rng: Rng,
  days: number,
  sigma: number,
  scales: readonly MemoryScale[],
  regimeDrift: boolean,
  slowDrift: (day: number) => number,
  inherited: (day: number) => number = () => 0,
): FactorPath {
  const path = { overnight: new Float64Array(days), session: new Float64Array(days), sd: new Float64Array(days), logVolatility: new Float64Array(days) }
  const regime = regimeDays(rng.fork('regime'), days)
  const nextVolatility = logMemory(scales, 0, rng.fork('vol'))
  const shocks = rng.fork('path')
  for (let day = 0; day < days; day++) {
    path.logVolatility[day] = nextVolatility(0) + inherited(day)
    const sd = (sigma * Math.exp(path.logVolatility[day]!)) / Math.sqrt(DAYS_PER_YEAR)
    path.sd[day] = sd * Math.sqrt(regime.meanSquare[day]!)
    path.overnight[day] = sd * OVERNIGHT_SCALE * heavyTailed(shocks)
    path.session[day] = path.sd[day]! * shocks.normal() + ((regimeDrift ? regime.drift[day]! : 0) + slowDrift(day)) / DAYS_PER_YEAR
  }
  return path
}

/** Student t with 4 degrees of freedom, scaled to unit variance: overnight news (spec simulator §4.2). */
export function heavyTailed(rng: Rng): number {
  const z = rng.normal()
  // A chi-square of 4 degrees of freedom is −2 ln of a product of two uniforms.
  const chi = -2 * Math.log((1 - rng.next()) * (1 - rng.next()))
  return z / Math.sqrt(chi / 4) / Math.SQRT2
}

function slowCycle(rng: Rng, dates: readonly TradeDate[]): Uint8Array {
  const states = new Uint8Array(dates.length)
  let state = rng.integer(0, 2)
  for (let day = 0; day < dates.length; day++) {
    const newMonth = day > 0 && Math.floor(dates[day]! / 100) !== Math.floor(dates[day - 1]! / 100)
    if (newMonth && rng.next() >= 0.9) state = (state + rng.integer(1, 2)) % 3
    states[day] = state
  }
  return states
}
