import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CANDIDATE_PARAMS, chooseCandidate, FILTERS, NO_TESTS, rankScoreOf, type CandidateFacts, type ScoredLevel } from './choose-candidate.ts'

const level = (price: number, type: ScoredLevel['type'], scores: Partial<ScoredLevel> = {}): ScoredLevel => ({
  id: `${type} ${price}`,
  price,
  type,
  strength: 0.6,
  ...NO_TESTS,
  ...scores,
})

const support = level(10, 'support', { supportScore: 0.72, supportPct: 0.8, supportTests: 3 })
const resistance = level(10.9, 'resistance', { resistanceScore: 0.4, resistancePct: 0.3 })

const facts = (changes: Partial<CandidateFacts> = {}): CandidateFacts => ({
  close: 10.2,
  upperBand: 11.5,
  isSuspended: false,
  isLimitDown: false,
  isExcluded: false,
  qualityZ: 1.1,
  qualityPct: 0.9,
  better: 2,
  scored: 20,
  levels: [support, resistance],
  ...changes,
})

const stepOf = (name: string, changes: Partial<CandidateFacts>) => chooseCandidate(facts(changes)).steps.find(({ filter }) => filter === name)!

test('chooseCandidate() takes a stock that passes all six filters, with entry, target and stop', () => {
  const choice = chooseCandidate(facts())
  expect(choice.selected).toBe(true)
  expect(choice.steps.map(({ filter }) => filter)).toEqual([...FILTERS])
  expect(choice.support).toBe(support)
  expect(choice.target).toBe(10.9)
  expect(choice.stop).toBeCloseTo(9.85, 12)
  // (10.9 - 10) / (10 × 0.015) = 6 times the risk.
  expect(choice.room).toBeCloseTo(6, 9)
  expect(choice.distance).toBeCloseTo(0.02, 12)
  // 0.40 × 0.9 + 0.35 × 0.8 + 0.25 × (1 - 0.3)
  expect(choice.rankScore).toBeCloseTo(0.815, 12)
})

describe('F2', () => {
  test('keeps the best 30 % of the scored stocks, rounded up, and all that tie with the last of them', () => {
    expect(stepOf('F2', { better: 5, scored: 20 })).toMatchObject({ pass: true, value: 6, threshold: 6 })
    expect(stepOf('F2', { better: 6, scored: 20 })).toMatchObject({ pass: false, value: 7, threshold: 6 })
    // 0.3 × 11 = 3.3 → 4 places; two stocks with the same z have the same number of better ones.
    expect(stepOf('F2', { better: 3, scored: 11 }).pass).toBe(true)
  })
  test('says no to a stock without a score', () =>
    expect(stepOf('F2', { qualityZ: NaN, better: 0, scored: 5 })).toEqual({ filter: 'F2', pass: false, threshold: 2, note: 'no_score' }))
})

describe('F3', () => {
  test.each([
    ['no level below', { levels: [resistance] }, 'no_level'],
    ['a level nobody tested', { levels: [level(10, 'support')] }, 'untested'],
    ['a weak level', { levels: [{ ...support, strength: 0.34 }] }, 'weak'],
    ['a close more than 5 % above it', { close: 10.51 }, 'far'],
  ] as const)('says no to %s, with the reason', (_what, changes, note) => expect(stepOf('F3', changes)).toMatchObject({ pass: false, note }))

  test('judges the nearest level below alone, even when a farther one would do', () => {
    const near = level(10.15, 'support', { supportScore: 0.4, supportPct: 0.2, supportTests: 1 })
    expect(chooseCandidate(facts({ levels: [support, near, resistance] })).support).toBe(near)
    expect(stepOf('F3', { levels: [support, near, resistance] })).toMatchObject({ pass: false, value: 0.2 })
  })

  test('judges a flip by its flip score', () => {
    const flip = level(10, 'flip', { flipScore: 0.7, flipPct: 0.75, flipTests: 1, supportPct: 0.1, supportTests: 9 })
    expect(stepOf('F3', { levels: [flip, resistance] })).toMatchObject({ pass: true, value: 0.75 })
  })

  test('counts a support up to half a percent above the close as below', () => {
    expect(chooseCandidate(facts({ close: 9.96 })).support).toBe(support)
    expect(chooseCandidate(facts({ close: 9.94 })).support).toBeUndefined()
  })
})

describe('F4', () => {
  test('lets an untested or distant resistance pass and says so', () => {
    expect(stepOf('F4', { levels: [support, level(10.9, 'resistance')] })).toMatchObject({ pass: true, note: 'untested' })
    expect(stepOf('F4', { levels: [support, level(11.3, 'resistance', { resistanceScore: 0.9 })] })).toMatchObject({ pass: true, note: 'no_resistance' })
  })
  test('stops a stock under heavy sellers', () =>
    expect(stepOf('F4', { levels: [support, { ...resistance, resistanceScore: 0.61 }] })).toMatchObject({ pass: false, value: 0.61, threshold: 0.6 }))
})

describe('F5', () => {
  test('asks for 1.5 times the risk up to the resistance', () => {
    expect(stepOf('F5', { close: 10.1, levels: [support, level(10.22, 'resistance')] }).pass).toBe(false)
    expect(stepOf('F5', { close: 10.1, levels: [support, level(10.23, 'resistance')] }).pass).toBe(true)
  })
  test('takes the upper band where nothing resists, and says no without either', () => {
    expect(chooseCandidate(facts({ levels: [support] })).target).toBe(11.5)
    expect(stepOf('F5', { levels: [support], upperBand: NaN })).toMatchObject({ pass: false, note: 'no_target' })
  })
})

test('F6 says no to what cannot or must not be bought', () => {
  expect(stepOf('F6', { isLimitDown: true })).toMatchObject({ pass: false, note: 'limit_down' })
  expect(stepOf('F6', { isSuspended: true })).toMatchObject({ pass: false, note: 'suspended' })
  expect(stepOf('F6', { isExcluded: true })).toMatchObject({ pass: false, note: 'excluded' })
})

test('rankScoreOf() counts an unknown resistance as middling', () => expect(rankScoreOf(0.5, 0.5, NaN)).toBeCloseTo(0.5, 12))

test('chooseCandidate() never names a number for what is not known, and its first failed filter is the first that said no', () => {
  const known = fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constant(NaN))
  const anyLevel = fc
    .record({
      price: fc.double({ min: 8, max: 13, noNaN: true }),
      type: fc.constantFrom('support' as const, 'resistance' as const, 'flip' as const),
      pct: known,
      score: known,
      tests: fc.nat(5),
    })
    .map(({ price, type, pct, score, tests }) =>
      level(price, type, {
        supportPct: pct,
        supportScore: score,
        supportTests: tests,
        flipPct: pct,
        flipScore: score,
        flipTests: tests,
        resistanceScore: score,
        resistancePct: pct,
      }),
    )
  fc.assert(
    fc.property(fc.array(anyLevel, { maxLength: 8 }), known, fc.boolean(), (levels, qualityPct, isLimitDown) => {
      const choice = chooseCandidate(facts({ levels, qualityPct, isLimitDown }), CANDIDATE_PARAMS)
      expect(choice.firstFailed).toBe(choice.steps.find(({ pass }) => !pass)?.filter)
      expect(choice.selected).toBe(choice.steps.every(({ pass }) => pass))
      for (const step of choice.steps) expect(step.value === undefined || !Number.isNaN(step.value)).toBe(true)
      if (!choice.selected) return
      expect(choice.stop).toBeLessThan(choice.support!.price)
      expect(choice.support!.price).toBeLessThan(choice.target)
    }),
  )
})
