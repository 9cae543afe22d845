/** Flags of spec bollinger §1 that follow from a stock's own bars alone; 16, 64 and 128 need labels and are added by the table. */
export const BOLLINGER_FLAG = Object.freeze({ SHORT_HISTORY: 1, FLAT_PRICE: 2, FLAT_VOLUME: 4, LONG_SPAN: 8, SHORT_Z_WINDOW: 32 })

/** One stock's valid bars in time order, suspended days absent. */
export interface BollingerBars {
  /** Closes of one price scale (hfq). */
  readonly close: Float64Array
  /** 股, adjusted (vol_adj). */
  readonly volume: Float64Array
  /** Ordinals of the market days. */
  readonly day: Int32Array | Uint32Array
  /** 复权因子 of each bar: the bands are then given in the price scale of their own day. Absent: they stay in the scale of `close`. */
  readonly adjFactor?: Float64Array
  /** How many own bars lie before these ones, so that `n_bars` continues. Nothing else depends on it. */
  readonly barsBefore?: number
}

/** Window, width and z-score window; the table stores them as `20,2,120,pop`. */
export interface BollingerParams {
  readonly window: number
  readonly width: number
  readonly zWindow: number
  readonly zMinimum: number
  /** 0 = population (Bollinger), 1 = sample. */
  readonly ddof: 0 | 1
  readonly maxSpan: number
}

export const BOLLINGER_PARAMS: BollingerParams = Object.freeze({ window: 20, width: 2, zWindow: 120, zMinimum: 60, ddof: 0, maxSpan: 40 })

/** Columns of spec bollinger §1, names as in the table. NaN = null. */
export interface BollingerColumns {
  readonly mid: Float64Array
  readonly upper: Float64Array
  readonly lower: Float64Array
  readonly price_position: Float64Array
  readonly band_width: Float64Array
  readonly band_width_zscore: Float64Array
  readonly v_mid: Float64Array
  readonly v_upper: Float64Array
  readonly v_lower: Float64Array
  readonly v_price_position: Float64Array
  readonly v_band_width: Float64Array
  readonly v_band_width_zscore: Float64Array
  readonly z_close: Float64Array
  readonly z_vol: Float64Array
  readonly n_bars: Int32Array
  readonly span_days: Int32Array
  readonly flags: Int32Array
}

/** Room for `length` rows. */
export function bollingerColumns(length: number): BollingerColumns {
  const numbers = () => new Float64Array(length)
  const whole = () => new Int32Array(length)
  return {
    mid: numbers(),
    upper: numbers(),
    lower: numbers(),
    price_position: numbers(),
    band_width: numbers(),
    band_width_zscore: numbers(),
    v_mid: numbers(),
    v_upper: numbers(),
    v_lower: numbers(),
    v_price_position: numbers(),
    v_band_width: numbers(),
    v_band_width_zscore: numbers(),
    z_close: numbers(),
    z_vol: numbers(),
    n_bars: whole(),
    span_days: whole(),
    flags: whole(),
  }
}

/**
 * 布林价量位置 of every bar (spec bollinger §2–§3): price and volume bands, positions, widths, their z-scores, spans and flags.
 * Every window is summed afresh in a fixed order counted from its last bar, so the row of a bar depends on its last 139 bars alone, bit for bit.
 * A NaN close or volume gives NaN in every band that holds it. Throws RangeError when lengths differ.
 */
export function bollingerBands(
  bars: BollingerBars,
  params: BollingerParams = BOLLINGER_PARAMS,
  out: BollingerColumns = bollingerColumns(bars.close.length),
): BollingerColumns {
  const { close, volume, day, adjFactor, barsBefore = 0 } = bars
  const length = close.length
  const odd = [volume, day, adjFactor ?? close, out.mid].find((column) => column.length !== length)
  if (odd !== undefined) throw new RangeError(`Cannot compute bands: all columns must have the ${length} rows of close, found ${odd.length}`)
  const window = params.window
  for (let i = 0; i < length; i++) {
    out.n_bars[i] = Math.min(barsBefore + i + 1, 9999)
    out.span_days[i] = day[i]! - day[Math.max(0, i - window + 1)]! + 1
    out.flags[i] = (i < window - 1 ? BOLLINGER_FLAG.SHORT_HISTORY : 0) | (out.span_days[i]! > params.maxSpan ? BOLLINGER_FLAG.LONG_SPAN : 0)
  }
  bands(close, params, BOLLINGER_FLAG.FLAT_PRICE, out.flags, out.mid, out.upper, out.lower, out.price_position, out.band_width, out.z_close)
  bands(volume, params, BOLLINGER_FLAG.FLAT_VOLUME, out.flags, out.v_mid, out.v_upper, out.v_lower, out.v_price_position, out.v_band_width, out.z_vol)
  rollingZ(out.band_width, params, out.flags, out.band_width_zscore)
  rollingZ(out.v_band_width, params, out.flags, out.v_band_width_zscore)
  if (adjFactor !== undefined) {
    for (let i = 0; i < length; i++) {
      const factor = adjFactor[i]!
      out.mid[i]! /= factor
      out.upper[i]! /= factor
      out.lower[i]! /= factor
      out.v_mid[i]! *= factor
      out.v_upper[i]! *= factor
      out.v_lower[i]! *= factor
    }
  }
  return out
}

/** A band is flat when its deviation is at most this share of its mean. */
const FLAT = 1e-9

function bands(
  x: Float64Array,
  { window, width, ddof }: BollingerParams,
  flatFlag: number,
  flags: Int32Array,
  mid: Float64Array,
  upper: Float64Array,
  lower: Float64Array,
  position: Float64Array,
  bandWidth: Float64Array,
  z: Float64Array,
): void {
  const short = Math.min(window - 1, x.length)
  for (const column of [mid, upper, lower, position, bandWidth, z]) column.fill(NaN, 0, short)
  for (let i = short; i < x.length; i++) {
    // Distances from the last value: exact for neighbouring prices, exactly zero for equal ones, and mean and squares come from one pass.
    const origin = x[i]!
    let a = 0,
      b = 0,
      aa = 0,
      bb = 0
    let j = i - window + 1
    for (; j < i; j += 2) {
      const p = x[j]! - origin
      const q = x[j + 1]! - origin
      a += p
      b += q
      aa += p * p
      bb += q * q
    }
    const shift = (a + b) / window
    const mean = origin + shift
    const deviation = Math.sqrt(Math.max(0, aa + bb - (a + b) * shift) / (window - ddof))
    if (!(mean > 0)) {
      mid[i] = upper[i] = lower[i] = position[i] = bandWidth[i] = z[i] = NaN
      continue
    }
    mid[i] = mean
    if (deviation <= FLAT * mean) {
      upper[i] = lower[i] = mean
      bandWidth[i] = 0
      position[i] = z[i] = NaN
      flags[i] = flags[i]! | flatFlag
      continue
    }
    const half = width * deviation
    upper[i] = mean + half
    lower[i] = mean - half
    bandWidth[i] = (2 * half) / mean
    z[i] = -shift / deviation
    position[i] = 50 - (50 * shift) / half
  }
}

/** Deviations up to this are no variation: the z-score is 0. */
const NO_VARIATION = 1e-12

function rollingZ(x: Float64Array, { zWindow, zMinimum }: BollingerParams, flags: Int32Array, out: Float64Array): void {
  let missing = Math.max(0, zWindow)
  for (let i = 0; i < x.length; i++) {
    if (Number.isNaN(x[i]!)) missing++
    if (i < zWindow || Number.isNaN(x[i - zWindow]!)) missing--
    const count = zWindow - missing
    if (count < zMinimum || Number.isNaN(x[i]!)) {
      out[i] = NaN
      continue
    }
    if (missing > 0) {
      flags[i] = flags[i]! | BOLLINGER_FLAG.SHORT_Z_WINDOW
      out[i] = sparseZ(x, Math.max(0, i - zWindow + 1), i, count)
      continue
    }
    const origin = x[i]!
    let a = 0,
      b = 0,
      c = 0,
      d = 0,
      aa = 0,
      bb = 0,
      cc = 0,
      dd = 0
    let j = i
    for (; j > i - zWindow + 3; j -= 4) {
      const p = x[j]! - origin
      const q = x[j - 1]! - origin
      const r = x[j - 2]! - origin
      const s = x[j - 3]! - origin
      a += p
      b += q
      c += r
      d += s
      aa += p * p
      bb += q * q
      cc += r * r
      dd += s * s
    }
    for (; j > i - zWindow; j--) {
      const p = x[j]! - origin
      a += p
      aa += p * p
    }
    const sum = a + b + (c + d)
    const shift = sum / count
    const deviation = Math.sqrt(Math.max(0, aa + bb + (cc + dd) - sum * shift) / (count - 1))
    out[i] = deviation <= NO_VARIATION ? 0 : -shift / deviation
  }
}

/** The z-score of x[last] among the known values of x[first … last]. */
function sparseZ(x: Float64Array, first: number, last: number, count: number): number {
  const origin = x[last]!
  let sum = 0,
    squares = 0
  for (let j = last; j >= first; j--) {
    const distance = x[j]! - origin
    if (Number.isNaN(distance)) continue
    sum += distance
    squares += distance * distance
  }
  const shift = sum / count
  const deviation = Math.sqrt(Math.max(0, squares - sum * shift) / (count - 1))
  return deviation <= NO_VARIATION ? 0 : -shift / deviation
}
