import { seededRng } from '#core/rng.ts'
import { expect, test } from 'vitest'
import { balancedAccuracy, filterRegimes, regimeRun } from './regime-recovery.ts'

test('filterRegimes() recovers the regimes of the classic model with a balanced accuracy of 0.6 and more (spec simulator §12.3)', () => {
  for (const seed of [1, 2, 3]) {
    const { returns, states } = regimeRun(40_000, seededRng(seed))
    const found = filterRegimes(returns)
    const accuracy = balancedAccuracy(states, found)
    expect(accuracy).toBeGreaterThan(0.6)
    // Not an oracle either: the regimes are told by volatility alone, and changes are seen late.
    expect(accuracy).toBeLessThan(0.98)
    expect(balancedAccuracy(states, found.toReversed())).toBeLessThan(0.6)
  }
})

test('filterRegimes() never looks ahead', () => {
  const { returns } = regimeRun(2000, seededRng('ahead'))
  const changed = returns.map((x, minute) => (minute < 1500 ? x : -9 * x))
  expect(filterRegimes(changed).slice(0, 1500)).toEqual(filterRegimes(returns).slice(0, 1500))
})

test('balancedAccuracy() counts each class alike, however rare', () => {
  const truth = ['a', 'a', 'a', 'a', 'b', 'b'] as const
  expect(balancedAccuracy(truth, ['a', 'a', 'a', 'a', 'a', 'a'])).toBe(0.5)
  expect(balancedAccuracy(truth, ['a', 'a', 'a', 'b', 'b', 'b'])).toBe(0.875)
})
