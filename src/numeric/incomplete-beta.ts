/**
 * I_x(a, b), the regularised incomplete beta function, by the continued fraction DLMF 8.17.22 (modified Lentz method), on whichever side
 * converges. `rest` is 1 − x, given apart so that nothing is lost near 1. About 1e-13 for a, b up to 10⁵.
 */
export function incompleteBeta(a: number, b: number, x: number, rest: number = 1 - x): number {
  if (!(a > 0 && b > 0 && x >= 0 && x <= 1))
    throw new RangeError(`Cannot evaluate the incomplete beta function: a, b > 0 and 0 ≤ x ≤ 1, found ${a}, ${b}, ${x}`)
  if (x === 0 || rest === 0) return x === 0 ? 0 : 1
  const front = Math.exp(a * Math.log(x) + b * Math.log(rest) - logBeta(a, b))
  return x < (a + 1) / (a + b + 2) ? (front * fraction(a, b, x)) / a : 1 - (front * fraction(b, a, rest)) / b
}

function fraction(a: number, b: number, x: number): number {
  let c = 1
  let d = 1 / away(1 - ((a + b) * x) / (a + 1))
  let value = d
  for (let m = 1; m <= 1000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / away(1 + even * d)
    c = away(1 + even / c)
    value *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / away(1 + odd * d)
    c = away(1 + odd / c)
    value *= d * c
    if (Math.abs(d * c - 1) < 1e-16) break
  }
  return value
}

/** Lentz's guard: a zero denominator becomes a tiny one. */
function away(value: number): number {
  return Math.abs(value) < 1e-300 ? 1e-300 : value
}

function logBeta(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b)
}

/** ln Γ(x) for x > 0: Stirling's series (DLMF 5.11.1) after shifting the argument beyond 12. */
export function logGamma(x: number): number {
  let shift = 0
  let z = x
  for (; z < 12; z++) shift += Math.log(z)
  const w = 1 / (z * z)
  const series = (1 / 12 - w * (1 / 360 - w * (1 / 1260 - w * (1 / 1680 - w * (1 / 1188 - (w * 691) / 360360))))) / z
  return (z - 0.5) * Math.log(z) - z + 0.9189385332046727 + series - shift
}
