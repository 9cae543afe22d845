import type { Candidate } from '../api.ts'

/** Which candidates the table shows: every stock that was asked, or only those that passed all filters. */
export type CandidateScope = 'all' | 'selected'

/** How many near misses stand in for an empty selection. */
export const NEAR_MISSES = 10

/** How many of the filters said no. */
export function failedCount({ trail }: Pick<Candidate, 'trail'>): number {
  return trail.reduce((count, { pass }) => count + (pass ? 0 : 1), 0)
}

/** Those that came closest: fewest failed filters first, then in the order of the server; stocks without a trail last. */
export function nearestMisses<Row extends Pick<Candidate, 'selected' | 'trail'>>(rows: readonly Row[]): readonly Row[] {
  return rows
    .filter(({ selected }) => !selected)
    .toSorted((a, b) => Number(a.trail.length === 0) - Number(b.trail.length === 0) || failedCount(a) - failedCount(b))
}

/** The rows to show. `missed` when nothing was selected: the rows are then the nearest misses, all of them or the first few. */
export function shownCandidates<Row extends Pick<Candidate, 'selected' | 'trail'>>(
  rows: readonly Row[],
  scope: CandidateScope,
): { readonly rows: readonly Row[]; readonly missed: boolean } {
  const selected = rows.filter((row) => row.selected)
  if (selected.length === 0) {
    const near = nearestMisses(rows)
    return { rows: scope === 'all' ? near : near.slice(0, NEAR_MISSES), missed: rows.length > 0 }
  }
  return { rows: scope === 'all' ? [...selected, ...rows.filter((row) => !row.selected)] : selected, missed: false }
}
