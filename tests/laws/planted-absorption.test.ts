import { beforeAll, expect, test } from 'vitest'
import type { Code } from '#core/code.ts'
import { seededRng } from '#core/rng.ts'
import { tradeDate } from '#core/trade-date.ts'
import { plantedBatch } from '#market/planted-batch.ts'
import { plantScenario } from '#market/planted-scenarios.ts'
import { SCENARIO_TYPES } from '#market/scenario-plan.ts'
import {
  against,
  median,
  recovered,
  scoreBatch,
  sidesFound,
  spoofedAboveNull,
  trueBigNetRatio,
  trueImbalance,
  type ScoredBatch,
} from '#research/score-planted.ts'

/**
 * The measures against planted truth (spec simulator §12.3, microstructure §14.4). Targets are those of the spec; where twenty-eight scenarios of a kind leave an AUC
 * more than its margin of chance, the bound is wider here and exact in the bench of eighty.
 */
const where = { code: '600000.SH' as Code, date: tradeDate(20260105) }

let batch: ScoredBatch
beforeAll(() => {
  const rng = seededRng(20260701)
  batch = new Map([
    ...scoreBatch(
      plantedBatch(
        {
          ...where,
          count: 28,
          kinds: [
            { type: 'null_test', strengths: [0] },
            { type: 'support_accumulation', strengths: [0, 0.25, 0.5, 1] },
            { type: 'spoof_wall', strengths: [1] },
          ],
        },
        rng,
      ),
    ),
    ...scoreBatch(
      plantedBatch(
        {
          ...where,
          count: 8,
          kinds: [
            { type: 'support_break', strengths: [1] },
            { type: 'resistance_distribution', strengths: [1] },
            { type: 'flip_retest', strengths: [1] },
          ],
        },
        rng,
      ),
    ),
  ])
}, 120_000)

test('planted accumulation shows in the true big net ratio of the band, more with every step of strength, and not at all without strength', () => {
  const [none, weak, half, full] = [0, 0.25, 0.5, 1].map((strength) => against(batch, strength, trueBigNetRatio))
  expect(none).toBeGreaterThan(0.35)
  expect(none).toBeLessThan(0.65)
  expect(weak).toBeGreaterThanOrEqual(0.7)
  expect(half).toBeGreaterThanOrEqual(0.88)
  expect(full).toBeGreaterThanOrEqual(0.95)
  expect(weak! < half! && half! <= full!).toBe(true)
  expect(against(batch, 1, trueImbalance)).toBeGreaterThanOrEqual(0.93)
})

test.each(['orders', 'slots'] as const)('level tests over %s tell planted accumulation from null tests by big net ratio, imbalance and penetration', (form) => {
  const bigNet = [0.25, 0.5, 1].map((strength) => against(batch, strength, (scored) => scored[form].bigNetRatio))
  // A test lasts some forty minutes, of which eighteen are planted.
  expect(bigNet[2]).toBeGreaterThanOrEqual(0.9)
  expect(bigNet[0]! < bigNet[1]! && bigNet[1]! < bigNet[2]!).toBe(true)
  expect(against(batch, 1, (scored) => scored[form].orderFlowImbalance)).toBeGreaterThanOrEqual(0.85)
  expect(against(batch, 1, (scored) => -scored[form].penetration)).toBeGreaterThanOrEqual(0.7)
})

test.each(['orders', 'slots'] as const)('support scores over %s rank planted accumulation above null tests without knowing the future', (form) => {
  expect(against(batch, 0.5, (scored) => scored[form].exante)).toBeGreaterThanOrEqual(0.84)
  expect(against(batch, 1, (scored) => scored[form].exante)).toBeGreaterThanOrEqual(0.93)
  expect(median(batch, 'support_accumulation/1', (scored) => scored[form].score)).toBeGreaterThanOrEqual(0.65)
  expect(median(batch, 'resistance_distribution/1', (scored) => scored[form].score)).toBeGreaterThanOrEqual(0.65)
  expect(median(batch, 'flip_retest/1', (scored) => scored[form].score)).toBeGreaterThanOrEqual(0.65)
  expect(median(batch, 'support_break/1', (scored) => scored[form].score)).toBeLessThanOrEqual(0.4)
})

test('spoofed walls are not scored as absorption', () => {
  expect(spoofedAboveNull(batch, (scored) => scored.orders.exante)).toBeLessThanOrEqual(0.6)
  expect(spoofedAboveNull(batch, (scored) => scored.slots.exante)).toBeLessThanOrEqual(0.6)
})

test('forward returns of planted accumulation are better than those of null tests, and no oracle', () => {
  const forward = against(batch, 1, ({ truth }) => truth.forwardReturn30m)
  expect(forward).toBeGreaterThan(0.6)
  expect(forward).toBeLessThan(0.8)
})

test('level tests recover the planted visits with their value, imbalance, penetration and reaction', () => {
  const visits = recovered(batch, 'ticks')
  expect(visits.length).toBeGreaterThan(150)
  expect(visits.filter(({ test: found }) => found !== undefined).length / visits.length).toBeGreaterThanOrEqual(0.98)
  for (const { visit, test: found } of visits) {
    if (found === undefined || found.tEntry !== visit.enter || found.tExit !== visit.exit) continue
    expect(found.amount).toBe(visit.flow.total)
    expect(found.orderFlowImbalance).toBeCloseTo(visit.orderFlowImbalance, 12)
    expect(found.maxPenetration).toBeCloseTo(visit.maxPenetration, 12)
    if (!Number.isNaN(found.futureReturn30m)) expect(found.futureReturn30m).toBeCloseTo(visit.futureReturn30m, 12)
  }
})

test('the aggressor of a trade is found by the quotes nearly always, by price changes alone mostly', () => {
  for (const type of SCENARIO_TYPES) {
    const { byQuote, byTick } = sidesFound(plantScenario({ ...where, type, strength: 1 }, seededRng(`sides/${type}`)))
    expect(byQuote).toBeGreaterThanOrEqual(0.99)
    expect(byTick).toBeGreaterThanOrEqual(0.75)
  }
})
