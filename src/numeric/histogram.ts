/** Counts between edges; one more edge than counts. */
export interface Counted {
  readonly edges: Float64Array
  readonly counts: Float64Array
}

/**
 * 直方图: equal bins over the range of the values, the last bin closed on both sides. NaN are left out; equal values make bins around them;
 * nothing known gives no edges and no counts. Throws RangeError on fewer than one bin.
 */
export function histogramOf(values: Float64Array, bins: number): Counted {
  if (!(bins >= 1)) throw new RangeError(`Cannot count: at least one bin is needed, found ${bins}`)
  let low = Infinity
  let high = -Infinity
  for (const value of values) {
    if (value < low) low = value
    if (value > high) high = value
  }
  if (low > high) return { edges: new Float64Array(), counts: new Float64Array() }
  if (low === high) [low, high] = [low - 0.5, high + 0.5]
  const edges = Float64Array.from({ length: bins + 1 }, (_, i) => low + ((high - low) * i) / bins)
  const counts = new Float64Array(bins)
  for (const value of values) if (!Number.isNaN(value)) counts[Math.min(bins - 1, Math.floor(((value - low) / (high - low)) * bins))]!++
  return { edges, counts }
}
