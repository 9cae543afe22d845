/** Limits of a rise window. Fractions. Spec microstructure §7.1. */
export interface RiseWindowParams {
  readonly minRise: number
  readonly maxDrawdown: number
  /** Fewest days of a window, both ends included. */
  readonly minDays: number
}

/** Boards with a 10 % price limit. */
export const RISE_WINDOW_MAIN: RiseWindowParams = Object.freeze({ minRise: 0.05, maxDrawdown: 0.08, minDays: 3 })

/** Boards whose price limit is 20 % or wider: they swing more. */
export const RISE_WINDOW_WIDE: RiseWindowParams = Object.freeze({ minRise: 0.08, maxDrawdown: 0.12, minDays: 3 })

/** The window limits for a stock whose daily price limit is `limitPct` (a fraction, 0.10 or 0.20). NaN (no limit that day) takes the wide ones. */
export function riseWindowParams(limitPct: number): RiseWindowParams {
  return limitPct < 0.2 ? RISE_WINDOW_MAIN : RISE_WINDOW_WIDE
}

/** 上涨窗口, or the reason there is none. `start` is an index into the closes; the window ends at the last close. Gain and drawdown are fractions. */
export type RiseWindow =
  | { readonly status: 'FOUND'; readonly start: number; readonly days: number; readonly gain: number; readonly maxDrawdown: number }
  | { readonly status: 'NO_RISE' }

/** Two gains closer than this are a tie, and the shorter window wins; a limit is met when it is missed by less. */
const TIE = 1e-12

/**
 * 上涨窗口: the most profitable stretch that ends today, starts at its own low and never fell far on the way (spec microstructure §7.1).
 * `close` holds adjusted closes of the stock's own trading days, oldest first, at most `max_lookback + 1` of them; the last one is day T.
 * A NaN close rules out every window that would contain it.
 */
export function detectRiseWindow(close: Float64Array, params: RiseWindowParams = RISE_WINDOW_MAIN): RiseWindow {
  const last = close.length - 1
  let best = -1
  let bestGain = -Infinity
  let bestDrawdown = NaN
  let lowest = Infinity
  let drawdown = 0
  // Backwards, so that the low and the deepest fall of every suffix are known in one pass.
  for (let start = last; start >= 0; start--) {
    const from = close[start]!
    if (Number.isNaN(from)) break
    lowest = Math.min(lowest, from)
    drawdown = Math.max(drawdown, 1 - lowest / from)
    if (last - start + 1 < params.minDays || from > lowest) continue
    const gain = close[last]! / from - 1
    if (gain < params.minRise - TIE || drawdown > params.maxDrawdown + TIE || gain <= bestGain + TIE) continue
    best = start
    bestGain = gain
    bestDrawdown = drawdown
  }
  return best < 0 ? { status: 'NO_RISE' } : { status: 'FOUND', start: best, days: last - best + 1, gain: bestGain, maxDrawdown: bestDrawdown }
}
