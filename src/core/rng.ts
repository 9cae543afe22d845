/**
 * Chance is an argument. `fork(label)` depends on the seed and the label only, so adding a stock leaves every other path unchanged.
 */
export interface Rng {
  /** Uniform in [0, 1), 53 random bits. */
  next(): number
  /** Standard normal. */
  normal(): number
  /** Uniform whole number in [low, high], both included. */
  integer(low: number, high: number): number
  /** An independent generator named `label`. */
  fork(label: string): Rng
}

/** The one generator of the product: xoshiro128** (Blackman & Vigna 2018), seeded by hashing the labels of its path. */
export function seededRng(seed: number | string): Rng {
  return rngOf(`${seed}`)
}

function rngOf(path: string): Rng {
  const state = seedState(path)
  let s0 = state[0]!
  let s1 = state[1]!
  let s2 = state[2]!
  let s3 = state[3]!
  let spare = NaN
  const bits = (): number => {
    const result = Math.imul(rotate(Math.imul(s1, 5), 7), 9) >>> 0
    const shifted = s1 << 9
    s2 ^= s0
    s3 ^= s1
    s1 ^= s2
    s0 ^= s3
    s2 ^= shifted
    s3 = rotate(s3, 11)
    return result
  }
  const next = (): number => ((bits() >>> 5) * 67_108_864 + (bits() >>> 6)) / 9_007_199_254_740_992
  return {
    next,
    // Marsaglia & Bray (1964), polar method.
    normal() {
      if (!Number.isNaN(spare)) {
        const kept = spare
        spare = NaN
        return kept
      }
      for (;;) {
        const u = 2 * next() - 1
        const v = 2 * next() - 1
        const s = u * u + v * v
        if (s >= 1 || s === 0) continue
        const scale = Math.sqrt((-2 * Math.log(s)) / s)
        spare = v * scale
        return u * scale
      }
    },
    integer: (low, high) => low + Math.floor(next() * (high - low + 1)),
    fork: (label) => rngOf(`${path}/${label}`),
  }
}

function rotate(x: number, k: number): number {
  return (x << k) | (x >>> (32 - k))
}

/** Four words from the path: FNV-1a per lane, then the murmur3 finaliser, so near labels give far states. */
function seedState(path: string): Int32Array {
  const state = new Int32Array(4)
  for (let lane = 0; lane < 4; lane++) {
    let hash = 0x811c9dc5 ^ Math.imul(lane + 1, 0x9e3779b1)
    for (let i = 0; i < path.length; i++) hash = Math.imul(hash ^ path.charCodeAt(i), 0x01000193)
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
    state[lane] = hash ^ (hash >>> 16)
  }
  if (state.every((word) => word === 0)) state[0] = 1
  return state
}
