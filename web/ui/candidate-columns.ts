import { createColumnHelper, createSortedRowModel, metaHelper, rowSortingFeature, tableFeatures } from '@tanstack/react-table'
import type { Candidate } from '../api.ts'
import { failedCount } from '../state/candidate-list.ts'
import type { zhCN } from '../text/zh-CN.ts'

/** How a column is drawn: header text, unit under it, width in px, the column of `strategy_candidates` the dictionary explains. */
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

function word(id: 'name', width: number, source: string) {
  return helper.accessor((row) => row[id], {
    id,
    sortFn: (a, b) => a.getValue<string>(id).localeCompare(b.getValue<string>(id), 'zh-CN'),
    sortDescFirst: false,
    meta: { unit: undefined, width, align: 'start', source },
  })
}

/** The six filter marks, sorted by how many failed. */
const trail = helper.accessor((row) => (row.trail.length === 0 ? undefined : failedCount(row)), {
  id: 'trail',
  sortFn: (a, b) => (a.getValue<number>('trail') ?? 0) - (b.getValue<number>('trail') ?? 0),
  sortUndefined: 'last',
  sortDescFirst: false,
  meta: { unit: 'trail', width: 90, align: 'start', source: 'reasons_json' },
})

/** The columns in the order of the page. Ties keep the order of the server: rank, then code. */
export const candidateColumns = helper.columns([
  { ...figure('rank', undefined, 32, 'candidate_rank'), sortDescFirst: false },
  word('name', 106, 'name'),
  trail,
  figure('close', 'cny', 63, 'close'),
  figure('pct', 'percent', 65, 'ret_1d'),
  figure('supportPrice', 'cny', 63, 'support_price'),
  figure('targetPrice', 'cny', 63, 'target_price'),
  figure('stopPrice', 'cny', 63, 'stop_price'),
  figure('room', 'times', 48, 'room'),
  figure('supportScore', 'score', 76, 'support_score'),
  figure('resistanceScore', 'score', 48, 'resistance_score'),
  figure('rankScore', 'score', 52, 'rank_score'),
  figure('fundQualityScore', 'score', 74, 'fund_quality_score'),
  figure('bigNetSum', 'cny', 82, 'big_net_sum'),
])

export const candidateColumnIds: readonly string[] = candidateColumns.map(({ id }) => id!)
