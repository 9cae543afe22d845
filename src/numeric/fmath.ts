const LN2_HIGH = 0.6931471803691238
const LN2_LOW = 1.9082149292705877e-10

/** 1/k! for k = 2…14: the Taylor series of the exponential. On |r| ≤ ln 2 / 2 the first term left out is below 1e-18. */
const FACTORIALS = inverseFactorials()

const words = new Float64Array(1)
const halves = new Uint32Array(words.buffer)
/** Which half of a double holds its exponent: 1 on little-endian machines. */
const HIGH = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1 ? 1 : 0

/**
 * eˣ from + − × ÷ only, within one unit in the last place: the last bits of `Math.exp` are left open by ECMAScript, these are not.
 * Argument reduction by whole multiples of ln 2 (Cody & Waite 1980), then the Taylor series. Infinity above 709.78, 0 below −745.2, NaN stays NaN.
 */
export function exp(x: number): number {
  if (!(x > -745.2)) return x <= -745.2 ? 0 : NaN
  if (x > 709.782712893384) return Infinity
  const k = Math.floor(x * Math.LOG2E + 0.5)
  const high = x - k * LN2_HIGH
  const low = k * LN2_LOW
  const r = high - low
  // (high − r) − low is what the subtraction lost.
  const lost = high - r - low
  let tail = FACTORIALS[12]!
  for (let term = 11; term >= 0; term--) tail = tail * r + FACTORIALS[term]!
  const y = 1 + (r + (lost + r * r * tail))
  if (k >= -1021 && k <= 1023) return y * powerOfTwo(k)
  return k > 0 ? y * 2 * powerOfTwo(k - 1) : y * powerOfTwo(k + 200) * powerOfTwo(-200)
}

/**
 * Natural logarithm from + − × ÷ only, within one unit in the last place. x = 2ᵏ m with m in [√½, √2), then the series of artanh in
 * s = f / (2 + f), f = m − 1. −Infinity at 0, NaN below it, Infinity and NaN stay.
 */
export function ln(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN
  if (x === Infinity) return x
  let k = 0
  let m = x
  if (x < 2.2250738585072014e-308) {
    m = x * 18_014_398_509_481_984
    k = -54
  }
  words[0] = m
  const top = halves[HIGH]!
  k += (top >>> 20) - 1023
  halves[HIGH] = (top & 0xf_ffff) | 0x3ff0_0000
  m = words[0]
  if (m > Math.SQRT2) {
    m *= 0.5
    k++
  }
  const f = m - 1
  const s = f / (2 + f)
  const z = s * s
  // 2/3 + 2/5 z + 2/7 z² + …: |s| ≤ 0.1716, so the first term left out is below 1e-19.
  let series = 2 / 25
  for (let n = 23; n >= 3; n -= 2) series = series * z + 2 / n
  series *= z
  const half = 0.5 * f * f
  return k * LN2_HIGH - (half - (s * (half + series) + k * LN2_LOW) - f)
}

function powerOfTwo(k: number): number {
  halves[HIGH] = (k + 1023) << 20
  halves[1 - HIGH] = 0
  return words[0]!
}

function inverseFactorials(): Float64Array {
  let factorial = 1
  return Float64Array.from({ length: 13 }, (_, i) => 1 / (factorial *= i + 2))
}
