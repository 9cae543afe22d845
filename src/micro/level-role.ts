import type { LevelParams, PriceLevel } from './price-level.ts'
import type { TouchEvent } from './touch-events.ts'

/** What decides on which side of the price a level stands. Prices in whole 厘 of the calculation day. */
export interface RoleEvidence {
  readonly level: number
  readonly close: number
  /** Mean of the last closes, for a level met for the first time with the price inside its band. */
  readonly meanClose: number
  /** The same level on the previous calculation day. */
  readonly previous: PriceLevel | undefined
}

/** 支撑 below the price, 阻力 above it; inside the band what it was before, and without a past what the recent closes say (spec microstructure §8.7). */
export function levelRole({ level, close, meanClose, previous }: RoleEvidence, { band }: LevelParams): 'support' | 'resistance' {
  if (close > level + level * band) return 'support'
  if (close < level - level * band) return 'resistance'
  if (previous !== undefined) return previous.type === 'resistance' ? 'resistance' : 'support'
  return meanClose >= level ? 'support' : 'resistance'
}

/**
 * 翻转: the latest event that broke through the level from the far side within `flipDays` trading days, after an earlier one had held there
 * (spec microstructure §8.7): for a support that was resistance the far side is below, for a resistance that was support above.
 * `dayOf` numbers the market day of a row. Undefined when the level never changed sides.
 */
export function flipEvent(
  role: 'support' | 'resistance',
  events: readonly TouchEvent[],
  today: number,
  dayOf: (row: number) => number,
  { flipDays }: LevelParams,
): TouchEvent | undefined {
  const farSide = role === 'support' ? 'below' : 'above'
  const held = events.findIndex((event) => event.from === farSide && event.outcome === 'held')
  if (held < 0) return undefined
  const broke = events.findLastIndex((event) => event.from === farSide && event.outcome === 'broken')
  return broke > held && today - dayOf(events[broke]!.toldAt) <= flipDays ? events[broke] : undefined
}
