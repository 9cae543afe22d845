import type { EpochMs } from './trade-date.ts'

/** Time is an argument: machines never read the ambient clock. `app/` makes the real one, tests a manual one. */
export interface Clock {
  now(): EpochMs
  /** Resolves after `ms`, or at once when the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}
