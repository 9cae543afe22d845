/** 回撤: one spell below the running maximum. Places are days of the equity series; −1 is the start before the first day. */
export interface Drawdown {
  /** The last day at the maximum. */
  readonly peak: number
  /** The lowest day (the first of equals). */
  readonly trough: number
  /** The first day back at the maximum; absent while still under water. */
  readonly recovery?: number
  /** Fraction, negative. */
  readonly depth: number
  /** Days after the peak until recovery, or until the end. */
  readonly daysUnderWater: number
}

/** Each day's equity over the running maximum − 1, fraction ≤ 0, the start included (level 1 before daily returns; NaN moves nothing). */
export function underwater(returns: Float64Array): Float64Array {
  let level = 1
  let peak = 1
  return returns.map((value) => {
    if (!Number.isNaN(value)) level *= 1 + value
    peak = Math.max(peak, level)
    // Back at the maximum, as far as compounded doubles can tell: a 分 on 10^9 元 is more.
    return level >= peak * (1 - 1e-12) ? 0 : level / peak - 1
  })
}

/** The deepest `limit` drawdowns, deepest first, the earlier of equals first. */
export function drawdownTable(returns: Float64Array, limit = 10): Drawdown[] {
  const depths = underwater(returns)
  const found: Drawdown[] = []
  for (let day = 0; day < depths.length; day++) {
    if (!(depths[day]! < 0)) continue
    const peak = day - 1
    let trough = day
    let end = day
    while (end < depths.length && depths[end]! < 0) {
      if (depths[end]! < depths[trough]!) trough = end
      end++
    }
    const spell = { peak, trough, depth: depths[trough]!, daysUnderWater: Math.min(end, depths.length - 1) - peak }
    found.push(end < depths.length ? { ...spell, recovery: end } : spell)
    day = end
  }
  return found.toSorted((a, b) => a.depth - b.depth || a.peak - b.peak).slice(0, limit)
}
