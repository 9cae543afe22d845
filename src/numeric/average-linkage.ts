/** Two groups that became one, named by their lowest members, and the average distance between their members. */
interface Merge {
  readonly a: number
  readonly b: number
  readonly height: number
}

/**
 * Groups of things whose average distance stays within `cut` (average linkage, UPGMA: Sokal & Michener 1958), found by nearest-neighbour
 * chains in O(n²). `distances` is the full symmetric matrix, n × n row by row. The answer names each thing's group 0, 1, … in order of first
 * member. Throws RangeError when the matrix is not n × n or holds NaN.
 */
export function averageLinkage(distances: Float64Array, count: number, cut: number): Int32Array {
  if (distances.length !== count * count) throw new RangeError(`Cannot cluster: ${count} things need ${count * count} distances, found ${distances.length}`)
  if (distances.some(Number.isNaN)) throw new RangeError('Cannot cluster: every distance must be known, found NaN')
  // Average linkage never merges lower than before along one path, so cutting is keeping the merges at or below the cut.
  const parent = Int32Array.from({ length: count }, (_, i) => i)
  const rootOf = (i: number): number => {
    while (parent[i] !== i) i = parent[i]!
    return i
  }
  for (const { a, b, height } of merges(distances.slice(), count)) if (height <= cut) parent[Math.max(rootOf(a), rootOf(b))] = Math.min(rootOf(a), rootOf(b))
  const names = new Map<number, number>()
  return Int32Array.from({ length: count }, (_, i) => {
    const root = rootOf(i)
    if (!names.has(root)) names.set(root, names.size)
    return names.get(root)!
  })
}

/** All n − 1 merges. `d` is consumed: after a merge the row of the lower member holds the size-weighted mean of both (Lance & Williams 1967). */
function merges(d: Float64Array, count: number): Merge[] {
  const size = new Float64Array(count).fill(1)
  const active = new Uint8Array(count).fill(1)
  const found: Merge[] = []
  const chain: number[] = []
  while (found.length < count - 1) {
    if (chain.length === 0) chain.push(active.indexOf(1))
    const tip = chain.at(-1)!
    const before = chain.at(-2) ?? -1
    // The previous link wins ties: otherwise equal distances could send the chain round in circles.
    let nearest = before
    for (let i = 0; i < count; i++) if (active[i] === 1 && i !== tip && (nearest === -1 || d[tip * count + i]! < d[tip * count + nearest]!)) nearest = i
    if (nearest !== before) {
      chain.push(nearest)
      continue
    }
    chain.length -= 2
    const a = Math.min(tip, nearest)
    const b = Math.max(tip, nearest)
    found.push({ a, b, height: d[a * count + b]! })
    active[b] = 0
    const total = size[a]! + size[b]!
    for (let i = 0; i < count; i++) {
      if (active[i] === 0 || i === a) continue
      const joint = (size[a]! * d[a * count + i]! + size[b]! * d[b * count + i]!) / total
      d[a * count + i] = joint
      d[i * count + a] = joint
    }
    size[a] = total
  }
  return found
}
