import type { Stream } from './keyed-stream.ts'

/** One time scale of a slowly changing quantity. */
export interface MemoryScale {
  /** Trading days after which half of a deviation is left. */
  readonly halfLife: number
  /** Stationary standard deviation of the log component. */
  readonly sd: number
}

/**
 * Multi-scale log-volatility of the market, a sector, a stock. The form is that of spec simulator §4.2; the scales are set so that the memory of
 * absolute returns of generated stocks is that of real ones (spec stylised-facts: 0.22, 0.12, 0.07, 0.02 at lags 1, 5, 20, 50).
 */
export const MARKET_SCALES: readonly MemoryScale[] = [
  { halfLife: 3, sd: 0.25 },
  { halfLife: 20, sd: 0.34 },
  { halfLife: 100, sd: 0.18 },
]
export const SECTOR_SCALES: readonly MemoryScale[] = [
  { halfLife: 5, sd: 0.2 },
  { halfLife: 60, sd: 0.25 },
]
export const STOCK_SCALES: readonly MemoryScale[] = [
  { halfLife: 5, sd: 0.2 },
  { halfLife: 25, sd: 0.57 },
  { halfLife: 120, sd: 0.35 },
]

/** Own memory of a stock's volume, beside what it shares with volatility: log-volume stays correlated for months (spec stylised-facts). */
export const VOLUME_SCALES: readonly MemoryScale[] = [
  { halfLife: 5, sd: 0.26 },
  { halfLife: 75, sd: 0.55 },
]

/**
 * A sum of daily AR(1) components minus half its variance, so that the multiplier has mean 1. `levels` is its whole state: copied into a checkpoint
 * and put back, the memory goes on as if it had never stopped.
 */
export class LogMemory {
  readonly levels: Float64Array
  readonly #scales: readonly MemoryScale[]
  readonly #keep: Float64Array
  readonly #fresh: Float64Array
  readonly #centre: number
  readonly #rho: number
  readonly #own: number

  /** `rho` is the weight of yesterday's own shock in the innovations: positive where volatility follows rises, negative where it follows falls. */
  constructor(scales: readonly MemoryScale[], rho: number) {
    this.#scales = scales
    this.levels = new Float64Array(scales.length)
    this.#keep = Float64Array.from(scales, ({ halfLife }) => keepOf(halfLife))
    this.#fresh = Float64Array.from(scales, ({ sd }, j) => Math.sqrt(1 - this.#keep[j]! * this.#keep[j]!) * sd)
    this.#centre = 0.5 * scales.reduce((sum, { sd }) => sum + sd * sd, 0)
    this.#rho = rho
    this.#own = Math.sqrt(1 - rho * rho)
  }

  /** Begin in the stationary state. */
  begin(stream: Stream): void {
    for (const [j, { sd }] of this.#scales.entries()) this.levels[j] = sd * stream.normal()
  }

  /** The log multiplier of the next day; `shock` is the previous day's own standardised shock, clipped to ±3. One draw per scale. */
  next(stream: Stream, shock: number): number {
    const carried = this.#rho * Math.max(-3, Math.min(3, shock))
    let total = -this.#centre
    for (let j = 0; j < this.levels.length; j++) {
      this.levels[j] = this.#keep[j]! * this.levels[j]! + this.#fresh[j]! * (carried + this.#own * stream.normal())
      total += this.levels[j]!
    }
    return total
  }
}

/** 2^(−1/halfLife), what is left of a deviation after a day: by bisection of powers, from multiplications only. */
export function keepOf(halfLife: number): number {
  let [low, high] = [0, 1]
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2
    let power = 1
    for (let day = 0; day < halfLife; day++) power *= middle
    if (power < 0.5) low = middle
    else high = middle
  }
  return high
}
