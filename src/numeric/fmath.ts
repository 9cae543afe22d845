const LN2_HIGH = 0.6931471803691238
const LN2_LOW = 1.9082149292705877e-10

/** 2ᵏ for k = −1021…1023. */
const POWERS = powersOfTwo()

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
  // 1/k! for k = 14…2: on |r| ≤ ln 2 / 2 the first term left out is below 1e-18.
  const tail =
    (((((((((((1 / 87_178_291_200) * r + 1 / 6_227_020_800) * r + 1 / 479_001_600) * r + 1 / 39_916_800) * r + 1 / 3_628_800) * r + 1 / 362_880) * r +
      1 / 40_320) *
      r +
      1 / 5040) *
      r +
      1 / 720) *
      r +
      1 / 120) *
      r +
      1 / 24) *
      r +
    1 / 6
  const square = r * r
  const y = 1 + (r + (lost + square * (tail * r + 0.5)))
  if (k >= -1021 && k <= 1023) return y * POWERS[k + 1021]!
  return k > 0 ? y * 2 * POWERS[k + 1020]! : y * POWERS[k + 1221]! * POWERS[821]!
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
  const series =
    z *
    (2 / 3 +
      z *
        (2 / 5 +
          z * (2 / 7 + z * (2 / 9 + z * (2 / 11 + z * (2 / 13 + z * (2 / 15 + z * (2 / 17 + z * (2 / 19 + z * (2 / 21 + z * (2 / 23 + z * (2 / 25))))))))))))
  const half = 0.5 * f * f
  return k * LN2_HIGH - (half - (s * (half + series) + k * LN2_LOW) - f)
}

function powersOfTwo(): Float64Array {
  const powers = new Float64Array(2045)
  powers[1021] = 1
  for (let k = 1; k <= 1023; k++) powers[1021 + k] = powers[1020 + k]! * 2
  for (let k = 1; k <= 1021; k++) powers[1021 - k] = powers[1022 - k]! / 2
  return powers
}
