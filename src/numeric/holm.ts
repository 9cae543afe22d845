/**
 * Holm (1979) adjusted p-values, in the order given: family-wise error under any dependence. NaN stays NaN and counts nowhere.
 * p̃(i) = max over j ≤ i of min(1, (m − j + 1) p(j)) along ascending p.
 */
export function holm(pValues: Float64Array): Float64Array {
  const order = ascending(pValues)
  const adjusted = new Float64Array(pValues.length).fill(NaN)
  let running = 0
  order.forEach((at, rank) => {
    running = Math.max(running, Math.min(1, (order.length - rank) * pValues[at]!))
    adjusted[at] = running
  })
  return adjusted
}

/** Positions of the known values by ascending value, equal ones in place order. */
export function ascending(values: Float64Array): number[] {
  return [...values.keys()].filter((at) => !Number.isNaN(values[at]!)).toSorted((a, b) => values[a]! - values[b]! || a - b)
}
