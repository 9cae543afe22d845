import { midRanks } from '#numeric/mid-rank.ts'
import { neweyWest } from '#numeric/newey-west.ts'

/** One day's cross-section: a score per stock and its forward returns (fractions), one column per horizon. NaN = unknown. */
export interface ScoredDay {
  readonly score: Float64Array
  readonly forward: readonly Float64Array[]
}

/** Mean over days of the day's mean, with the t that overlapping horizons leave (Newey–West, lag = horizon). */
export interface QuintileCell {
  readonly mean: number
  readonly t: number
  /** Days that had a value. */
  readonly days: number
}

export interface QuintileHorizon {
  readonly horizon: number
  /** From the lowest scores to the highest. */
  readonly groups: readonly QuintileCell[]
  /** Top minus bottom, over the days that had both. */
  readonly spread: QuintileCell
}

export interface QuintileOptions {
  /** Market days ahead, one per forward column. */
  readonly horizons: readonly number[]
  readonly groups: number
  /** Days with fewer known scores are left out. */
  readonly minimum: number
}

/** 1, 3, 5 and 10 days by fifths of days with at least 20 scores (spec microstructure §7.3). */
export const DEFAULT_QUINTILES: QuintileOptions = { horizons: [1, 3, 5, 10], groups: 5, minimum: 20 }

/**
 * 分层收益: forward returns by fifth of the score, per day and then averaged. Ranks are mid-ranks among the day's known scores, so equal scores
 * share a group and nothing from another day is used; a stock without a forward return is ranked but not averaged.
 * Throws RangeError when a column is not as long as the scores or there is not one per horizon.
 */
export function quintileReport(days: readonly ScoredDay[], { horizons, groups, minimum }: QuintileOptions = DEFAULT_QUINTILES): QuintileHorizon[] {
  const daily = horizons.map(() => Array.from({ length: groups }, () => new Float64Array(days.length).fill(NaN)))
  days.forEach(({ score, forward }, day) => {
    if (forward.length !== horizons.length || forward.some((column) => column.length !== score.length))
      throw new RangeError(
        `Cannot split by score: ${horizons.length} forward columns of ${score.length} stocks are needed, found ${forward.map((x) => x.length).join(', ')}`,
      )
    if (score.reduce((count, value) => count + (Number.isNaN(value) ? 0 : 1), 0) < minimum) return
    const groupOf = midRanks(score).map((rank) => Math.min(groups - 1, Math.floor(rank * groups)))
    forward.forEach((column, h) => {
      const sums = new Float64Array(groups)
      const counts = new Float64Array(groups)
      for (let i = 0; i < column.length; i++) {
        const group = groupOf[i]!
        const value = column[i]!
        if (Number.isNaN(group + value)) continue
        sums[group]! += value
        counts[group]!++
      }
      for (let group = 0; group < groups; group++) daily[h]![group]![day] = sums[group]! / counts[group]!
    })
  })
  return horizons.map((horizon, h) => {
    const columns = daily[h]!
    const cell = (values: Float64Array): QuintileCell => {
      const { mean, t, count } = neweyWest(values, horizon)
      return { mean, t, days: count }
    }
    return { horizon, groups: columns.map(cell), spread: cell(columns.at(-1)!.map((top, day) => top - columns[0]![day]!)) }
  })
}
