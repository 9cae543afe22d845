/** Points that lie together: places in the ascending list they came from, [from, to). */
export interface PriceCluster {
  readonly from: number
  readonly to: number
  /** Σ w. */
  readonly weight: number
  /** Weighted mean, in the unit of the prices. */
  readonly mean: number
}

/**
 * 一维聚类 of weighted prices in ascending order (spec microstructure §8.4): a point joins the last cluster when it lies at most `tol` above its weighted mean.
 * The means of the result are at least `tol` apart: a cluster begins farther than that above a mean which no longer moves. So the specification's second
 * pass, which merges nearer neighbours, has nothing to do. Clusters of one point lighter than `loneWeight` are dropped. Throws RangeError when prices and
 * weights differ in length.
 */
export function clusterLevels(prices: Float64Array, weights: Float64Array, tol: number, loneWeight: number): PriceCluster[] {
  if (prices.length !== weights.length) throw new RangeError(`Cannot cluster ${prices.length} prices with ${weights.length} weights: lengths must match`)
  const clusters: PriceCluster[] = []
  let from = 0
  let weight = 0
  let moment = 0
  for (let i = 0; i <= prices.length; i++) {
    const isEnd = i === prices.length
    if (i > from && (isEnd || !(prices[i]! - moment / weight <= tol))) {
      if (i - from > 1 || weight >= loneWeight) clusters.push({ from, to: i, weight, mean: moment / weight })
      from = i
      weight = 0
      moment = 0
    }
    if (isEnd) break
    weight += weights[i]!
    moment += prices[i]! * weights[i]!
  }
  return clusters
}
