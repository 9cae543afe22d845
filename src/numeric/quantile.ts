/**
 * 分位数, type 7 (Hyndman & Fan 1996; spec microstructure §0): h = (n − 1) p, x[⌊h⌋] + (h − ⌊h⌋)(x[⌈h⌉] − x[⌊h⌋]).
 * NaN are left out, NaN when none is left. Finds the order statistics without sorting; `values` stays as it is.
 * Throws RangeError when p is outside 0 to 1.
 */
export function quantile(values: Float64Array, p: number): number {
  const known = values.filter((value) => !Number.isNaN(value))
  if (known.length === 0) return checked(p) * NaN
  const h = (known.length - 1) * checked(p)
  const low = Math.floor(h)
  select(known, low)
  const at = known[low]!
  if (h === low) return at
  let next = Infinity
  for (let i = low + 1; i < known.length; i++) if (known[i]! < next) next = known[i]!
  return at + (h - low) * (next - at)
}

/** The same of values that already ascend and hold no NaN; NaN when empty. */
export function quantileSorted(sorted: Float64Array | readonly number[], p: number): number {
  if (sorted.length === 0) return checked(p) * NaN
  const h = (sorted.length - 1) * checked(p)
  const low = Math.floor(h)
  const at = sorted[low]!
  return h === low ? at : at + (h - low) * (sorted[low + 1]! - at)
}

function checked(p: number): number {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`Cannot take a quantile: p must lie in 0 to 1, found ${p}`)
  return p
}

/** Hoare's selection (1961) with a median-of-three pivot: afterwards values[k] is the k-th smallest, smaller ones before it, larger ones after. */
function select(values: Float64Array, k: number): void {
  let low = 0
  let high = values.length - 1
  while (low < high) {
    const pivot = medianOfThree(values[low]!, values[(low + high) >>> 1]!, values[high]!)
    let i = low
    let j = high
    while (i <= j) {
      while (values[i]! < pivot) i++
      while (values[j]! > pivot) j--
      if (i > j) break
      const kept = values[i]!
      values[i++] = values[j]!
      values[j--] = kept
    }
    if (k <= j) high = j
    else if (k >= i) low = i
    else return
  }
}

function medianOfThree(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c))
}
