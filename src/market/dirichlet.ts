import { ln } from '#numeric/fmath.ts'
import type { Stream } from './keyed-stream.ts'

/**
 * Shares that sum to 1 from a Dirichlet distribution with these weights (their sum is the concentration: the larger, the closer to the mean), into `out`.
 * A weight is at least 1, or 0 for a share of 0.
 */
export function drawDirichlet(weights: Float64Array, stream: Stream, out: Float64Array): void {
  let sum = 0
  for (let k = 0; k < weights.length; k++) sum += out[k] = weights[k] === 0 ? 0 : drawGamma(weights[k]!, stream)
  for (let k = 0; k < weights.length; k++) out[k]! /= sum
}

/** A gamma variable of shape ≥ 1 and scale 1 (Marsaglia & Tsang 2000, ACM TOMS 26: squeeze-free form). */
function drawGamma(shape: number, stream: Stream): number {
  const d = shape - 1 / 3
  const c = 1 / Math.sqrt(9 * d)
  for (;;) {
    const x = stream.normal()
    const root = 1 + c * x
    const v = root * root * root
    const u = stream.next()
    if (v > 0 && ln(u) < 0.5 * x * x + d * (1 - v + ln(v))) return d * v
  }
}
