import { median } from './median.ts'
import { quantileSorted } from './quantile.ts'
import { standardDeviation } from './standard-deviation.ts'

/** Scales the median absolute deviation to the standard deviation of a normal distribution (1 / Φ⁻¹(0.75)). */
export const MAD_TO_SIGMA = 1.4826

/**
 * 稳健标准分 of a cross-section (spec microstructure §7.3): winsorise at the 2.5 and 97.5 percentiles, z = (x − median) / (1.4826 MAD),
 * where MAD = 0 the standard deviation (ddof 1) stands in, where that is 0 too every z is 0; clipped to ±3; NaN becomes 0.
 * `reference` is the sample that gives percentiles, median and scale: by default the values themselves.
 */
export function robustZ(values: Float64Array, reference: Float64Array = values): Float64Array {
  const sorted = reference.filter((value) => !Number.isNaN(value)).toSorted()
  const [floor, ceiling] = [quantileSorted(sorted, 0.025), quantileSorted(sorted, 0.975)]
  const drawn = sorted.map((value) => Math.min(ceiling, Math.max(floor, value)))
  const centre = quantileSorted(drawn, 0.5)
  const scale = MAD_TO_SIGMA * median(drawn.map((value) => Math.abs(value - centre))) || standardDeviation(drawn)
  return values.map((value) => {
    const z = (Math.min(ceiling, Math.max(floor, value)) - centre) / scale
    return Number.isFinite(z) ? Math.min(3, Math.max(-3, z)) : 0
  })
}
