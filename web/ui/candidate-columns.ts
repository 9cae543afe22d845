import { createColumnHelper, createSortedRowModel, metaHelper, rowSortingFeature, tableFeatures } from '@tanstack/react-table'
import type { Candidate } from '../api.ts'
import type { zhCN } from '../text/zh-CN.ts'

/** How a column is drawn: header text, unit under it, width in px, the column of `ads_candidate_daily` the dictionary explains. */
export interface ColumnLook {
  readonly unit: keyof (typeof zhCN)['units'] | undefined
  readonly width: number
  readonly align: 'start' | 'end'
  readonly source: string
}

/** What the candidate table can do: sort, in the browser, over the rows of the day. */
export const candidateFeatures = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel(), columnMeta: metaHelper<ColumnLook>() })

const helper = createColumnHelper<typeof candidateFeatures, Candidate>()

type NumberField = { [Name in keyof Candidate]: Candidate[Name] extends number | null ? Name : never }[keyof Candidate]

/** A number column. What is not known sorts last in either direction, and a first click shows the largest. */
function figure(id: NumberField, unit: ColumnLook['unit'], width: number, source: string) {
  return helper.accessor((row) => row[id] ?? undefined, {
    id,
    sortFn: (a, b) => (a.getValue<number>(id) ?? 0) - (b.getValue<number>(id) ?? 0),
    sortUndefined: 'last',
    sortDescFirst: true,
    meta: { unit, width, align: 'end', source },
  })
}

function word(id: 'name' | 'board', width: number, source: string) {
  return helper.accessor((row) => row[id], {
    id,
    sortFn: (a, b) => a.getValue<string>(id).localeCompare(b.getValue<string>(id), 'zh-CN'),
    sortDescFirst: false,
    meta: { unit: undefined, width, align: 'start', source },
  })
}

/** The columns in the order of the page. Ties keep the order of the server: rank, then code. */
export const candidateColumns = helper.columns([
  { ...figure('rank', undefined, 36, 'candidate_rank'), sortDescFirst: false },
  word('name', 128, 'name'),
  word('board', 54, 'board'),
  figure('close', 'cny', 66, 'close'),
  figure('pct', 'percent', 68, 'ret_1d'),
  figure('fundQualityScore', 'score', 88, 'fund_quality_score'),
  figure('fundQualityPct', 'percent', 56, 'fund_quality_pct'),
  figure('priceReturn', 'percent', 70, 'price_return'),
  figure('windowDays', 'days', 48, 'window_days'),
  figure('bigNetSum', 'cny', 86, 'big_net_sum'),
  figure('bigNetRatio', 'percent', 66, 'big_net_ratio_w'),
  figure('supportRatio', 'percent', 58, 'support_ratio'),
  figure('activityScore', undefined, 58, 'activity_score'),
  figure('poolRank', undefined, 54, 'pool_rank'),
])

export const candidateColumnIds: readonly string[] = candidateColumns.map(({ id }) => id!)
