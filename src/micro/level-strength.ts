import type { LevelParams } from './price-level.ts'

/** What the strength of a level is read from. */
export interface LevelRecord {
  /** Σ of the weights of its swings. */
  readonly weight: number
  readonly held: number
  readonly broken: number
  /** Trading days since the last touch. */
  readonly daysSinceTouch: number
}

/** 价位强度, 0 to 1 (spec microstructure §8.8): weight of the swings, share of touches that held (with one of each assumed), and how recent the last one is. */
export function levelStrength({ weight, held, broken, daysSinceTouch }: LevelRecord, params: LevelParams): number {
  const mass = 1 - Math.exp(-weight / 2)
  const holding = (held + 1) / (held + broken + 2)
  const recent = 0.5 ** (daysSinceTouch / params.touchHalfLife)
  return params.strengthWeight * mass + params.strengthHeld * holding + params.strengthRecent * recent
}
