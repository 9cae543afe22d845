import type { LevelBand } from './level-band.ts'
import type { LevelTape } from './level-tape.ts'
import type { Visit } from './level-visits.ts'

/** How the price moved around the level during one visit. Fractions; seconds of the session clock. */
export interface LevelTestPath {
  /** Farthest above and below the level ÷ level, over all prints from entry to confirmation; at least 0. */
  readonly penetrationUp: number
  readonly penetrationDown: number
  /** σ from entry to exit. */
  readonly dwellSeconds: number
  /** Share of the dwell with the price above and below the level, each price lasting until the next print; NaN for no dwell. */
  readonly timeAbove: number
  readonly timeBelow: number
}

/** Penetration and time at the level (spec microstructure §9.2). */
export function levelTestPath({ price, clock }: LevelTape, { entry, exit, confirm }: Visit, { level }: LevelBand): LevelTestPath {
  let highest = level
  let lowest = level
  for (let i = entry; i <= confirm; i++) {
    const one = price[i]!
    if (one > highest) highest = one
    if (one < lowest) lowest = one
  }
  let above = 0
  let below = 0
  for (let i = entry; i < exit; i++) {
    const lasted = clock[i + 1]! - clock[i]!
    if (price[i]! > level) above += lasted
    else if (price[i]! < level) below += lasted
  }
  const dwell = clock[exit]! - clock[entry]!
  return {
    penetrationUp: (highest - level) / level,
    penetrationDown: (level - lowest) / level,
    dwellSeconds: dwell / 1000,
    timeAbove: dwell > 0 ? above / dwell : NaN,
    timeBelow: dwell > 0 ? below / dwell : NaN,
  }
}
