import type { Distribution } from './bulk-volume.ts'

/**
 * The cumulative distribution of Student's t with `df` degrees of freedom, absolute error below 1e-12: the alternative to the normal of
 * bulk-volume classification (Easley, López de Prado & O'Hara 2012 use df = 0.25). Throws RangeError unless `df` is positive. NaN gives NaN.
 */
export function studentDistribution(df: number): Distribution {
  if (!(df > 0)) throw new RangeError(`Cannot make a Student distribution: degrees of freedom are positive, found ${df}`)
  return (t) => {
    if (Number.isNaN(t)) return NaN
    const tail = incompleteBeta(df / (df + t * t), df / 2, 0.5) / 2
    return t > 0 ? 1 - tail : tail
  }
}

/** The regularised incomplete beta function I_x(a, b): continued fraction 26.5.8 of Abramowitz & Stegun, by the modified Lentz method. */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a)
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x)) / a
  const tiny = 1e-300
  let c = 1
  let d = 1 / (1 - ((a + b) * x) / (a + 1) || tiny)
  let fraction = d
  for (let m = 1; m < 300; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / (1 + even * d || tiny)
    c = 1 + even / c || tiny
    fraction *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / (1 + odd * d || tiny)
    c = 1 + odd / c || tiny
    fraction *= d * c
    if (Math.abs(d * c - 1) < 1e-15) break
  }
  return front * fraction
}

/** ln Γ(z) for z > 0: recurrence up to 10, then Stirling's series (Abramowitz & Stegun 6.1.41). */
function logGamma(z: number): number {
  let shift = 0
  let x = z
  for (; x < 10; x++) shift += Math.log(x)
  const q = 1 / (x * x)
  const series = (1 / 12 - q * (1 / 360 - q * (1 / 1260 - q * (1 / 1680 - q / 1188)))) / x
  return (x - 0.5) * Math.log(x) - x + Math.log(2 * Math.PI) / 2 + series - shift
}
