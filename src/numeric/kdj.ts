/** 随机指标 KDJ: where the close stands between the extremes of the last bars, smoothed twice; NaN until there are so many bars. */
export interface Kdj {
  readonly k: Float64Array
  readonly d: Float64Array
  /** 3 K − 2 D: leaves 0 to 100. */
  readonly j: Float64Array
}

/**
 * KDJ over bars as Chinese terminals print it: RSV = 100 (close − lowest) / (highest − lowest) of `periods` bars, K = ⅔ K + ⅓ RSV, D = ⅔ D + ⅓ K, both
 * beginning at 50. Where nothing has moved within the window RSV stays what it was.
 */
export function kdj(high: ArrayLike<number>, low: ArrayLike<number>, close: ArrayLike<number>, periods = 9): Kdj {
  if (!Number.isInteger(periods) || periods < 1) throw new RangeError(`Cannot draw a KDJ: periods are a positive whole number, found ${periods}`)
  const [k, d, j] = [0, 1, 2].map(() => new Float64Array(close.length).fill(NaN)) as [Float64Array, Float64Array, Float64Array]
  let [ownK, ownD, rsv] = [50, 50, 50]
  for (let i = periods - 1; i < close.length; i++) {
    let [top, bottom] = [-Infinity, Infinity]
    for (let at = i - periods + 1; at <= i; at++) {
      if (high[at]! > top) top = high[at]!
      if (low[at]! < bottom) bottom = low[at]!
    }
    if (top > bottom) rsv = (100 * (close[i]! - bottom)) / (top - bottom)
    ownK += (rsv - ownK) / 3
    ownD += (ownK - ownD) / 3
    k[i] = ownK
    d[i] = ownD
    j[i] = 3 * ownK - 2 * ownD
  }
  return { k, d, j }
}
