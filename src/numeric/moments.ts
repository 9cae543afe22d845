/**
 * 偏度 and 峰度 by population moments: γ3 = m3/m2^1.5, γ4 = m4/m2² (raw: the normal distribution has 3), spec backtest §5.
 * NaN are left out; both are NaN when nothing is known or nothing varies.
 */
export function moments(values: Float64Array): Moments {
  let origin = NaN
  let sum = 0
  let count = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (Number.isNaN(value)) continue
    if (count++ === 0) origin = value
    sum += value - origin
  }
  const shift = sum / count
  let m2 = 0
  let m3 = 0
  let m4 = 0
  for (let i = 0; i < values.length; i++) {
    const d = values[i]! - origin - shift
    if (Number.isNaN(d)) continue
    const square = d * d
    m2 += square
    m3 += square * d
    m4 += square * square
  }
  m2 /= count
  const flat = !(m2 > 0)
  return { count, mean: origin + shift, variance: m2, skewness: flat ? NaN : m3 / count / m2 ** 1.5, kurtosis: flat ? NaN : m4 / count / (m2 * m2) }
}

/** What `moments` found over the known values; `variance` divides by n. */
export interface Moments {
  readonly count: number
  readonly mean: number
  readonly variance: number
  readonly skewness: number
  readonly kurtosis: number
}
