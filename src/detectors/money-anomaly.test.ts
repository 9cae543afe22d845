import type { Code } from '#core/code.ts'
import { FEATURES, type Feature, type FeatureSnapshot } from '#core/feature-snapshot.ts'
import type { EpochMs, TradeDate } from '#core/trade-date.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { detectors } from './index.ts'
import { moneyAnomaly } from './money-anomaly.ts'

/** Buyers at work: 4.5 σ of net buying, big trades three times as dense as usual, 0.6 % of ADV20 net. */
const buying: Readonly<Record<Feature, number>> = {
  last: 10,
  prev_close: 9.8,
  pct: 0.0204,
  vwap_day: 9.95,
  dev_vwap: 0.005,
  high: 10.02,
  low: 9.75,
  cum_volume: 4e6,
  cum_amount: 4e7,
  order_flow_imbalance_day: 0.1,
  big_net_day: 3e6,
  r_1m: 0.002,
  r_3m: 0.006,
  r_5m: 0.01,
  amount_5m: 3e6,
  net_5m: 2e6,
  net_ratio_5m: 0.66,
  net_z5m: 4.5,
  big_buy_5m: 8e5,
  big_sell_5m: 2e5,
  big_net_5m: 6e5,
  big_density_5m: 0.15,
  bd_ratio: 3,
  adv20: 1e8,
  atr_pct: 0.03,
  limit_up: 10.78,
  limit_down: 8.82,
  big_trade_threshold: 200_000,
  is_st: 0,
}

/** The same seen in a mirror. */
const selling = { ...buying, vwap_day: 10.05, r_5m: -0.01, net_5m: -2e6, net_ratio_5m: -0.66, net_z5m: -4.5, big_net_5m: -6e5 }

function snapshot(values: Partial<Record<Feature, number>> = {}, more: Partial<FeatureSnapshot> = {}): FeatureSnapshot {
  const at = 1_789_000_000_000 as EpochMs
  return {
    code: '300750.SZ' as Code,
    date: 20260910 as TradeDate,
    at,
    seenAt: at,
    seq: 1,
    sessionSeconds: 3000,
    baseline: 'own',
    values: { ...buying, ...values },
    ...more,
  }
}

const detect = (values?: Partial<Record<Feature, number>>, more?: Partial<FeatureSnapshot>) => moneyAnomaly.detect(snapshot(values, more), moneyAnomaly.params)

test('moneyAnomaly scores and prices a hand-computed money-in', () => {
  const sighting = detect()!
  // 0.40·(4.5−3)/3 + 0.25·ln(3/2)/ln(3) + 0.25·(0.006−0.002)/0.008
  const score = 0.4 * 0.5 + 0.25 * (Math.log(1.5) / Math.log(3)) + 0.25 * 0.5
  expect(score).toBeCloseTo(0.417268, 6)
  expect(sighting.confidence).toBeCloseTo(0.3 + 0.65 * score, 12)
  expect(sighting).toMatchObject({ direction: 'long', kind: 'money_in' })
  expect(sighting.price.targetLow).toBeCloseTo(10.12, 12)
  expect(sighting.price.targetHigh).toBeCloseTo(10.24, 12)
  expect(sighting.price.stop).toBeCloseTo(9.88, 12)
  expect(sighting.price.invalidation).toBeCloseTo(9.95 * 0.985, 12)
  expect(sighting.evidence.map(({ field }) => field)).toEqual(['net_z5m', 'bd_ratio', 'big_net_5m'])
  expect(sighting.reason.zh).toContain('4.5')
})

test('moneyAnomaly mirrors everything for money-out', () => {
  const [inflow, outflow] = [detect()!, detect(selling)!]
  expect(outflow).toMatchObject({ direction: 'short', kind: 'money_out', confidence: inflow.confidence })
  expect(outflow.price.targetHigh).toBeCloseTo(9.88, 12)
  expect(outflow.price.targetLow).toBeCloseTo(9.76, 12)
  expect(outflow.price.stop).toBeCloseTo(10.12, 12)
  expect(outflow.price.invalidation).toBeCloseTo(10.05 * 1.015, 12)
})

test('moneyAnomaly fires at its thresholds and not a hair below', () => {
  expect(detect({ net_z5m: 3, bd_ratio: 2, big_net_5m: 2e5, r_5m: -0.03 })).toBeDefined()
  expect(detect({ net_z5m: 3, bd_ratio: 2, big_net_5m: 2e5, r_5m: -0.03 })!.confidence).toBe(0.3)
  expect(detect({ net_z5m: 2.999 })).toBeUndefined()
  expect(detect({ bd_ratio: 1.999 })).toBeUndefined()
  expect(detect({ big_net_5m: 199_999 })).toBeUndefined()
  expect(detect({ big_net_5m: -6e5 })).toBeUndefined()
  expect(detect({ r_5m: -0.0301 })).toBeUndefined()
  expect(detect({ r_5m: 0.08 })).toBeDefined()
  expect(detect({ ...selling, r_5m: 0.0301 })).toBeUndefined()
})

test('moneyAnomaly keeps targets within the price limits and is silent at them', () => {
  expect(detect({ limit_up: 10.15 })!.price).toMatchObject({ targetHigh: 10.15 })
  expect(detect({ limit_up: 10 })).toBeUndefined()
  expect(detect({ limit_up: NaN, limit_down: NaN })).toBeDefined()
  expect(detect({ vwap_day: 10.2 })).toBeUndefined()
})

test('moneyAnomaly waits for the gates: fresh, settled, liquid, not ST', () => {
  expect(detect({}, { sessionSeconds: 59 })).toBeUndefined()
  expect(detect({}, { sessionSeconds: 60 })).toBeDefined()
  expect(detect({}, { sessionSeconds: 7200 })).toBeUndefined()
  expect(detect({}, { sessionSeconds: 7230 })).toBeDefined()
  expect(detect({ is_st: 1 })).toBeUndefined()
  expect(detect({ cum_amount: 9e6, adv20: 2.9e7 })).toBeUndefined()
  expect(detect({ cum_amount: 1e7, adv20: 2.9e7 })).toBeDefined()
  expect(detect({}, { seenAt: (1_789_000_000_000 + 9001) as EpochMs })).toBeUndefined()
})

test('every detector declares what it reads: without one of its needs it never fires', () => {
  for (const detector of detectors)
    for (const field of detector.needs.filter(
      (need) => need !== 'limit_up' && need !== 'limit_down' && need !== 'net_5m' && need !== 'big_density_5m' && need !== 'cum_amount',
    ))
      for (const values of [buying, selling])
        expect(detector.detect(snapshot({ ...values, [field]: NaN }), detector.params), `${detector.name} without ${field}`).toBeUndefined()
})

test('every detector stays silent, and objects to nothing, when nothing is known', () => {
  const unknown = Object.fromEntries(FEATURES.map((name) => [name, NaN])) as Record<Feature, number>
  for (const detector of detectors) {
    expect(detector.detect(snapshot(unknown), detector.params)).toBeUndefined()
    for (const direction of ['long', 'short'] as const) expect(detector.invalidates(direction, snapshot(unknown), detector.params)).toBeUndefined()
  }
})

test('every detector reports finite numbers and ordered levels, and depends on the declared features alone', () => {
  const anyChange = fc.record({ field: fc.constantFrom(...FEATURES), value: fc.oneof(fc.double({ min: -100, max: 100, noNaN: true }), fc.constant(NaN)) })
  const anyValues = fc
    .record({ base: fc.constantFrom(buying, selling), changes: fc.array(anyChange, { maxLength: 4 }) })
    .map(({ base, changes }) => ({ ...base, ...Object.fromEntries(changes.map(({ field, value }) => [field, value])) }))
  let fired = 0
  fc.assert(
    fc.property(anyValues, fc.double({ noNaN: true }), (values, noise) => {
      for (const detector of detectors) {
        const sighting = detector.detect(snapshot(values), detector.params)
        const foreign = Object.fromEntries(FEATURES.filter((name) => !detector.needs.includes(name)).map((name) => [name, noise]))
        expect(detector.detect(snapshot({ ...values, ...foreign }), detector.params)).toEqual(sighting)
        if (sighting === undefined) continue
        fired++
        const { targetLow, targetHigh, stop, ref } = sighting.price
        const ordered = sighting.direction === 'long' ? [stop, ref, targetLow, targetHigh] : [targetLow, targetHigh, ref, stop]
        expect(ordered).toEqual(ordered.toSorted((a, b) => a - b))
        expect(sighting.confidence).toBeGreaterThanOrEqual(0)
        expect(sighting.confidence).toBeLessThanOrEqual(1)
        for (const number of [...Object.values(sighting.price), ...sighting.evidence.map(({ value }) => value)]) expect(Number.isFinite(number)).toBe(true)
      }
    }),
    { numRuns: 1000 },
  )
  expect(fired).toBeGreaterThan(100)
})

test('moneyAnomaly objects at once through the VWAP, and to reversed money after three minutes', () => {
  const objects = (values: Partial<Record<Feature, number>>, direction: 'long' | 'short' = 'long') =>
    moneyAnomaly.invalidates(direction, snapshot(values), moneyAnomaly.params)?.forSeconds
  expect(objects({})).toBeUndefined()
  expect(objects({ last: 9.95 * 0.985 })).toBe(0)
  expect(objects({ last: 9.95 * 0.985 + 0.001 })).toBeUndefined()
  expect(objects({ net_z5m: -1.5 })).toBe(180)
  expect(objects({ net_z5m: -1.49 })).toBeUndefined()
  expect(objects({ net_z5m: 1.5 }, 'short')).toBe(180)
  expect(objects({ last: 9.95 * 1.015, net_z5m: 0 }, 'short')).toBe(0)
})
