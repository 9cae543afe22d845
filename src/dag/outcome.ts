import { ConfigError, UsageError } from '#core/errors.ts'
import type { FailureReason, Outcome } from '#core/run-event.ts'

/** Exit codes of the command line (LAYOUT §10, sysexits.h names). */
export const EXIT = { success: 0, usage: 64, data: 65, unavailable: 69, bug: 70, tryLater: 75, config: 78, interrupted: 130 } as const

/** Whether what reads this task can go on. */
export function isUsable(outcome: Outcome): boolean {
  return outcome.type === 'done' || outcome.type === 'fresh' || (outcome.type === 'skipped' && outcome.because === UNCHANGED)
}

/** The reason of a step left out because, when its turn came, its inputs had turned out equal. */
export const UNCHANGED = 'unchanged'

/** The exit code of one ending. */
export function exitCodeOf(outcome: Outcome): number {
  switch (outcome.type) {
    case 'done':
    case 'fresh':
    case 'skipped':
      return EXIT.success
    case 'not-ready':
      return EXIT.tryLater
    case 'cancelled':
      return EXIT.interrupted
    case 'failed':
      return exitCodeOfReason(outcome.reason)
    default:
      return outcome satisfies never
  }
}

function exitCodeOfReason(reason: FailureReason): number {
  switch (reason) {
    case 'audit-failed':
    case 'bad-payload':
      return EXIT.data
    case 'source-unavailable':
    case 'rate-limited':
    case 'timed-out':
    case 'out-of-memory':
    case 'disk-full':
    case 'engine-error':
      return EXIT.unavailable
    default:
      return reason satisfies never
  }
}

const PRECEDENCE: readonly number[] = [EXIT.bug, EXIT.interrupted, EXIT.config, EXIT.data, EXIT.unavailable, EXIT.tryLater]

/** The exit code of many endings: the gravest of them, a bug before everything. */
export function exitCodeOfAll(outcomes: Iterable<Outcome>, hasBug = false): number {
  const codes = new Set([...outcomes].map(exitCodeOf))
  if (hasBug) codes.add(EXIT.bug)
  return PRECEDENCE.find((code) => codes.has(code)) ?? EXIT.success
}

/** The exit code of an error that ended a command. */
export function exitCodeOfError(error: unknown): number {
  return error instanceof UsageError ? EXIT.usage : error instanceof ConfigError ? EXIT.config : EXIT.bug
}

const GRAVITY: readonly Outcome['type'][] = ['failed', 'cancelled', 'not-ready', 'done', 'skipped', 'fresh']

/** One ending for a task from the endings of its steps: the gravest, the first of its kind; rows and time of all that were done add up. */
export function combineOutcomes(outcomes: readonly Outcome[]): Outcome {
  const skippedForCause = outcomes.find((outcome) => outcome.type === 'skipped' && outcome.because !== UNCHANGED)
  const gravest = GRAVITY.map((type) => outcomes.find((outcome) => outcome.type === type)).find((outcome) => outcome !== undefined)
  if (gravest === undefined) return { type: 'fresh' }
  if (gravest.type !== 'done') return gravest.type === 'skipped' ? (skippedForCause ?? gravest) : gravest
  if (skippedForCause !== undefined) return skippedForCause
  const done = outcomes.filter((outcome) => outcome.type === 'done')
  return { type: 'done', rows: done.reduce((sum, { rows }) => sum + rows, 0), milliseconds: done.reduce((sum, { milliseconds }) => sum + milliseconds, 0) }
}
