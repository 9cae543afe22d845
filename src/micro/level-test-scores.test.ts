import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { breakValuePerMinute, scoreLevelTest, type ScoreContext, type ScoredTest } from './level-test-scores.ts'
import type { PriceLevel } from './price-level.ts'

const vectors = join(process.env.FUPAN_SHARED ?? join(import.meta.dirname, '../../../shared'), 'fixtures/vectors/microstructure.json')
const hasShared = existsSync(vectors)

const quiet: ScoredTest = {
  approach: 'above',
  exitSide: 'above',
  isScored: true,
  bigNetRatio: 0.12,
  orderFlowImbalance: 0.2,
  maxPenetration: 0.003,
  timeAbove: 0.7895,
  timeBelow: 0.1053,
  attempts: 1,
  amount: 6e9,
  valuePerMinute: 40_000,
  futureReturn30m: 0.008,
  future30mKnownAt: 2000,
  tConfirm: 1000,
}
const context: ScoreContext = { type: 'support', band: 0.005, meanAmount: 4e8, reactionScale: 0.01, breakValuePerMinute: NaN }
const scores = (changes: Partial<ScoredTest> = {}, other: Partial<ScoreContext> = {}) => scoreLevelTest({ ...quiet, ...changes }, { ...context, ...other })

describe('the examples of spec §15.5', () => {
  test('scoreLevelTest() of a support that bounced', () => {
    const { kind, absorption, hold, reaction, quantity, raw, score, knownAt } = scores()
    expect([kind, quantity, knownAt]).toEqual(['support', 1, 2000])
    for (const [value, expected] of [
      [absorption, 0.832],
      [hold, 0.8247],
      [reaction, 0.9],
      [raw, 0.8502],
      [score, 0.8502],
    ] as const)
      expect(value).toBeCloseTo(expected, 4)
  })

  test('scoreLevelTest() of a support that broke', () => {
    const changes = {
      bigNetRatio: -0.18,
      orderFlowImbalance: -0.35,
      maxPenetration: 0.007,
      timeAbove: 0.7143,
      timeBelow: 0.2857,
      futureReturn30m: -0.012,
      amount: 3e9,
    }
    const { hold, reaction, quantity, score } = scores({ ...changes, exitSide: 'below' })
    expect([reaction, quantity]).toEqual([0, 0.75])
    expect(hold).toBeCloseTo(0.5876, 4)
    expect(score).toBeCloseTo(0.2791, 4)
  })

  test('scoreLevelTest() of the second attack on a resistance turns absorption and reaction round', () => {
    const changes = { bigNetRatio: -0.12, orderFlowImbalance: -0.2, maxPenetration: 0.004, attempts: 2, futureReturn30m: -0.006, amount: 5e9 }
    const attack = { ...changes, approach: 'below', exitSide: 'below' } as const
    const { absorption, hold, reaction, score } = scores(attack, { type: 'resistance' })
    expect([1 - absorption, hold, 1 - reaction, score].map((x) => x.toFixed(4))).toEqual(['0.8320', '0.7133', '0.8000', '0.7868'])
    expect(scores({ ...attack, exitSide: 'above' }, { type: 'resistance' }).hold).toBeCloseTo(hold / 2, 12)
  })

  test('scoreLevelTest() of a flip without a reaction rescales the other weights', () => {
    const changes = { bigNetRatio: 0.1, orderFlowImbalance: 0.1, maxPenetration: 0.002, timeAbove: 0.8, timeBelow: 0.15, futureReturn30m: NaN, amount: 2e9 }
    const { dryness, quantity, score, exante, knownAt } = scores({ ...changes, future30mKnownAt: NaN }, { type: 'flip', breakValuePerMinute: 160_000 })
    expect([dryness, quantity, knownAt]).toEqual([1, 0.5, 1000])
    expect(score).toBeCloseTo(0.6684, 4)
    expect(exante).toBe(score)
  })
})

test.skipIf(!hasShared)('scoreLevelTest() gives the four vectors to 1e-12 (needs FUPAN_SHARED)', () => {
  const { scores: cases } = JSON.parse(readFileSync(vectors, 'utf8'))
  const kinds = { support_good: 'support', support_broken: 'support', resistance: 'resistance', flip_no_reaction: 'flip' } as const
  for (const [name, type] of Object.entries(kinds)) {
    const { in: given, out } = cases[name]
    const against = type === 'resistance'
    const found = scoreLevelTest(
      {
        ...quiet,
        approach: against ? 'below' : 'above',
        exitSide: given.exit ?? 'above',
        bigNetRatio: given.bnr,
        orderFlowImbalance: given.ofi,
        maxPenetration: given.pen ?? given.pen_up,
        timeAbove: given.ta,
        timeBelow: given.tb,
        attempts: given.n_try ?? 1,
        amount: given.value * 1000,
        valuePerMinute: given.vpm_test,
        futureReturn30m: given.fr30 ?? NaN,
      },
      { type, band: given.band ?? 0.005, meanAmount: given.adv20, reactionScale: given.r_ref, breakValuePerMinute: given.vpm_break ?? NaN },
    )
    const turned = (x: number) => (against ? 1 - x : x)
    const expected = [out.A, out.H ?? out.F, out.R ?? NaN, out.V ?? NaN, out.raw, out.q, out.score]
    for (const [i, value] of [turned(found.absorption), found.hold, turned(found.reaction), found.dryness, found.raw, found.quantity, found.score].entries())
      if (Number.isNaN(expected[i])) expect(value).toBeNaN()
      else expect(value).toBeCloseTo(expected[i], 12)
  }
})

test('scoreLevelTest() scores a level from its own side only, and no test that is not to be scored', () => {
  const types: readonly PriceLevel['type'][] = ['support', 'flip', 'resistance']
  const applies = (approach: ScoredTest['approach'], isScored: boolean) => types.filter((type) => scores({ approach, isScored }, { type }).kind !== undefined)
  expect([applies('above', true), applies('below', true), applies('in', true), applies(undefined, true), applies('above', false)]).toEqual([
    ['support', 'flip'],
    ['resistance'],
    [],
    [],
    [],
  ])
  expect(scores({ isScored: false })).toMatchObject({ score: NaN, exante: NaN, raw: NaN, knownAt: NaN })
})

test('scoreLevelTest() leaves what is not known out of the score', () => {
  // Without flow: 0.3 H and 0.3 R. Without any dwell H is not known either.
  const { hold, reaction, absorption, score } = scores({ orderFlowImbalance: NaN })
  expect([absorption, score]).toEqual([NaN, (0.3 * hold + 0.3 * reaction) / 0.6])
  expect(scores({ bigNetRatio: NaN, timeAbove: NaN, timeBelow: NaN, futureReturn30m: NaN }).score).toBeNaN()
  expect(scores({}, { meanAmount: NaN })).toMatchObject({ quantity: NaN, score: NaN, exante: NaN })
  expect(scores({ timeAbove: 0, timeBelow: 0, maxPenetration: 0.02 }).hold).toBe(0.15)
})

test('scoreLevelTest() stays within 0 and 1 and nearer to 0.5 the thinner the test', () => {
  const fraction = fc.double({ min: -1, max: 1, noNaN: true })
  const share = fc.double({ min: 0, max: 0.5, noNaN: true })
  const change = fc.record({
    bigNetRatio: fraction,
    orderFlowImbalance: fraction,
    futureReturn30m: fc.option(fc.double({ min: -0.2, max: 0.2, noNaN: true }), { nil: NaN }),
    maxPenetration: fc.double({ min: 0, max: 0.1, noNaN: true }),
    timeAbove: share,
    timeBelow: share,
    attempts: fc.integer({ min: 1, max: 12 }),
    amount: fc.integer({ min: 0, max: 1e10 }),
    valuePerMinute: fc.double({ min: 0, max: 1e6, noNaN: true }),
  })
  fc.assert(
    fc.property(change, fc.constantFrom<PriceLevel['type']>('support', 'flip', 'resistance'), (changes, type) => {
      const given = { ...changes, approach: type === 'resistance' ? 'below' : 'above' } as const
      const found = scores(given, { type, breakValuePerMinute: 1e5 })
      for (const value of [found.score, found.exante, found.raw, found.absorption, found.hold]) {
        expect(value).toBeGreaterThanOrEqual(0)
        expect(value).toBeLessThanOrEqual(1)
      }
      expect(Math.abs(found.score - 0.5)).toBeLessThanOrEqual(Math.abs(found.raw - 0.5) + 1e-15)
      expect(scores({ ...given, futureReturn30m: 0.05 }, { type, breakValuePerMinute: 1e5 }).exante).toBe(found.exante)
    }),
  )
})

test('breakValuePerMinute() spreads a day over its 237 minutes', () => {
  expect(breakValuePerMinute(237e6)).toBe(1e6)
})
