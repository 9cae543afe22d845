/** Iterations after which the largest eigenvalue of a market's correlations has long settled: the second is a tenth of it. */
const ITERATIONS = 60

/**
 * 市场模式占比: the largest eigenvalue of the correlation matrix of `columns` (one per stock, days in the same order) as a share of all variance, by power iteration. Each column is
 * standardised over its known days; a missing day (NaN) counts as no deviation. Columns without variance are left out; NaN without any other.
 */
export function marketModeShare(columns: readonly Float64Array[]): number {
  const rows = columns.flatMap((column) => standardised(column) ?? [])
  const [count, days] = [rows.length, rows[0]?.length ?? 0]
  if (count === 0) return NaN
  let weights = new Float64Array(count).fill(1 / Math.sqrt(count))
  let largest = NaN
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const mode = new Float64Array(days)
    for (const [k, row] of rows.entries()) for (let day = 0; day < days; day++) mode[day]! += weights[k]! * row[day]!
    const next = Float64Array.from(rows, (row) => dot(row, mode) / days)
    largest = Math.sqrt(dot(next, next))
    weights = next.map((weight) => weight / largest)
  }
  return largest / count
}

function standardised(column: Float64Array): Float64Array | undefined {
  let [n, sum] = [0, 0]
  for (const x of column) {
    if (Number.isNaN(x)) continue
    n++
    sum += x
  }
  const mean = sum / n
  let square = 0
  for (const x of column) if (!Number.isNaN(x)) square += (x - mean) ** 2
  // Scaled so that the mean square over all days is 1, whatever is missing.
  const scale = Math.sqrt(square / column.length)
  return scale > 0 ? column.map((x) => (Number.isNaN(x) ? 0 : (x - mean) / scale)) : undefined
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}
