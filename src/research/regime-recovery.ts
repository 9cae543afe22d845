import type { Rng } from '#core/rng.ts'
import { MINUTE_YEARS, generateNextKline } from '#market/classic-kline.ts'
import { MARKET_STATES, nextRegime, REGIMES, regimeTimer, stationaryRegime, STATIONARY_SHARES, type MarketState } from '#market/regime.ts'
import { exp, ln } from '#numeric/fmath.ts'

/** Mean of the timer of 30 to 120 trading minutes. */
const MEAN_TIMER = 75

/** Prices so high that the tick of 0.01 hides nothing. */
const PRICE = 1000

const SIGMA = 0.3

/** Log returns per minute, and the regime each was drawn in. */
export interface RegimeRun {
  readonly returns: Float64Array
  readonly states: readonly MarketState[]
}

/** One run of the classic model. */
export function regimeRun(minutes: number, rng: Rng): RegimeRun {
  const returns = new Float64Array(minutes)
  const states: MarketState[] = []
  let [price, state, timer] = [PRICE, stationaryRegime(rng.next()), regimeTimer(rng)]
  for (let minute = 0; minute < minutes; minute++) {
    states.push(state)
    const { price: after } = generateNextKline({ price, state, baseVolume: 1000, sigma: SIGMA, rng })
    returns[minute] = ln(after / price)
    price = after
    if (--timer > 0) continue
    state = nextRegime(state, rng.next())
    timer = regimeTimer(rng)
  }
  return { returns, states }
}

/**
 * 状态识别基线: the regime of each minute as a hidden Markov filter sees it, from the returns up to that minute alone (Hamilton 1989). It knows the model's parameters and
 * takes a change to be as likely in every minute as it is on average.
 */
export function filterRegimes(returns: Float64Array): readonly MarketState[] {
  const sd = MARKET_STATES.map((state) => SIGMA * REGIMES[state].volatility * Math.sqrt(MINUTE_YEARS))
  let belief: readonly number[] = STATIONARY_SHARES
  return Array.from(returns, (x) => {
    const ahead = MARKET_STATES.map((_, to) =>
      MARKET_STATES.reduce((sum, from, k) => sum + belief[k]! * ((k === to ? 1 - 1 / MEAN_TIMER : 0) + REGIMES[from].next[to]! / MEAN_TIMER), 0),
    )
    const weighed = ahead.map((share, k) => (share * exp((-0.5 * x * x) / (sd[k]! * sd[k]!))) / sd[k]!)
    const whole = weighed.reduce((sum, weight) => sum + weight, 0)
    belief = weighed.map((weight) => weight / whole)
    return MARKET_STATES[belief.indexOf(Math.max(...belief))]!
  })
}

/** 平衡准确率: the mean over the classes of the share found of each. A class that does not occur does not count. */
export function balancedAccuracy<Label extends string>(truth: readonly Label[], found: readonly Label[]): number {
  const shares = [...new Set(truth)].map((label) => {
    const of = truth.flatMap((own, i) => (own === label ? [found[i] === label] : []))
    return of.filter(Boolean).length / of.length
  })
  return shares.reduce((sum, share) => sum + share, 0) / shares.length
}
