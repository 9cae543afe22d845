/** Which falls inside a rise window count. Fractions. Spec microstructure §7.2. */
export interface PullbackParams {
  readonly minDepth: number
  /** A fall of one day counts only from this depth on. */
  readonly oneDayDepth: number
  /** Deeper falls are left out; Infinity keeps them all (the window's own drawdown limit is the bound). */
  readonly maxDepth: number
}

/** The default of spec microstructure §7.2: 2 % over two days or 3 % in one. */
export const PULLBACK_PARAMS: PullbackParams = Object.freeze({ minDepth: 0.02, oneDayDepth: 0.03, maxDepth: Infinity })

/** Prices on the 0.01 grid meet a limit exactly (10.00 → 9.80 is 2 %), their quotient only to the last bit. */
const DUST = 1e-12

/** 回调: a fall inside a rise window. Day indexes into the window; the peak day is not part of the fall. */
export interface Pullback {
  readonly peak: number
  readonly trough: number
  /** Fraction of the peak close. */
  readonly depth: number
  /** Σ big_net_value over the days after the peak up to the trough, CNY. */
  readonly bigNet: number
}

/**
 * 回调: the falls of a window in day order. A run starts at the day before a lower close and lasts while closes do not rise (spec microstructure §7.2).
 * `bigNet` is in CNY; a fall with a missing (NaN) day of it is left out, because its support is not known.
 */
export function findPullbacks(close: Float64Array, bigNet: Float64Array, params: PullbackParams = PULLBACK_PARAMS): Pullback[] {
  if (bigNet.length !== close.length)
    throw new RangeError(`Cannot find pullbacks in ${close.length} closes with ${bigNet.length} net values: lengths must match`)
  const found: Pullback[] = []
  let day = 0
  while (day < close.length - 1) {
    if (!(close[day + 1]! < close[day]!)) {
      day++
      continue
    }
    const peak = day
    while (day < close.length - 1 && close[day + 1]! <= close[day]!) day++
    const depth = 1 - close[day]! / close[peak]!
    const reached = depth + DUST
    const counts = reached >= params.minDepth && depth <= params.maxDepth + DUST && (day - peak >= 2 || reached >= params.oneDayDepth)
    if (!counts) continue
    let net = 0
    for (let d = peak + 1; d <= day; d++) net += bigNet[d]!
    if (!Number.isNaN(net)) found.push({ peak, trough: day, depth, bigNet: net })
  }
  return found
}

/** 回调承接率: the share of pullbacks in which big money bought on balance; NaN without pullbacks. */
export function supportRatio(pullbacks: readonly Pullback[]): number {
  return pullbacks.length === 0 ? NaN : pullbacks.filter((pullback) => pullback.bigNet >= 0).length / pullbacks.length
}
