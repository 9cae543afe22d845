import fc from 'fast-check'
import { expect, test } from 'vitest'
import { seededRng } from '#core/rng.ts'
import { DEFAULT_RETRY, delayCeiling, retriesFor, retryDelay } from './retry.ts'

test('delayCeiling() doubles from 30 s and stops at 15 min', () => {
  expect([1, 2, 3, 4, 5, 6, 7].map((n) => delayCeiling(DEFAULT_RETRY, n) / 1000)).toEqual([30, 60, 120, 240, 480, 900, 900])
  expect([1, 2, 3].map((n) => delayCeiling({ ...DEFAULT_RETRY, growth: 'linear' }, n) / 1000)).toEqual([30, 60, 90])
  expect([1, 2, 3].map((n) => delayCeiling({ ...DEFAULT_RETRY, growth: 'fixed' }, n) / 1000)).toEqual([30, 30, 30])
})

test('retryDelay() stays between its floor and its ceiling, and never before the server allows', () => {
  const policies = fc.record({
    jitter: fc.constantFrom('full' as const, 'equal' as const, 'none' as const),
    n: fc.integer({ min: 1, max: 9 }),
    seed: fc.nat(),
    after: fc.nat(2_000_000),
  })
  fc.assert(
    fc.property(policies, ({ jitter, n, seed, after }) => {
      const policy = { ...DEFAULT_RETRY, jitter }
      const ceiling = delayCeiling(policy, n)
      const least = jitter === 'full' ? 0 : jitter === 'equal' ? ceiling / 2 : ceiling
      const delay = retryDelay(policy, n, seededRng(seed))
      expect(delay).toBeGreaterThanOrEqual(5_000 + least)
      expect(delay).toBeLessThanOrEqual(5_000 + ceiling)
      expect(retryDelay(policy, n, seededRng(seed), after)).toBe(Math.max(delay, after))
    }),
  )
})

test('retriesFor() repeats trouble of the moment, the unknown once, and nothing that stays wrong', () => {
  const reasons = ['source-unavailable', 'rate-limited', 'timed-out', 'engine-error', 'out-of-memory', 'audit-failed', 'bad-payload', 'disk-full'] as const
  expect(reasons.map((reason) => retriesFor(reason, DEFAULT_RETRY))).toEqual([3, 3, 3, 1, 1, 0, 0, 0])
  expect(retriesFor('engine-error', { ...DEFAULT_RETRY, maxRetries: 0 })).toBe(0)
})
