import { firstAbove, firstAtLeast } from './first-place.ts'

/**
 * 百分位秩 in 0 to 1: (#{x < v} + 0.5 #{x = v}) / n over the known values of the reference (spec microstructure §0).
 * NaN when v is NaN or the reference holds nothing known.
 */
export function midRank(reference: Float64Array | readonly number[], value: number): number {
  let below = 0
  let equal = 0
  let count = 0
  for (let i = 0; i < reference.length; i++) {
    const x = reference[i]!
    if (Number.isNaN(x)) continue
    count++
    if (x < value) below++
    else if (x === value) equal++
  }
  return Number.isNaN(value) || count === 0 ? NaN : (below + 0.5 * equal) / count
}

/** The same against known values in ascending order, by binary search. NaN when v is NaN or there are none. */
export function midRankSorted(sorted: Float64Array, value: number): number {
  if (Number.isNaN(value) || sorted.length === 0) return NaN
  return (firstAtLeast(sorted, value) + firstAbove(sorted, value)) / (2 * sorted.length)
}

/** The mid-rank of every value among all of them, in one sort: what a day's cross-section needs. NaN stays NaN and counts nowhere. */
export function midRanks(values: Float64Array, out: Float64Array = new Float64Array(values.length)): Float64Array {
  if (out.length !== values.length) throw new RangeError(`Cannot rank ${values.length} values: the result must be as long, found ${out.length}`)
  const sorted = values.filter((value) => !Number.isNaN(value)).toSorted()
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (Number.isNaN(value)) out[i] = NaN
    else {
      const below = firstAtLeast(sorted, value)
      const upTo = firstAbove(sorted, value)
      out[i] = (below + upTo) / (2 * sorted.length)
    }
  }
  return out
}
