import { bigTradeThreshold } from '#micro/big-trade-threshold.ts'

/** Five-minute stretches of the session clock: b(t) = ⌊σ / 300⌋, the closing print belongs to the last one. */
export const BUCKETS = 48

/** Standard deviations of the net ratio below this are not believed: a sleepy stock would shout at every trade. */
export const MIN_NET_RATIO_SIGMA = 0.05

/**
 * 基线: what is usual for a stock, known before the session opens (spec intraday §9). CNY and fractions; NaN = not known,
 * and what is compared with it is then NaN too and fires nothing.
 */
export interface Baseline {
  /** Mean daily amount of the previous 20 trading days, CNY. */
  readonly adv20: number
  /** ATR(14) ÷ close of the previous day. */
  readonly atrPct: number
  readonly prevClose: number
  /** NaN on days without a limit. */
  readonly limitUp: number
  readonly limitDown: number
  /** CNY, positive. */
  readonly bigTradeThreshold: number
  readonly isSt: boolean
  /** Mean and standard deviation of the five-minute net ratio, and mean big-trade density, per bucket. */
  readonly netRatioMean: Float64Array
  readonly netRatioSigma: Float64Array
  readonly bigDensityMean: Float64Array
  /** `own` = from the stock's own previous days (five at least), `profile` = the market-wide profile. */
  readonly kind: 'own' | 'profile'
}

/** The bucket of a session second. */
export function bucketOf(sessionSeconds: number): number {
  return Math.min(BUCKETS - 1, Math.floor(sessionSeconds / 300))
}

/** What is known of a stock that has no tick history of its own. */
export type DailyKnowledge = Partial<Pick<Baseline, 'adv20' | 'atrPct' | 'prevClose' | 'limitUp' | 'limitDown' | 'bigTradeThreshold' | 'isSt'>>

const PROFILE_NET_RATIO_MEAN = new Float64Array(BUCKETS)
/** Net ratios lie in [−1, 1]; 0.25 asks for three quarters of the money on one side before z reaches 3. */
const PROFILE_NET_RATIO_SIGMA = new Float64Array(BUCKETS).fill(0.25)
/** The big-trade threshold is the 95th percentile of the stock's trades, so by construction one print in twenty is big. */
const PROFILE_BIG_DENSITY = new Float64Array(BUCKETS).fill(0.05)

/**
 * The market-wide profile for a stock with fewer than five days of ticks: neutral flow, wide spread, every bucket alike. Marked `profile`.
 * Without a big-trade threshold of its own the stock gets the one its turnover suggests (spec microstructure §4, ADV and FIXED).
 */
export function profileBaseline(daily: DailyKnowledge = {}): Baseline {
  const adv20 = daily.adv20 ?? NaN
  return {
    adv20,
    atrPct: NaN,
    prevClose: NaN,
    limitUp: NaN,
    limitDown: NaN,
    bigTradeThreshold: bigTradeThreshold({ p90: NaN, p95: NaN, days: 0, trades: 0, dailyBars: adv20 > 0 ? 20 : 0, meanAmount: adv20 }).threshold,
    isSt: false,
    ...daily,
    netRatioMean: PROFILE_NET_RATIO_MEAN,
    netRatioSigma: PROFILE_NET_RATIO_SIGMA,
    bigDensityMean: PROFILE_BIG_DENSITY,
    kind: 'profile',
  }
}
