import type { Candidate } from '../api.ts'
import { toCsv, type CsvCell } from '../state/csv.ts'

/** The columns of the file under their names in the warehouse. */
const columns: readonly (readonly [string, (row: Candidate) => CsvCell])[] = [
  ['ts_code', (row) => row.code],
  ['name', (row) => row.name],
  ['candidate_rank', (row) => row.rank],
  ['selected', (row) => Number(row.selected)],
  ['first_failed', (row) => row.firstFailed],
  ['board', (row) => row.board],
  ['close', (row) => row.close],
  ['ret_1d', (row) => row.pct],
  ['support_price', (row) => row.supportPrice],
  ['target_price', (row) => row.targetPrice],
  ['stop_price', (row) => row.stopPrice],
  ['room', (row) => row.room],
  ['distance', (row) => row.distance],
  ['rank_score', (row) => row.rankScore],
  ['support_type', (row) => row.supportType],
  ['support_score', (row) => row.supportScore],
  ['support_pct', (row) => row.supportPct],
  ['support_tests', (row) => row.supportTests],
  ['support_strength', (row) => row.supportStrength],
  ['resistance_price', (row) => row.resistancePrice],
  ['resistance_score', (row) => row.resistanceScore],
  ['resistance_pct', (row) => row.resistancePct],
  ['fund_quality_score', (row) => row.fundQualityScore],
  ['fund_quality_pct', (row) => row.fundQualityPct],
  ['price_return', (row) => row.priceReturn],
  ['window_days', (row) => row.windowDays],
  ['big_net_sum', (row) => row.bigNetSum],
  ['big_net_ratio_w', (row) => row.bigNetRatio],
  ['support_ratio', (row) => row.supportRatio],
  ['activity_score', (row) => row.activityScore],
  ['pool_rank', (row) => row.poolRank],
  ['window_start', (row) => row.windowStart],
  ['status', (row) => row.status],
  ['reasons_json', (row) => JSON.stringify(row.trail)],
]

/** The candidates as a file: prices in CNY, full precision, fractions as fractions, the filter trail as JSON in its last column. */
export function candidatesCsv(rows: readonly Candidate[]): Blob {
  const header = columns.map(([name]) => name)
  const cells = rows.map((row) => columns.map(([, value]) => value(row)))
  return new Blob([toCsv(header, cells)], { type: 'text/csv;charset=utf-8' })
}
