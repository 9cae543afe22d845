import type { RawTable } from '#core/import-kind.ts'
import { cellsOf } from './header.ts'
import type { Sieve } from './sieve.ts'

/** Reject rows whose cells in these columns, together the number an exchange gives a record once, came before (DUPLICATE). Nothing when a column is absent. */
export function rejectRepeated(table: RawTable, sieve: Sieve, key: readonly string[]): void {
  const columns = key.map((name) => cellsOf(table, name))
  if (columns.some((column) => column === undefined)) return
  const seen = new Set<string>()
  for (let row = 0; row < sieve.length; row++) {
    if (!sieve.has(row)) continue
    const text = columns.map((column) => column![row]).join('|')
    if (seen.has(text)) sieve.reject(row, 'DUPLICATE', table.columns.map((cells) => cells[row]).join(','))
    seen.add(text)
  }
}
