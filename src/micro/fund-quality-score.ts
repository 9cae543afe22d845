import { midRanks } from '#numeric/mid-rank.ts'
import { robustZ } from '#numeric/robust-z.ts'
import type { FundQualityField } from './fund-quality.ts'

/** How one metric enters the score. */
export interface ScoredMetric {
  readonly field: FundQualityField
  readonly weight: number
  /** The value that is standardised, from the metric as stored. */
  readonly before: (value: number) => number
  /** What is scored, from the z of that value. */
  readonly after: (z: number) => number
}

const same = (x: number): number => x

/**
 * The seven metrics of spec microstructure §7.3 and their weights. Gains of big buyers peak in use near +5 %: deep under water or far in profit
 * both are sellers. Turnover is best near the median: dead and overheated stocks are both poor.
 */
export const SCORED_METRICS: readonly ScoredMetric[] = Object.freeze([
  { field: 'big_net_ratio_w', weight: 0.25, before: same, after: same },
  { field: 'support_ratio', weight: 0.2, before: same, after: same },
  { field: 'pos_days_ratio', weight: 0.15, before: same, after: same },
  { field: 'trend_corr', weight: 0.15, before: same, after: same },
  { field: 'price_return', weight: 0.1, before: same, after: same },
  { field: 'big_cost_gain', weight: 0.1, before: (gain) => -Math.abs(gain - 0.05), after: same },
  { field: 'turnover_ratio', weight: 0.05, before: same, after: (z) => -Math.abs(z) },
] satisfies readonly ScoredMetric[])

export interface FundQualityScoreParams {
  /** Fewest rows of the day, and of the pooled last 60 trading days, that can serve as a reference. */
  readonly minDay: number
  readonly minPool: number
  /** Logistic steepness: 1.702 makes it follow the normal distribution. */
  readonly steepness: number
}

/** The defaults of spec microstructure §7.3. */
export const FUND_QUALITY_SCORE_PARAMS: FundQualityScoreParams = Object.freeze({ minDay: 20, minPool: 60, steepness: 1.702 })

/** Rows of `stock_fund_quality` whose status is OK, as columns; NaN = null. */
export type FundQualityRows = { readonly length: number } & Readonly<Record<FundQualityField, Float64Array>>

/** One metric's part in the score of every row. */
interface ScoreComponent {
  readonly field: FundQualityField
  readonly weight: number
  /** Where median and spread came from; `none`: too few values anywhere, every z is 0. */
  readonly reference: 'day' | 'pool' | 'none'
  /** The z that is scored, in [-3, 3]; 0 where the metric is null. */
  readonly z: Float64Array
  /** weight × z. */
  readonly contribution: Float64Array
}

/** 资金质量评分 of one day's rows. With status NO_REFERENCE the three columns are NaN. */
export interface FundQualityScores {
  readonly status: 'OK' | 'NO_REFERENCE'
  readonly z: Float64Array
  /** 1 ÷ (1 + e^(−1.702 z)), in (0, 1). */
  readonly score: Float64Array
  /** Mid-rank of z among the day's rows, 0 to 1. */
  readonly pct: Float64Array
  readonly components: readonly ScoreComponent[]
}

/**
 * 资金质量评分: standardise the seven metrics across the day's rows and add them up by weight (spec microstructure §7.3). A null metric counts as
 * average (z = 0). A day with fewer than 20 rows leans on `pool`, the rows of the last 60 trading days including this one; without 60 of those
 * there is nothing to compare with. A metric that is null so often that neither reference is large enough counts as average for everyone.
 */
export function scoreFundQuality(
  day: FundQualityRows,
  pool: FundQualityRows | undefined,
  params: FundQualityScoreParams = FUND_QUALITY_SCORE_PARAMS,
): FundQualityScores {
  const hasReference = day.length >= params.minDay || (pool !== undefined && pool.length >= params.minPool)
  if (!hasReference) {
    const unknown = new Float64Array(day.length).fill(NaN)
    return { status: 'NO_REFERENCE', z: unknown, score: unknown, pct: unknown, components: [] }
  }
  const components = SCORED_METRICS.map((metric) => scoreMetric(metric, day, pool, params))
  const z = new Float64Array(day.length)
  for (const { contribution } of components) for (let row = 0; row < z.length; row++) z[row]! += contribution[row]!
  return { status: 'OK', z, score: z.map((one) => 1 / (1 + Math.exp(-params.steepness * one))), pct: midRanks(z), components }
}

function scoreMetric(metric: ScoredMetric, day: FundQualityRows, pool: FundQualityRows | undefined, params: FundQualityScoreParams): ScoreComponent {
  const own = day[metric.field].map(metric.before)
  const pooled = pool?.[metric.field].map(metric.before)
  const reference = countKnown(own) >= params.minDay ? 'day' : pooled !== undefined && countKnown(pooled) >= params.minPool ? 'pool' : 'none'
  const z = reference === 'none' ? new Float64Array(day.length) : robustZ(own, reference === 'day' ? own : pooled!)
  const scored = z.map(metric.after)
  return { field: metric.field, weight: metric.weight, reference, z: scored, contribution: scored.map((one) => metric.weight * one) }
}

function countKnown(values: Float64Array): number {
  let known = 0
  for (const value of values) if (!Number.isNaN(value)) known++
  return known
}
