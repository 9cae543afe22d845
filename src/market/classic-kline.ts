import type { Rng } from '#core/rng.ts'
import { exp, ln } from '#numeric/fmath.ts'
import { REGIMES, nextRegime, regimeTimer, type MarketState } from './regime.ts'

/** One minute of the classic model, in years: 240 minutes a day, 243 days a year. */
export const MINUTE_YEARS = 1 / (240 * 243)

/** Annual volatility of the classic model before the regime's multiplier. */
const CLASSIC_VOLATILITY = 0.3

/** Prices in CNY on the 0.01 tick, volume in shares, amount in CNY. */
export interface Kline {
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
  readonly volume: number
  readonly amount: number
}

/** Exact discretisation of dS = μS dt + σS dW: the price after `dt` years for a standard normal `z` (spec simulator §4.1). */
export function stepPrice(price: number, drift: number, volatility: number, dt: number, z: number): number {
  return price * exp((drift - 0.5 * volatility * volatility) * dt + volatility * Math.sqrt(dt) * z)
}

/** High and low of a Brownian bridge from `open` to `close` with log standard deviation `sd`, from two uniforms in (0, 1]. */
export function bridgeExtremes(open: number, close: number, sd: number, u1: number, u2: number): { readonly high: number; readonly low: number } {
  const x = ln(close / open)
  return {
    high: open * exp((x + Math.sqrt(x * x - 2 * sd * sd * ln(u1))) / 2),
    low: open * exp((x - Math.sqrt(x * x - 2 * sd * sd * ln(u2))) / 2),
  }
}

/** `max(0.3 base, base (1 + 10 |move|) U(0.7, 1.3))` in whole shares, from a uniform `u` in [0, 1) (spec simulator §5.1). */
export function classicVolume(baseVolume: number, move: number, u: number): number {
  return Math.round(Math.max(0.3 * baseVolume, baseVolume * (1 + 10 * move) * (0.7 + 0.6 * u)))
}

/** What `volume` shares at the mean of a bar’s four prices come to, the mean rounded to the tick. */
export function classicAmount(volume: number, open: number, high: number, low: number, close: number): number {
  return (volume * Math.round((open + high + low + close) * 25)) / 100
}

/** Everything one classic bar depends on. `sigma` per year, `dt` in years, `baseVolume` in shares. */
export interface KlineRequest {
  readonly price: number
  readonly state: MarketState
  readonly baseVolume: number
  readonly sigma?: number
  readonly dt?: number
  /** How the move enters the volume: 1 % counts as 0.01 (`fraction`, ×1.10) or as 1 (`percent`, ×11). */
  readonly retUnit?: 'fraction' | 'percent'
  readonly rng: Pick<Rng, 'next' | 'normal'>
}

/**
 * One bar of the classic model: geometric Brownian motion in the given regime, bridge extremes, volume `max(0.3 base, base (1 + 10 |ret|) U(0.7, 1.3))`
 * (spec simulator §4.1, §5.1). `price` is the unrounded close, the start of the next bar.
 */
export function generateNextKline({
  price,
  state,
  baseVolume,
  sigma = CLASSIC_VOLATILITY,
  dt = MINUTE_YEARS,
  retUnit = 'fraction',
  rng,
}: KlineRequest): Kline & {
  readonly price: number
} {
  const regime = REGIMES[state]
  const volatility = sigma * regime.volatility
  const after = stepPrice(price, regime.drift, volatility, dt, rng.normal())
  const extremes = bridgeExtremes(price, after, volatility * Math.sqrt(dt), 1 - rng.next(), 1 - rng.next())
  const [open, close] = [toTick(price), toTick(after)]
  const [high, low] = [Math.max(toTick(extremes.high), open, close), Math.min(toTick(extremes.low), open, close)]
  const volume = classicVolume(baseVolume, Math.abs(close / open - 1) * (retUnit === 'percent' ? 100 : 1), rng.next())
  return { open, high, low, close, volume, amount: classicAmount(volume, open, high, low, close), price: after }
}

/** A run of classic bars with the regime chain: the state is evaluated when its timer of trading minutes ends (one bar = one minute). */
export function generateKlineSequence(request: {
  readonly initialPrice: number
  readonly numBars: number
  readonly initialState: MarketState
  readonly baseVolume: number
  readonly rng: Rng
}): { readonly klines: readonly Kline[]; readonly finalState: MarketState; readonly timerLeft: number } {
  const { rng, baseVolume } = request
  const klines: Kline[] = []
  let { initialPrice: price, initialState: state } = request
  let timer = regimeTimer(rng)
  for (let bar = 0; bar < request.numBars; bar++) {
    const { price: after, ...kline } = generateNextKline({ price, state, baseVolume, rng })
    klines.push(kline)
    price = after
    timer -= 1
    if (timer > 0) continue
    state = nextRegime(state, rng.next())
    timer = regimeTimer(rng)
  }
  return { klines, finalState: state, timerLeft: timer }
}

function toTick(price: number): number {
  return Math.max(1, Math.floor(price * 100 + 0.5)) / 100
}
