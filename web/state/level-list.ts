import type { Reply, StockReply } from '../api.ts'
import type { Adjust } from './page-search.ts'

/** A level of a stock as the server answers it: CNY, in the price scale of `asof`. */
export type Level = Reply<'GET /api/micro/levels'>['rows'][number]

export type LevelRole = Level['type']

/** 观察带半宽: a price within ±0.5 % of a level is at the level (spec microstructure §9). */
export const BAND_PCT = 0.005

/** The score that speaks for the level in the role it has now, and its percentile; null = not tested in the last 20 trading days. */
export function roleScore(level: Pick<Level, 'type' | 'supportScore' | 'supportPct' | 'resistanceScore' | 'resistancePct' | 'flipScore' | 'flipPct'>): {
  readonly score: number | null
  readonly pct: number | null
} {
  switch (level.type) {
    case 'support':
      return { score: level.supportScore, pct: level.supportPct }
    case 'resistance':
      return { score: level.resistanceScore, pct: level.resistancePct }
    default:
      return { score: level.flipScore, pct: level.flipPct }
  }
}

/**
 * What a price of day `asof` is multiplied by to lie on the chart: 1 unadjusted, the factor of the day under 后复权, that over the latest factor under 前复权.
 * A day whose factor is not known takes the last one before it, and 1 where there is none.
 */
export function priceScale(bollinger: StockReply['bollinger'] | undefined, asof: number, adjust: Adjust): number {
  if (adjust === 'none' || bollinger === undefined) return 1
  const { date, adjFactor } = bollinger
  const own = adjFactor.findLast((factor, i) => factor !== null && date[i]! <= asof)
  const latest = adjFactor.findLast((factor) => factor !== null)
  if (own === undefined || own === null) return 1
  return adjust === 'hfq' ? own : own / (latest ?? own)
}

/**
 * Where labels go so that none covers another: as near as possible to where they belong, in the same order, within `top` and `bottom`. `wanted` are centres in
 * ascending order, `height` is that of one label. More labels than fit are pressed together evenly.
 */
export function spreadLabels(wanted: readonly number[], height: number, top: number, bottom: number): readonly number[] {
  const room = Math.min(height, (bottom - top) / Math.max(1, wanted.length))
  // Groups of labels that touch: each lies around the mean of where its members would be.
  const groups: { sum: number; count: number }[] = []
  const startOf = ({ sum, count }: { sum: number; count: number }) => Math.min(bottom - count * room, Math.max(top, sum / count - (count * room) / 2))
  for (const y of wanted) {
    let group = { sum: y, count: 1 }
    for (let before = groups.at(-1); before !== undefined && startOf(before) + before.count * room > startOf(group); before = groups.at(-1)) {
      groups.pop()
      group = { sum: before.sum + group.sum, count: before.count + group.count }
    }
    groups.push(group)
  }
  return groups.flatMap((group) => Array.from({ length: group.count }, (_, i) => startOf(group) + (i + 0.5) * room))
}
