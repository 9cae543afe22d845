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

/** 量的日内形状: weight of each minute's volume, summing to 1: high after the open, a hump after lunch, a rise to the close (spec simulator §5.2). */
export const VOLUME_SHAPE: Float64Array = normalised(
  (m) => 1 + 1.2 * Math.exp(-(m - 1) / 10) + 0.9 * Math.exp(-(m - 1) / 50) + (m > 120 ? 0.55 * Math.exp(-(m - 121) / 12) : 0) + 1.3 * Math.exp(-(240 - m) / 14),
)

/** 波动的日内形状: share of each minute in the session's variance, summing to 1: the square of the double-L profile (spec simulator §4.2). */
export const VARIANCE_SHAPE: Float64Array = normalised(
  (m) =>
    (1 + 2.2 * Math.exp(-(m - 1) / 6) + 0.9 * Math.exp(-(m - 1) / 40) + (m > 120 ? 0.55 * Math.exp(-(m - 121) / 8) : 0) + 0.25 * Math.exp(-(240 - m) / 15)) **
    2,
)

/** Share of the session's variance that has passed when a slot begins; one entry more than slots, ending at 1. */
export const VARIANCE_CLOCK: Float64Array = clockOf(VARIANCE_SHAPE)

function normalised(shape: (minute: number) => number): Float64Array {
  const raw = Float64Array.from({ length: CONTINUOUS_MINUTES }, (_, at) => shape(at + 1))
  const sum = raw.reduce((total, value) => total + value, 0)
  return raw.map((value) => value / sum)
}

function clockOf(shares: Float64Array): Float64Array {
  const clock = new Float64Array(SLOTS + 1)
  for (let slot = 0; slot < SLOTS; slot++) clock[slot + 1] = clock[slot]! + shares[Math.floor(slot / 20)]! / 20
  clock[SLOTS] = 1
  return clock
}
