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
export function regimeTimer(rng: Pick<Rng, 'integer'>): number {
  return rng.integer(30, 120)
}

/** Where a chain stands when a trading day begins: the state and the trading minutes until the next evaluation. */
export interface RegimeState {
  state: MarketState
  timer: number
}

/** A chain at its beginning: a state of the stationary distribution and a fresh timer. */
export function beginRegime(rng: Pick<Rng, 'next' | 'integer'>): RegimeState {
  return { state: stationaryRegime(rng.next()), timer: regimeTimer(rng) }
}

/** What one chain did to a trading day: the exact averages over its minutes. */
export interface RegimeDay {
  /** Mean log drift per year. */
  drift: number
  /** Mean square of the volatility multiplier. */
  meanSquare: number
  /** Mean volume multiplier. */
  volume: number
}

/**
 * Walk a chain through one trading day of `minutes` minutes and leave it at the close: the timer is carried across the night. Fills and returns `out`. `tell` hears of
 * every state at the trading minute from which it holds, the first at 0.
 */
export function walkRegimeDay(
  chain: RegimeState,
  rng: Pick<Rng, 'next' | 'integer'>,
  out: RegimeDay = { drift: 0, meanSquare: 0, volume: 0 },
  minutes = 240,
  tell?: (minute: number, state: MarketState) => void,
): RegimeDay {
  tell?.(0, chain.state)
  out.drift = out.meanSquare = out.volume = 0
  for (let left = minutes; left > 0;) {
    const { drift, volatility, volume } = REGIMES[chain.state]
    const stay = Math.min(chain.timer, left)
    const share = stay / minutes
    out.drift += drift * share
    out.meanSquare += volatility * volatility * share
    out.volume += volume * share
    left -= stay
    chain.timer -= stay
    if (chain.timer > 0) continue
    chain.state = nextRegime(chain.state, rng.next())
    chain.timer = regimeTimer(rng)
    if (left > 0) tell?.(minutes - left, chain.state)
  }
  return out
}

/** Where a chain stands at the end of each trading minute of a day; place 0 is the open. */
export interface RegimeMinutes {
  /** Index of `MARKET_STATES`. */
  readonly state: Uint8Array
  /** Trading minutes until the next evaluation. */
  readonly left: Uint8Array
}

/** The day that `walkRegimeDay` walks, minute by minute, from the same start and the same chance; the chain itself stays where it is. */
export function regimeMinutes({ state: first, timer: begun }: Readonly<RegimeState>, rng: Pick<Rng, 'next' | 'integer'>, minutes = 240): RegimeMinutes {
  const out = { state: new Uint8Array(minutes + 1), left: new Uint8Array(minutes + 1) }
  let [state, timer] = [first, begun]
  for (let minute = 0; minute <= minutes; minute++) {
    if (minute > 0 && --timer === 0) {
      state = nextRegime(state, rng.next())
      timer = regimeTimer(rng)
    }
    out.state[minute] = MARKET_STATES.indexOf(state)
    out.left[minute] = timer
  }
  return out
}

function pick(shares: readonly [number, number, number], u: number): MarketState {
  return u < shares[0] ? 'bull' : u < shares[0] + shares[1] ? 'bear' : 'sideways'
}
