/** Ordinary least squares of y on x: y = intercept + slope x. `rSquared` is the squared correlation. */
export interface LineFit {
  readonly slope: number
  readonly intercept: number
  readonly rSquared: number
  readonly count: number
}

/**
 * The line through the places where both are known. All NaN when fewer than two such places or x does not vary; `rSquared` alone is NaN
 * when y does not vary. Throws RangeError when the lengths differ.
 */
export function lineFit(x: Float64Array, y: Float64Array): LineFit {
  if (x.length !== y.length) throw new RangeError(`Cannot fit a line: both series must be equally long, found ${x.length} and ${y.length}`)
  let count = 0
  let x0 = NaN
  let y0 = NaN
  let sumX = 0
  let sumY = 0
  for (let i = 0; i < x.length; i++) {
    if (Number.isNaN(x[i]! + y[i]!)) continue
    if (count++ === 0) [x0, y0] = [x[i]!, y[i]!]
    sumX += x[i]! - x0
    sumY += y[i]! - y0
  }
  const meanX = sumX / count
  const meanY = sumY / count
  let xx = 0
  let yy = 0
  let xy = 0
  for (let i = 0; i < x.length; i++) {
    const dx = x[i]! - x0 - meanX
    const dy = y[i]! - y0 - meanY
    if (Number.isNaN(dx + dy)) continue
    xx += dx * dx
    yy += dy * dy
    xy += dx * dy
  }
  if (!(xx > 0)) return { slope: NaN, intercept: NaN, rSquared: NaN, count }
  const slope = xy / xx
  return { slope, intercept: y0 + meanY - slope * (x0 + meanX), rSquared: yy > 0 ? Math.min(1, (xy * xy) / (xx * yy)) : NaN, count }
}
