import { ascending } from './holm.ts'

/**
 * Benjamini & Hochberg (1995) adjusted p-values, in the order given: false discovery rate under independence or positive dependence.
 * NaN stays NaN and counts nowhere. q(i) = min over j ≥ i of min(1, m p(j) / j) along ascending p.
 */
export function benjaminiHochberg(pValues: Float64Array): Float64Array {
  const order = ascending(pValues)
  const adjusted = new Float64Array(pValues.length).fill(NaN)
  let running = 1
  for (let rank = order.length - 1; rank >= 0; rank--) {
    const at = order[rank]!
    running = Math.min(running, (order.length * pValues[at]!) / (rank + 1))
    adjusted[at] = running
  }
  return adjusted
}
