/**
 * 真实波幅均值 ATR by Wilder (1978, "New Concepts in Technical Trading Systems"): true range max(h − l, |h − c₋₁|, |l − c₋₁|), from the second bar on;
 * the first value, at place `period`, is the mean of the first `period` true ranges, then atr += (tr − atr) / period. Unit of the prices; NaN before.
 * Bars must be free of NaN: one would stay in every later value. Fills and returns `out`; throws RangeError for unequal lengths or a period below 1.
 */
export function wilderAtr(
  high: Float64Array,
  low: Float64Array,
  close: Float64Array,
  period: number,
  out: Float64Array = new Float64Array(close.length),
): Float64Array {
  const { length } = close
  if (high.length !== length || low.length !== length || out.length !== length)
    throw new RangeError(`Cannot average true ranges: all columns must have one length, found ${[high.length, low.length, length, out.length].join(', ')}`)
  if (!Number.isInteger(period) || period < 1) throw new RangeError(`Cannot average true ranges: the period is a positive whole number, found ${period}`)
  out.fill(NaN, 0, Math.min(period, length))
  let sum = 0
  let atr = NaN
  for (let i = 1; i < length; i++) {
    const before = close[i - 1]!
    const top = high[i]! > before ? high[i]! : before
    const bottom = low[i]! < before ? low[i]! : before
    const range = top - bottom
    if (i > period) atr += (range - atr) / period
    else {
      sum += range
      if (i === period) atr = sum / period
    }
    if (i >= period) out[i] = atr
  }
  return out
}
