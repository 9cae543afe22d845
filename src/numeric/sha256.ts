/** Fractional parts of the cube roots of the first 64 primes (FIPS 180-4 §4.2.2), and of the square roots of the first eight (§5.3.3). */
const PRIMES = firstPrimes(64)
const ROUND = Int32Array.from(PRIMES, (prime) => rootFraction(prime, 3n))
const START = Int32Array.from(PRIMES.slice(0, 8), (prime) => rootFraction(prime, 2n))

/** SHA-256 of a text's UTF-8 bytes (FIPS 180-4), as eight 32-bit words, first to last. For naming streams, not for secrets. */
export function sha256(text: string): Uint32Array {
  const message = padded(text)
  const state = Int32Array.from(START)
  const schedule = new Int32Array(64)
  for (let block = 0; block < message.length; block += 16) compress(state, message.subarray(block, block + 16), schedule)
  return Uint32Array.from(state)
}

function compress(state: Int32Array, block: Int32Array, w: Int32Array): void {
  w.set(block)
  for (let t = 16; t < 64; t++) {
    const [x, y] = [w[t - 15]!, w[t - 2]!]
    w[t] = (turn(y, 17) ^ turn(y, 19) ^ (y >>> 10)) + w[t - 7]! + (turn(x, 7) ^ turn(x, 18) ^ (x >>> 3)) + w[t - 16]!
  }
  let [a, b, c, d, e, f, g, h] = state as unknown as [number, number, number, number, number, number, number, number]
  for (let t = 0; t < 64; t++) {
    const t1 = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + ROUND[t]! + w[t]!) | 0
    const t2 = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0
    ;[h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0]
  }
  for (const [i, word] of [a, b, c, d, e, f, g, h].entries()) state[i] = state[i]! + word
}

/** The bytes, a single 1 bit, zeros, and the length in bits, as big-endian words in whole blocks of sixteen. */
function padded(text: string): Int32Array {
  const bytes = new TextEncoder().encode(text)
  const out = new Int32Array(16 * Math.ceil((bytes.length + 9) / 64))
  for (let i = 0; i < bytes.length; i++) out[i >> 2]! |= bytes[i]! << (24 - 8 * (i & 3))
  out[bytes.length >> 2]! |= 0x80 << (24 - 8 * (bytes.length & 3))
  out[out.length - 1] = 8 * bytes.length
  return out
}

function turn(x: number, k: number): number {
  return (x >>> k) | (x << (32 - k))
}

function firstPrimes(count: number): readonly number[] {
  const primes: number[] = []
  for (let n = 2; primes.length < count; n++) if (primes.every((prime) => n % prime !== 0)) primes.push(n)
  return primes
}

/** The first 32 bits after the point of a root of a prime: a whole root of prime · 2^(32 · degree), found by bisection. */
function rootFraction(prime: number, degree: bigint): number {
  const target = BigInt(prime) << (32n * degree)
  let low = 0n
  for (let bit = 40n; bit >= 0n; bit--) if ((low + (1n << bit)) ** degree <= target) low += 1n << bit
  return Number(BigInt.asIntN(32, low))
}
