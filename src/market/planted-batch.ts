import type { Code } from '#core/code.ts'
import type { Rng } from '#core/rng.ts'
import type { TradeDate } from '#core/trade-date.ts'
import { plantScenario, type PlantedScenario } from './planted-scenarios.ts'
import type { ScenarioType } from './scenario-plan.ts'

/** Which scenarios to plant how often (spec simulator §12.3 plants 80 of each kind and strength). */
export interface BatchSettings {
  readonly code: Code
  readonly date: TradeDate
  /** Types with their strengths; a type that knows no strength is listed with one. */
  readonly kinds: readonly { readonly type: ScenarioType; readonly strengths: readonly number[] }[]
  readonly count: number
  readonly level?: number
}

/** The kinds of the verification of spec simulator §12.3. */
export const VERIFICATION_KINDS: BatchSettings['kinds'] = Object.freeze([
  { type: 'null_test', strengths: [0] },
  { type: 'support_accumulation', strengths: [0, 0.25, 0.5, 1] },
  { type: 'resistance_distribution', strengths: [0.5, 1] },
  { type: 'flip_retest', strengths: [1] },
  { type: 'support_break', strengths: [1] },
  { type: 'spoof_wall', strengths: [1] },
] as const)

/**
 * 植入批次: the scenarios one after the other, kind by kind. The number names the generator, so that scenarios of one number meet the same crowd and differ by what is
 * planted (common random numbers), a larger batch contains the smaller one, and any scenario can be drawn alone. Throws RangeError when `count` is not whole and positive.
 */
export function* plantedBatch(settings: BatchSettings, rng: Rng): Generator<PlantedScenario> {
  const { kinds, count, ...where } = settings
  if (!(Number.isInteger(count) && count > 0)) throw new RangeError(`Cannot plant a batch: the count is whole and positive, found ${count}`)
  for (const { type, strengths } of kinds)
    for (const strength of strengths) for (let i = 0; i < count; i++) yield plantScenario({ ...where, type, strength }, rng.fork(`${i}`))
}
