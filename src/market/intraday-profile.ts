import { exp } from '#numeric/fmath.ts'

/** Minutes of continuous trading: 09:30–11:30 and 13:00–14:57. */
export const CONTINUOUS_MINUTES = 237

/** Three-second slots of continuous trading, 20 a minute. A record carries the time of its slot's end. */
export const SLOTS = CONTINUOUS_MINUTES * 20

/** Share of the day's volume in the opening and the closing call auction (spec simulator §5.2). */
export const OPEN_AUCTION_SHARE = 0.012
export const CLOSE_AUCTION_SHARE = 0.015

const MORNING_MS = 9.5 * 3_600_000
const AFTERNOON_MS = 13 * 3_600_000

/** Milliseconds after midnight at which a slot (0 …) ends: 09:30:03 … 11:30:00, 13:00:03 … 14:57:00. */
export function slotEnd(slot: number): number {
  return slot < 2400 ? MORNING_MS + (slot + 1) * 3000 : AFTERNOON_MS + (slot - 2400 + 1) * 3000
}

/**
 * 量的日内形状: weight of each minute's volume, summing to 1: high after the open, a hump after lunch, a rise to the close. The form of spec simulator
 * §5.2, fitted to the turnover shares of real 15-minute bars (spec stylised-facts); large moves add their part in the records.
 */
export const VOLUME_SHAPE: Float64Array = normalised(
  (m) => 1 + 1.1 * exp(-(m - 1) / 5) + 2.75 * exp(-(m - 1) / 40) + (m > 120 ? 0.78 * exp(-(m - 121) / 11) : 0) + 1.5 * exp(-(240 - m) / 10),
)

/**
 * 波动的日内形状: share of each minute in the session's variance, summing to 1: the square of a reverse-J profile without a rise to the close. The form of
 * spec simulator §4.2, fitted to the absolute returns of real 15-minute bars (spec stylised-facts).
 */
export const VARIANCE_SHAPE: Float64Array = normalised(
  (m) => (1 + 3.47 * exp(-(m - 1) / 10) + 1.54 * exp(-(m - 1) / 40) + (m > 120 ? 0.67 * exp(-(m - 121) / 12) : 0) - 0.0008 * Math.max(0, m - 140)) ** 2,
)

/** Share of the continuous session's volume that falls after each minute's end. */
export const VOLUME_AFTER: Float64Array = Float64Array.from({ length: CONTINUOUS_MINUTES }, (_, minute) =>
  VOLUME_SHAPE.subarray(minute + 1).reduce((sum, share) => sum + share, 0),
)

function normalised(shape: (minute: number) => number): Float64Array {
  const raw = Float64Array.from({ length: CONTINUOUS_MINUTES }, (_, at) => shape(at + 1))
  const sum = raw.reduce((total, value) => total + value, 0)
  return raw.map((value) => value / sum)
}
