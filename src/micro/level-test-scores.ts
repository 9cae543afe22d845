import type { LevelTest } from './level-tests.ts'
import type { PriceLevel } from './price-level.ts'

/** Weights of absorption, hold (or failed attacks), reaction and dried-up turnover. */
export interface ScoreWeights {
  readonly absorption: number
  readonly hold: number
  readonly reaction: number
  readonly dryness: number
}

/** Settings of spec microstructure §9.3. */
export interface LevelScoreParams {
  /** Scales of big_net_ratio and order_flow_imbalance. */
  readonly kb: number
  readonly ko: number
  /** Share of the mean daily amount from which a test counts in full. */
  readonly fullShare: number
  /** Tests from which the attack counts as tired. */
  readonly fullAttempts: number
  readonly support: ScoreWeights
  readonly resistance: ScoreWeights
  readonly flip: ScoreWeights
  /** Level aggregates (§9.4): tests of this many trading days, ages halving, the most one test weighs, and the weight of the neutral prior. */
  readonly days: number
  readonly halfLife: number
  readonly maxWeight: number
  readonly priorWeight: number
  /** Fewest reference values of the stock's own (over `ownDays` trading days) and of the pool's (over `crossDays`) for a percentile. */
  readonly minOwn: number
  readonly ownDays: number
  readonly minCross: number
  readonly crossDays: number
}

/** The defaults of spec microstructure §9.3 and §9.4. */
export const LEVEL_SCORE_PARAMS: LevelScoreParams = Object.freeze({
  kb: 0.15,
  ko: 0.25,
  fullShare: 0.01,
  fullAttempts: 3,
  support: Object.freeze({ absorption: 0.4, hold: 0.3, reaction: 0.3, dryness: 0 }),
  resistance: Object.freeze({ absorption: 0.4, hold: 0.3, reaction: 0.3, dryness: 0 }),
  flip: Object.freeze({ absorption: 0.35, hold: 0.25, reaction: 0.25, dryness: 0.15 }),
  days: 20,
  halfLife: 10,
  maxWeight: 2,
  priorWeight: 1,
  minOwn: 30,
  ownDays: 250,
  minCross: 100,
  crossDays: 60,
})

/** What scoring reads of a test. */
export type ScoredTest = Pick<
  LevelTest,
  | 'approach'
  | 'exitSide'
  | 'isScored'
  | 'bigNetRatio'
  | 'orderFlowImbalance'
  | 'maxPenetration'
  | 'timeAbove'
  | 'timeBelow'
  | 'attempts'
  | 'amount'
  | 'valuePerMinute'
  | 'futureReturn30m'
  | 'future30mKnownAt'
  | 'tConfirm'
>

/** What scoring needs to know of the stock and level. */
export interface ScoreContext {
  readonly type: PriceLevel['type']
  /** Half-width of the band the test used, a fraction (`LevelBand.ratio`). */
  readonly band: number
  /** adv: mean amount of the previous 20 days, CNY; NaN when not known, which leaves the test without a score. */
  readonly meanAmount: number
  /** r_ref (`reactionScale`). */
  readonly reactionScale: number
  /** CNY per minute of the day a flip broke out (`breakValuePerMinute`); NaN when not known. */
  readonly breakValuePerMinute: number
}

/** 承接评分 of one test, 0 to 1 with 0.5 neutral; NaN = null. */
export interface LevelTestScores {
  /** Which of the three scores applies; undefined: none, every number is NaN. */
  readonly kind: PriceLevel['type'] | undefined
  /** A: buying. A resistance score uses 1 − A. */
  readonly absorption: number
  /** H, or F of a resistance. */
  readonly hold: number
  /** R. A resistance score uses 1 − R. */
  readonly reaction: number
  /** V, of flips only. */
  readonly dryness: number
  /** q: how far the test's turnover lets it leave 0.5. */
  readonly quantity: number
  readonly raw: number
  readonly score: number
  /** When `score` is known, epoch ms: with the reaction, or without one at confirmation. */
  readonly knownAt: number
  /** The same without the reaction, known at confirmation: the only score live code may use. */
  readonly exante: number
}

const NOT_APPLICABLE: LevelTestScores = Object.freeze({
  kind: undefined,
  absorption: NaN,
  hold: NaN,
  reaction: NaN,
  dryness: NaN,
  quantity: NaN,
  raw: NaN,
  score: NaN,
  knownAt: NaN,
  exante: NaN,
})

/**
 * 承接评分 (spec microstructure §9.3): support and flip are scored when approached from above, resistance from below; other tests and those not
 * `isScored` have none. Null components are left out and the other weights rescaled; thin tests are pulled to 0.5.
 */
export function scoreLevelTest(test: ScoredTest, context: ScoreContext, params: LevelScoreParams = LEVEL_SCORE_PARAMS): LevelTestScores {
  const { type } = context
  if (!test.isScored || test.approach !== (type === 'resistance' ? 'below' : 'above')) return NOT_APPLICABLE
  const isResistance = type === 'resistance'
  const absorption = absorptionOf(test, params)
  const hold = isResistance ? failedAttacks(test, context.band, params) : holdOf(test, context.band)
  const reaction = clamp01(0.5 + test.futureReturn30m / (2 * context.reactionScale))
  const dryness = type === 'flip' ? clamp01(1.5 - test.valuePerMinute / context.breakValuePerMinute) : NaN
  const quantity = Math.min(1, test.amount / 1000 / (params.fullShare * context.meanAmount))
  const parts = { absorption: isResistance ? 1 - absorption : absorption, hold, reaction: isResistance ? 1 - reaction : reaction, dryness }
  const raw = weighted(parts, params[type])
  return {
    kind: type,
    absorption,
    hold,
    reaction,
    dryness,
    quantity,
    raw,
    score: pulled(raw, quantity),
    knownAt: Number.isNaN(reaction) ? test.tConfirm : test.future30mKnownAt,
    exante: pulled(weighted({ ...parts, reaction: NaN }, params[type]), quantity),
  }
}

/** Minutes of a trading day with prices of their own: continuous trading of 14,220 seconds. */
const DAY_MINUTES = 237

/** value_per_min_break: mean CNY per minute of the day a flip broke out, from that day's amount in CNY. */
export function breakValuePerMinute(amount: number): number {
  return amount / DAY_MINUTES
}

/** A. */
function absorptionOf({ bigNetRatio, orderFlowImbalance }: ScoredTest, { kb, ko }: LevelScoreParams): number {
  return clamp01(0.5 + 0.5 * (0.6 * Math.tanh(bigNetRatio / kb) + 0.4 * Math.tanh(orderFlowImbalance / ko)))
}

/** H: shallow penetration, and time spent on the right side. */
function holdOf({ maxPenetration, timeAbove, timeBelow }: ScoredTest, band: number): number {
  const sided = timeAbove + timeBelow
  const share = sided === 0 ? 0.5 : timeAbove / sided
  return 0.7 * shallowness(maxPenetration, band) + 0.3 * share
}

/** F: shallow penetration, repeated attacks, halved when the last one got through. */
function failedAttacks({ maxPenetration, attempts, exitSide }: ScoredTest, band: number, { fullAttempts }: LevelScoreParams): number {
  const failed = 0.7 * shallowness(maxPenetration, band) + 0.3 * Math.min(1, attempts / fullAttempts)
  return exitSide === 'above' ? 0.5 * failed : failed
}

function shallowness(penetration: number, band: number): number {
  return clamp01(1 - penetration / (3 * band))
}

/** Weighted mean of the parts that are known; NaN when none is. */
function weighted(parts: ScoreWeights, weights: ScoreWeights): number {
  let sum = 0
  let total = 0
  for (const part of ['absorption', 'hold', 'reaction', 'dryness'] as const) {
    if (Number.isNaN(parts[part])) continue
    sum += weights[part] * parts[part]
    total += weights[part]
  }
  return total > 0 ? sum / total : NaN
}

function pulled(raw: number, quantity: number): number {
  return 0.5 + (raw - 0.5) * quantity
}

function clamp01(x: number): number {
  return Math.min(1, Math.max(0, x))
}
