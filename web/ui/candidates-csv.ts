import type { Candidate } from '../api.ts'
import { toCsv } from '../state/csv.ts'
import { candidateColumns } from './candidate-columns.ts'

/** The candidates as a file: the columns of the table under their names in the warehouse, full precision, fractions as fractions. */
export function candidatesCsv(rows: readonly Candidate[]): Blob {
  const columns = candidateColumns.filter(({ id }) => id !== 'name')
  const header = ['ts_code', 'name', ...columns.map(({ meta }) => meta!.source), 'window_start', 'status']
  const cells = rows.map((row) => [row.code, row.name, ...columns.map(({ id }) => row[id as 'rank']), row.windowStart, row.status])
  return new Blob([toCsv(header, cells)], { type: 'text/csv;charset=utf-8' })
}
