import { incompleteBeta } from './incomplete-beta.ts'

const SQRT_2PI = 2.5066282746310002

/** Density of the standard normal distribution. */
export function normalPdf(x: number): number {
  return Math.exp(-0.5 * x * x) / SQRT_2PI
}

/**
 * Φ, the standard normal distribution function, to about 1e-15 absolute (and 1e-13 relative in the left tail): near 0 the power series of
 * Marsaglia (2004, J. Stat. Soft. 11(4)), beyond 3 the Laplace continued fraction. NaN stays NaN.
 */
export function normalCdf(x: number): number {
  if (x > 3) return 1 - leftTail(-x)
  if (x < -3) return leftTail(x)
  let term = x
  let sum = x
  for (let k = 3; Math.abs(term) > 1e-17 * Math.abs(sum); k += 2) {
    term *= (x * x) / k
    sum += term
  }
  return 0.5 + normalPdf(x) * sum
}

/**
 * Φ⁻¹: the value that a standard normal variable stays below with probability p; ∓∞ at 0 and 1, NaN outside 0 to 1.
 * Starts from Abramowitz & Stegun 26.2.23 (4.5e-4) and takes three Halley steps on Φ of the nearer tail.
 */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) return NaN
  if (p === 0) return -Infinity
  if (p === 1) return Infinity
  if (p > 0.5) return -normalQuantile(1 - p)
  const t = Math.sqrt(-2 * Math.log(p))
  let x = (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))) - t
  for (let step = 0; step < 3; step++) {
    const newton = (normalCdf(x) - p) / normalPdf(x)
    x -= newton / (1 + 0.5 * x * newton)
  }
  return x
}

/** Student's t distribution function with `degrees` > 0 degrees of freedom (need not be whole), through the incomplete beta function. */
export function studentTCdf(t: number, degrees: number): number {
  if (!(degrees > 0)) throw new RangeError(`Cannot evaluate Student's t: degrees of freedom must be positive, found ${degrees}`)
  if (Number.isNaN(t)) return NaN
  const square = t * t
  if (square === Infinity) return t > 0 ? 1 : 0
  const tail = 0.5 * incompleteBeta(degrees / 2, 0.5, degrees / (degrees + square), square / (degrees + square))
  return t > 0 ? 1 - tail : tail
}

/** Φ(x) for x < −3: φ(x) / (z + 1/(z + 2/(z + 3/(z + …)))) with z = −x, evaluated from the inside. */
function leftTail(x: number): number {
  const z = -x
  if (z > 39) return 0
  let fraction = z
  for (let k = 120; k >= 1; k--) fraction = z + k / fraction
  return normalPdf(x) / fraction
}
