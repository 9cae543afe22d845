import { expect, test } from 'vitest'
import { ConfigError, UsageError } from '#core/errors.ts'
import type { Outcome } from '#core/run-event.ts'
import { combineOutcomes, exitCodeOfAll, exitCodeOfError } from './outcome.ts'
import { failed } from './test-rig.ts'

const done = (rows: number): Outcome => ({ type: 'done', rows, milliseconds: rows * 2 })
const notReady: Outcome = { type: 'not-ready', missing: 'margin', nextStep: 'wait' }
const unchanged: Outcome = { type: 'skipped', because: 'unchanged' }
const skipped: Outcome = { type: 'skipped', because: 'upstream a failed' }

test('exitCodeOfAll() tells the gravest ending: bug, interrupted, data, source, try later, success', () => {
  expect(exitCodeOfAll([done(1), unchanged])).toBe(0)
  expect(exitCodeOfAll([done(1), notReady])).toBe(75)
  expect(exitCodeOfAll([notReady, failed('rate-limited')])).toBe(69)
  expect(exitCodeOfAll([failed('timed-out'), failed('bad-payload')])).toBe(65)
  expect(exitCodeOfAll([failed('audit-failed'), { type: 'cancelled' }])).toBe(130)
  expect(exitCodeOfAll([{ type: 'cancelled' }], true)).toBe(70)
})

test('exitCodeOfError() tells usage, configuration and bugs apart', () => {
  expect([new UsageError('x'), new ConfigError('x'), new TypeError('x'), 'thrown text'].map(exitCodeOfError)).toEqual([64, 78, 70, 70])
})

test('combineOutcomes() adds what was done and shows the gravest otherwise', () => {
  expect(combineOutcomes([])).toEqual({ type: 'fresh' })
  expect(combineOutcomes([done(1), unchanged, done(2)])).toEqual({ type: 'done', rows: 3, milliseconds: 6 })
  expect(combineOutcomes([done(1), failed('bad-payload'), failed('timed-out')])).toEqual(failed('bad-payload'))
  expect(combineOutcomes([done(1), skipped])).toEqual(skipped)
  expect(combineOutcomes([unchanged, skipped])).toEqual(skipped)
  expect(combineOutcomes([unchanged])).toEqual(unchanged)
})
