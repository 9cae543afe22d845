/** 植入场景: what is planted around one price level (spec simulator §12.1). */
export const SCENARIO_TYPES = ['support_accumulation', 'resistance_distribution', 'flip_retest', 'support_break', 'null_test', 'spoof_wall'] as const

export type ScenarioType = (typeof SCENARIO_TYPES)[number]

/** One scenario before anything is drawn. Times in whole seconds from the start of the tape, prices in ticks. */
export interface ScenarioPlan {
  readonly type: ScenarioType
  /** 0 to 1. */
  readonly strength: number
  readonly level: number
  /** Until here the book only fills. */
  readonly begins: number
  /** The test of the level: the planted agent works from t0 to t1. */
  readonly t0: number
  readonly t1: number
  readonly seconds: number
  /** How busy the stock is at a second, 1 = the 3,500 trades in 70 minutes of spec simulator §11.3. */
  readonly activity: (second: number) => number
}

/** −1 for a scenario at a resistance, which is the mirror image of one at a support, +1 for the others. */
export function facing(type: ScenarioType): 1 | -1 {
  return type === 'resistance_distribution' ? -1 : 1
}

/** The half width of the band around a level, as a fraction (spec simulator §12.3). */
export const BAND = 0.005

/** Two minutes to fill the book, half an hour down to the level, eighteen minutes at it, and long enough after it for a thirty-minute return. */
export function scenarioPlan(
  type: ScenarioType,
  strength: number,
  options: { readonly level?: number; readonly activity?: (second: number) => number } = {},
): ScenarioPlan {
  if (!(strength >= 0 && strength <= 1)) throw new RangeError(`Cannot plant ${type}: the strength lies in 0 to 1, found ${strength}`)
  const { level = 2000, activity = () => 1 } = options
  if (!(Number.isInteger(level) && level >= 400)) throw new RangeError(`Cannot plant ${type}: the level is whole ticks from 400 up, found ${level}`)
  return { type, strength, level, activity, begins: 120, t0: 1920, t1: 3000, seconds: 6300 }
}
