import type { Stream } from './keyed-stream.ts'
import { DAYS_PER_YEAR } from './market-factors.ts'

/** What lingers of a stock's news: daily log drifts and the days they have left. Copied into a checkpoint. */
export interface NewsState {
  /** 业绩漂移: after a statement 0.3 of its jump follows over 20 days. */
  earningsDrift: number
  earningsLeft: number
  /** 解禁与回购: 1…3 % over ten days. */
  supplyDrift: number
  supplyLeft: number
}

const NEWS_RATE = 6 / DAYS_PER_YEAR
const SUPPLY_RATE = 0.3 / DAYS_PER_YEAR
const DRIFT_DAYS = 20
const SUPPLY_DAYS = 10

/**
 * Log return before the open from company news (6 a year, 2.5 %), and from a statement announced since the day before (`surprise` in standard
 * deviations, NaN = none: 1.2 % per unit and 3.5 % of noise; spec simulator §8). `rate` multiplies the chances. Always the same number of draws.
 */
export function overnightNews(state: NewsState, surprise: number, stream: Stream, rate = 1): number {
  const [u, news, noise, v, size] = [stream.next(), stream.normal(), stream.normal(), stream.next(), stream.next()]
  if (v < rate * SUPPLY_RATE) {
    state.supplyDrift = ((v < (rate * SUPPLY_RATE) / 2 ? -1 : 1) * (0.01 + 0.02 * size)) / SUPPLY_DAYS
    state.supplyLeft = SUPPLY_DAYS
  }
  let jump = u < rate * NEWS_RATE ? 0.025 * news : 0
  if (!Number.isNaN(surprise)) {
    const reaction = 0.012 * surprise + 0.035 * noise
    state.earningsDrift = (0.3 * reaction) / DRIFT_DAYS
    state.earningsLeft = DRIFT_DAYS
    jump += reaction
  }
  return jump
}

/** The session's share of what lingers; counts the days down. */
export function lingeringDrift(state: NewsState): number {
  let drift = 0
  if (state.earningsLeft > 0) {
    drift += state.earningsDrift
    state.earningsLeft--
  }
  if (state.supplyLeft > 0) {
    drift += state.supplyDrift
    state.supplyLeft--
  }
  return drift
}
