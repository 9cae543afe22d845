import { quantileSorted } from './quantile.ts'

/**
 * 去极值: values outside the quantiles `low` and `high` (type 7, of the known values) are drawn to them. NaN stays NaN.
 * Fills and returns `out`, which may be `values` itself.
 */
export function winsorize(values: Float64Array, low: number, high: number, out: Float64Array = new Float64Array(values.length)): Float64Array {
  if (out.length !== values.length) throw new RangeError(`Cannot winsorize ${values.length} values: the result must be as long, found ${out.length}`)
  const sorted = values.filter((value) => !Number.isNaN(value)).toSorted()
  const [floor, ceiling] = [quantileSorted(sorted, low), quantileSorted(sorted, high)]
  for (let i = 0; i < values.length; i++) out[i] = Math.min(ceiling, Math.max(floor, values[i]!))
  return out
}
