import { setImmediate as breathe } from 'node:timers/promises'
import type { Code } from '#core/code.ts'
import { tradeDate } from '#core/trade-date.ts'
import { EXIT } from '#dag/outcome.ts'
import { keyedRng } from '#market/keyed-rng.ts'
import { plantedBatch, VERIFICATION_KINDS } from '#market/planted-batch.ts'
import { detectionQuality } from '#research/detection-quality.ts'
import { gatherScored, scorePlanted, type ScoredScenario } from '#research/score-planted.ts'
import { z } from 'zod'
import { defineVerb } from '../verb.ts'

/** Where the scenarios are planted: any stock and day with today's sessions will do. */
const CODE = '600000.SH' as Code
const DATE = tradeDate(20260105)

/** 模拟: what the simulated market can be asked for. `truth-score` plants scenarios on the order book and says how well the level scores find them. */
export const sim = defineVerb({
  name: 'sim',
  args: z.strictObject({ action: z.literal('truth-score'), count: z.number().int().min(2).max(1000).default(80), seed: z.number().int().default(20_260_701) }),
  async run(_app, { count, seed }, { emit, signal }) {
    const total = count * VERIFICATION_KINDS.reduce((sum, { strengths }) => sum + strengths.length, 0)
    const scored: ScoredScenario[] = []
    for (const scenario of plantedBatch({ code: CODE, date: DATE, kinds: VERIFICATION_KINDS, count }, keyedRng(seed, 'truth', CODE, DATE))) {
      scored.push(scorePlanted(scenario))
      emit({ type: 'progress', what: 'scenarios', done: scored.length, total, unit: 'scenarios' })
      await breathe()
      signal.throwIfAborted()
    }
    const checks = detectionQuality(gatherScored(scored))
    return { exitCode: EXIT.success, data: { count, seed, scenarios: scored.length, checks } }
  },
})
