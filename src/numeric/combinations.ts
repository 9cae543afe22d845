/**
 * Every way to choose k of 0 … n−1, each ascending, in lexicographic order. `visit` sees the same array each time: copy what you keep.
 * Throws RangeError when k is outside 0 to n.
 */
export function eachCombination(n: number, k: number, visit: (chosen: Int32Array) => void): void {
  if (!(Number.isInteger(n) && Number.isInteger(k) && k >= 0 && k <= n)) throw new RangeError(`Cannot choose: k must lie in 0 to n, found k ${k} and n ${n}`)
  const chosen = Int32Array.from({ length: k }, (_, i) => i)
  for (;;) {
    visit(chosen)
    let at = k - 1
    while (at >= 0 && chosen[at] === n - k + at) at--
    if (at < 0) return
    chosen[at]!++
    for (let i = at + 1; i < k; i++) chosen[i] = chosen[i - 1]! + 1
  }
}

/** How many there are: n! / (k! (n − k)!), exact below 2^53. 0 when k is outside 0 to n. */
export function combinationCount(n: number, k: number): number {
  if (k < 0 || k > n) return 0
  let count = 1
  for (let i = 1; i <= Math.min(k, n - k); i++) count = Math.round((count * (n - i + 1)) / i)
  return count
}
