/** Arithmetic mean of the values that are known: NaN are left out, NaN when none is left. Summed in index order. */
export function mean(values: Float64Array | Int32Array): number {
  let sum = 0
  let count = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (Number.isNaN(value)) continue
    sum += value
    count++
  }
  return count === 0 ? NaN : sum / count
}
