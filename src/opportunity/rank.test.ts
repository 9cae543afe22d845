import type { Code } from '#core/code.ts'
import type { EpochMs, TradeDate } from '#core/trade-date.ts'
import { expect, test } from 'vitest'
import type { Opportunity } from './event.ts'
import { byRank, rankScore } from './rank.ts'
import { viewOf } from './view.ts'

const opportunity: Opportunity = {
  id: '20260910-300750.SZ-long-1',
  code: '300750.SZ' as Code,
  date: 20260910 as TradeDate,
  direction: 'long',
  kind: 'money_in',
  state: 'discovered',
  discoveredAt: 1 as EpochMs,
  discoveredSeconds: 60,
  updatedAt: 2 as EpochMs,
  seq: 3,
  confidence: 0.6,
  contributions: [
    {
      detector: 'money_anomaly',
      weight: 0.8,
      confidence: 0.75,
      seconds: 60,
      reason: { zh: '资金', en: 'money' },
      evidence: [{ field: 'net_z5m', value: 4, text: { zh: '', en: '' } }],
    },
  ],
  duplicates: 0,
  conflicted: false,
  ref: 10,
  targetLow: 10.2,
  targetHigh: 10.4,
  stop: 9.9,
  invalidation: 9.8,
  last: 10,
  adv20: 2.65e8,
  reason: { zh: '资金', en: 'money' },
  risks: [],
}

test('rankScore() multiplies confidence, liquidity and reward against risk, by hand', () => {
  // ramp(265 M; 30 M, 500 M) = 0.5; RR = 0.2 / 0.1 = 2
  expect(rankScore(opportunity)).toBeCloseTo(0.6 * 0.75 * (2 / 3), 12)
  expect(rankScore({ ...opportunity, direction: 'short', targetLow: 9.6, targetHigh: 9.8, stop: 10.1 })).toBeCloseTo(0.6 * 0.75 * (2 / 3), 12)
})

test('rankScore() is 0 without reward or risk, and takes an unknown ADV20 as illiquid', () => {
  expect(rankScore({ ...opportunity, last: 10.3 })).toBe(0)
  expect(rankScore({ ...opportunity, last: 9.9 })).toBe(0)
  expect(rankScore({ ...opportunity, adv20: NaN })).toBeCloseTo(0.6 * 0.5 * (2 / 3), 12)
})

test('byRank() puts the best first and breaks ties by time, then by id', () => {
  const later = { ...opportunity, id: 'b', discoveredAt: 9 as EpochMs }
  const twin = { ...opportunity, id: 'c', discoveredAt: 9 as EpochMs }
  const best = { ...opportunity, id: 'd', discoveredAt: 99 as EpochMs, confidence: 0.9 }
  expect([twin, later, opportunity, best].toSorted(byRank).map(({ id }) => id)).toEqual(['d', opportunity.id, 'b', 'c'])
})

test('viewOf() shows what the list shows, with null for what is not known yet', () => {
  const view = viewOf(opportunity)
  expect(view).toMatchObject({ state: 'discovered', detectors: ['money_anomaly'], mfe: null, mae: null, last: 10, seq: 3, reason: { zh: '资金' } })
  expect(view.evidence).toHaveLength(1)
  expect(view).not.toHaveProperty('endReason')
  expect(viewOf({ ...opportunity, last: NaN, excursion: { mfe: 0.1, mae: -0.1 }, endReason: 'TARGET' })).toMatchObject({
    last: null,
    mfe: 0.1,
    endReason: 'TARGET',
  })
})
