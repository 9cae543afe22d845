/**
 * Pearson correlation over the places where both are known. NaN with fewer than two such places or when either side does not vary
 * (callers that want 0 there say so). Throws RangeError when the lengths differ.
 */
export function pearson(x: Float64Array, y: Float64Array): number {
  if (x.length !== y.length) throw new RangeError(`Cannot correlate: both series must be equally long, found ${x.length} and ${y.length}`)
  // Distances from the first known pair: a series that does not vary then has exactly no variance.
  let count = 0,
    x0 = NaN,
    y0 = NaN,
    sumX = 0,
    sumY = 0
  for (let i = 0; i < x.length; i++) {
    if (Number.isNaN(x[i]! + y[i]!)) continue
    if (count++ === 0) [x0, y0] = [x[i]!, y[i]!]
    sumX += x[i]! - x0
    sumY += y[i]! - y0
  }
  const [meanX, meanY] = [sumX / count, sumY / count]
  let xx = 0,
    yy = 0,
    xy = 0
  for (let i = 0; i < x.length; i++) {
    const dx = x[i]! - x0 - meanX
    const dy = y[i]! - y0 - meanY
    if (Number.isNaN(dx + dy)) continue
    xx += dx * dx
    yy += dy * dy
    xy += dx * dy
  }
  return xx === 0 || yy === 0 ? NaN : Math.max(-1, Math.min(1, xy / Math.sqrt(xx * yy)))
}
