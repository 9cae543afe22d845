import { midRanks } from '#numeric/mid-rank.ts'
import { pearson } from '#numeric/pearson.ts'

/** A number per stock and day, one row per stock; NaN where it is not known or the stock does not trade. */
export type StockDays = readonly Float64Array[]

/** Fewer pairs than this say nothing about a day (spec factors-and-ic §5.1). */
const LEAST_PAIRS = 10

/**
 * RankIC of each day: the rank correlation over the stocks of a signal on day t with the return of day t + lag; lag 1 is the next day, 0 the same, −1 the one before.
 * NaN on a day with fewer than ten pairs.
 */
export function rankIcs(signals: StockDays, returns: StockDays, lag: number): Float64Array {
  const days = signals[0]?.length ?? 0
  return Float64Array.from({ length: days }, (_, day) => {
    const pairs = signals.flatMap((signal, k): (readonly [number, number])[] => {
      const pair = [signal[day]!, returns[k]![day + lag] ?? NaN] as const
      return Number.isNaN(pair[0]) || Number.isNaN(pair[1]) ? [] : [pair]
    })
    if (pairs.length < LEAST_PAIRS) return NaN
    return pearson(midRanks(Float64Array.from(pairs, ([x]) => x)), midRanks(Float64Array.from(pairs, ([, y]) => y)))
  })
}

/** Mean over the days that have one, its standard error and their ratio. */
export function meanIc(ics: Float64Array): { readonly mean: number; readonly error: number; readonly t: number } {
  const known = ics.filter((ic) => !Number.isNaN(ic))
  const mean = known.reduce((sum, ic) => sum + ic, 0) / known.length
  const variance = known.reduce((sum, ic) => sum + (ic - mean) ** 2, 0) / (known.length - 1)
  const error = Math.sqrt(variance / known.length)
  return { mean, error, t: mean / error }
}

/**
 * 未来函数警戒: whether a signal's row already holds the return of its own day (spec factors-and-ic §4). A signal that knows about tomorrow is at its best tomorrow; one whose
 * correlation with the same or the day before is as large was written down after the fact. Says nothing about a signal without any correlation.
 */
export function looksAhead(signals: StockDays, returns: StockDays): boolean {
  const [before, same, next] = [-1, 0, 1].map((lag) => meanIc(rankIcs(signals, returns, lag)))
  const strongest = Math.max(Math.abs(before!.mean), Math.abs(same!.mean))
  const isThere = [before!, same!, next!].some(({ t }) => Math.abs(t) >= 3)
  return isThere && strongest >= Math.abs(next!.mean)
}
