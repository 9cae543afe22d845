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

/** What a stock's news consist of. */
export type NewsKind = 'news' | 'earnings' | 'unlock' | 'buy_back'

/** Who is told of each piece of news as it is drawn: its log return, and for a statement its surprise. */
export type NewsListener = (kind: NewsKind, size: number, surprise: number) => void

const NEWS_RATE = 6 / DAYS_PER_YEAR
const SUPPLY_RATE = 0.3 / DAYS_PER_YEAR
const DRIFT_DAYS = 20
const SUPPLY_DAYS = 10

/**
 * Log return before the open from company news (6 a year, 2.5 %), and from a statement announced since the day before (`surprise` in standard
 * deviations, NaN = none: 1.2 % per unit and 3.5 % of noise; spec simulator §8). `rate` multiplies the chances. Always the same number of draws, whoever listens.
 */
export function overnightNews(state: NewsState, surprise: number, stream: Stream, rate = 1, tell?: NewsListener): number {
  const [u, news, noise, v, size] = [stream.next(), stream.normal(), stream.normal(), stream.next(), stream.next()]
  if (v < rate * SUPPLY_RATE) {
    state.supplyDrift = ((v < (rate * SUPPLY_RATE) / 2 ? -1 : 1) * (0.01 + 0.02 * size)) / SUPPLY_DAYS
    state.supplyLeft = SUPPLY_DAYS
    tell?.(v < SUPPLY_RATE / 2 ? 'unlock' : 'buy_back', state.supplyDrift * SUPPLY_DAYS, NaN)
  }
  let jump = u < rate * NEWS_RATE ? 0.025 * news : 0
  if (jump !== 0) tell?.('news', jump, NaN)
  if (!Number.isNaN(surprise)) {
    const reaction = 0.012 * surprise + 0.035 * noise
    state.earningsDrift = (0.3 * reaction) / DRIFT_DAYS
    state.earningsLeft = DRIFT_DAYS
    jump += reaction
    tell?.('earnings', reaction, surprise)
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
