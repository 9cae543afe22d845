import type { FeatureSnapshot } from './feature-snapshot.ts'

/** What must hold before any detector may propose an entry. Keys of `intraday.*`. */
export interface EntryGates {
  /** ms between the event and when we learnt it. */
  readonly maxAgeMs: number
  /** Session-clock seconds after 09:30 and after 13:00 in which nothing is proposed. */
  readonly afterOpenSeconds: number
  readonly afterLunchSeconds: number
  /** CNY: traded today, or usually traded. One of the two suffices. */
  readonly minAmountToday: number
  readonly minAdv20: number
}

export const ENTRY_GATES: EntryGates = Object.freeze({
  maxAgeMs: 9000,
  afterOpenSeconds: 60,
  afterLunchSeconds: 30,
  minAmountToday: 10_000_000,
  minAdv20: 30_000_000,
})

/** σ of 11:30 and of 13:00: the session clock stands still over lunch. */
const LUNCH_SECONDS = 7200

/**
 * The common gates of spec intraday §10.2 as far as ticks carry them: fresh, past the first moments of each half, liquid, not ST.
 * Spread, disputed quotes and risk vetoes need the book and the risk guard and are judged where those are known. NaN never passes.
 */
export function passesEntryGates({ at, seenAt, sessionSeconds, values }: FeatureSnapshot, gates: EntryGates = ENTRY_GATES): boolean {
  const isFresh = seenAt - at <= gates.maxAgeMs
  const isSettled = sessionSeconds >= gates.afterOpenSeconds && (sessionSeconds < LUNCH_SECONDS || sessionSeconds >= LUNCH_SECONDS + gates.afterLunchSeconds)
  const isLiquid = values.cum_amount >= gates.minAmountToday || values.adv20 >= gates.minAdv20
  return isFresh && isSettled && isLiquid && values.is_st === 0
}
