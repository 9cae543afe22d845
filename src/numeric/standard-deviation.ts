/**
 * Standard deviation by the two-pass formula on distances from the first known value, so that equal values give exactly 0. NaN are left out.
 * `ddof` 1 (the house default, spec warehouse-ods §1.4) divides by n − 1, 0 by n. NaN when fewer than ddof + 1 values are known.
 */
export function standardDeviation(values: Float64Array | Int32Array, ddof: 0 | 1 = 1): number {
  let origin = NaN,
    sum = 0,
    count = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (Number.isNaN(value)) continue
    if (count === 0) origin = value
    sum += value - origin
    count++
  }
  const mean = sum / count
  let squares = 0
  for (let i = 0; i < values.length; i++) {
    const deviation = values[i]! - origin - mean
    if (!Number.isNaN(deviation)) squares += deviation * deviation
  }
  return count <= ddof ? NaN : Math.sqrt(squares / (count - ddof))
}
