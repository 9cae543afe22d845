import type { Rng } from '#core/rng.ts'

/** 行情状态: the fast regime of the classic model (spec simulator §4.1). */
export type MarketState = 'bull' | 'bear' | 'sideways'

export const MARKET_STATES: readonly MarketState[] = ['bull', 'bear', 'sideways']

interface Regime {
  /** Log drift per year, a fraction. */
  readonly drift: number
  /** Multiplies the annual volatility. */
  readonly volatility: number
  /** Multiplies the traded volume (spec simulator §5.2): panic minutes trade more. */
  readonly volume: number
  /** Probabilities of the next state, in the order of `MARKET_STATES`. */
  readonly next: readonly [number, number, number]
}

/** Drift, volatility and transition row of each state (spec simulator §4.1, §5.2). */
export const REGIMES: Readonly<Record<MarketState, Regime>> = {
  bull: { drift: 0.15, volatility: 1, volume: 1, next: [0.9, 0.02, 0.08] },
  bear: { drift: -0.15, volatility: 1.5, volume: 1.3, next: [0.02, 0.9, 0.08] },
  sideways: { drift: 0, volatility: 0.8, volume: 0.8, next: [0.15, 0.15, 0.7] },
}

/** Long-run share of each state in the order of `MARKET_STATES`: the left eigenvector of the transition matrix (15/38, 15/38, 8/38). */
export const STATIONARY_SHARES: readonly [number, number, number] = [15 / 38, 15 / 38, 8 / 38]

/** The state after one evaluation, from a uniform `u` in [0, 1). */
export function nextRegime(state: MarketState, u: number): MarketState {
  return pick(REGIMES[state].next, u)
}

/** A state drawn from the stationary distribution: how every chain begins unless told otherwise. */
export function stationaryRegime(u: number): MarketState {
  return pick(STATIONARY_SHARES, u)
}

/** Trading minutes until the next evaluation: uniform on 30…120, lunch and nights not counted. */
export function regimeTimer(rng: Rng): number {
  return rng.integer(30, 120)
}

/** What one chain did to each trading day: the exact averages over its minutes. */
export interface RegimeDays {
  /** Mean log drift per year. */
  readonly drift: Float64Array
  /** Mean square of the volatility multiplier. */
  readonly meanSquare: Float64Array
  /** Mean volume multiplier. */
  readonly volume: Float64Array
}

/** Run one chain over `days` trading days of `minutes` minutes; the timer is carried across nights. A longer run begins with the shorter one. */
export function regimeDays(rng: Rng, days: number, minutes = 240): RegimeDays {
  const path = { drift: new Float64Array(days), meanSquare: new Float64Array(days), volume: new Float64Array(days) }
  let state = stationaryRegime(rng.next())
  let timer = regimeTimer(rng)
  for (let day = 0; day < days; day++) {
    for (let left = minutes; left > 0;) {
      const { drift, volatility, volume } = REGIMES[state]
      const stay = Math.min(timer, left)
      const share = stay / minutes
      path.drift[day]! += drift * share
      path.meanSquare[day]! += volatility * volatility * share
      path.volume[day]! += volume * share
      left -= stay
      timer -= stay
      if (timer > 0) continue
      state = nextRegime(state, rng.next())
      timer = regimeTimer(rng)
    }
  }
  return path
}

function pick(shares: readonly [number, number, number], u: number): MarketState {
  return u < shares[0] ? 'bull' : u < shares[0] + shares[1] ? 'bear' : 'sideways'
}
