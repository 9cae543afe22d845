import type { Code } from './code.ts'
import type { EpochMs, TradeDate } from './trade-date.ts'

/** How fine the data behind a score were: from ticks, from minute bars, or not measured at all (spec backtest §8). Never pooled silently. */
export type DataGrade = 'TICK' | 'BAR' | 'NONE'

/**
 * 候选: one stock selected after the close of `date` for the next market day (spec microstructure §10). Prices in CNY in the basis of `validFor`
 * (ex-rights applied). A missing figure is absent, never NaN.
 */
export interface CandidateRow {
  readonly date: TradeDate
  /** The first market day on which it may be bought. */
  readonly validFor: TradeDate
  readonly code: Code
  readonly supportPrice: number
  readonly supportLevelId: string
  readonly resistancePrice?: number
  /** Fraction below the support that breaks it. */
  readonly stopPct: number
  /** [0, 1]; the order in which candidates receive cash. */
  readonly rankScore: number
  /** Percentile ranks, [0, 1]. */
  readonly qualityPct?: number
  readonly supportPct?: number
  readonly resistancePct?: number
  readonly grade: DataGrade
  /** First instant at which every input existed. Absent: 20:00 of `date`. */
  readonly knownAt?: EpochMs
  /** Why it was selected, carried to its trades. */
  readonly reasons?: Readonly<Record<string, number | string | boolean>>
}

/** 价位资金: the flow of one day within the band of one support, both in [−1, 1] (spec microstructure §11.3 S1). */
export interface LevelFlowRow {
  readonly code: Code
  readonly date: TradeDate
  readonly levelId: string
  readonly bigNetRatio: number
  readonly orderFlowImbalance: number
  /** First instant at which it was known. Absent: the close (15:00) of `date`. */
  readonly knownAt?: EpochMs
}
