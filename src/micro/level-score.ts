import { midRankSorted } from '#numeric/mid-rank.ts'
import { LEVEL_SCORE_PARAMS, type LevelScoreParams } from './level-test-scores.ts'

/** One scored test of a level. */
export interface AgedScore {
  /** Trading days before the day of the aggregate, 0 = the day itself. */
  readonly age: number
  /** value_total of the test, CNY. */
  readonly amount: number
  /** One of the three scores; NaN is left out. */
  readonly score: number
}

/** 价位评分 of a level on a day. */
export interface LevelScore {
  /** S_L in 0 to 1; NaN without a test in the window. */
  readonly score: number
  readonly tests: number
  /** Σ ω, without the prior. */
  readonly weightSum: number
}

/**
 * 价位评分 S_L (spec microstructure §9.4): the mean of the test scores of the last `days` trading days, recent and well-traded ones weighing more, pulled to 0.5 by a
 * prior. `meanAmount` is adv in CNY; NaN gives no score. Tests with a negative age, older than the window or without a score are left out.
 */
export function aggregateLevelScore(tests: readonly AgedScore[], meanAmount: number, params: LevelScoreParams = LEVEL_SCORE_PARAMS): LevelScore {
  let weighted = params.priorWeight * 0.5
  let weightSum = 0
  let counted = 0
  for (const { age, amount, score } of tests) {
    if (!(age >= 0 && age < params.days) || Number.isNaN(score)) continue
    const weight = 0.5 ** (age / params.halfLife) * Math.min(params.maxWeight, Math.sqrt(amount / (params.fullShare * meanAmount)))
    weighted += weight * score
    weightSum += weight
    counted++
  }
  const score = counted === 0 ? NaN : weighted / (weightSum + params.priorWeight)
  return { score, tests: counted, weightSum }
}

/** Where a score stands, and against what. */
export interface LevelPercentile {
  /** Mid-rank in 0 to 1; NaN without a reference. */
  readonly pct: number
  readonly reference: 'own' | 'cross' | undefined
}

/**
 * 历史百分位 of S_L (spec microstructure §9.4): against the stock's own values of the last 250 days where 30 are known, else against the pool's of the last 60 days
 * where 100 are, else none. Both references hold only what was known before the day's close, known values alone, ascending.
 */
export function levelPercentile(score: number, own: Float64Array, cross: Float64Array, params: LevelScoreParams = LEVEL_SCORE_PARAMS): LevelPercentile {
  const reference = own.length >= params.minOwn ? 'own' : cross.length >= params.minCross ? 'cross' : undefined
  if (reference === undefined || Number.isNaN(score)) return { pct: NaN, reference: undefined }
  return { pct: midRankSorted(reference === 'own' ? own : cross, score), reference }
}
