import { quantile } from './quantile.ts'

/** Median of the known values: NaN are left out, NaN when none is left. */
export function median(values: Float64Array): number {
  return quantile(values, 0.5)
}
