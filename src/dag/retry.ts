import type { FailureReason } from '#core/run-event.ts'
import type { Rng } from '#core/rng.ts'

/** How often and how late a failed attempt is repeated (spec pipeline §5.2). Times in milliseconds. */
export interface RetryPolicy {
  readonly growth: 'exponential' | 'linear' | 'fixed'
  readonly baseMs: number
  readonly capMs: number
  /** Added after the jitter: nothing is repeated sooner. */
  readonly minDelayMs: number
  /** Attempts after the first. */
  readonly maxRetries: number
  readonly jitter: 'full' | 'equal' | 'none'
}

/** 30 s, 60 s, 120 s, … at most 15 min, each drawn uniformly from 0 to that, plus 5 s; three retries. */
export const DEFAULT_RETRY: RetryPolicy = { growth: 'exponential', baseMs: 30_000, capMs: 900_000, minDelayMs: 5_000, maxRetries: 3, jitter: 'full' }

/** The greatest delay before retry n (from 1), without `minDelayMs`: 30, 60, 120, 240, 480, 900, 900 s by default. */
export function delayCeiling({ growth, baseMs, capMs }: RetryPolicy, n: number): number {
  const grown = growth === 'exponential' ? baseMs * 2 ** (n - 1) : growth === 'linear' ? baseMs * n : baseMs
  return Math.min(capMs, grown)
}

/** The delay before retry n (from 1): jittered ("full jitter": Brooker, AWS Architecture Blog 2015), never below what the server asked for. */
export function retryDelay(policy: RetryPolicy, n: number, rng: Rng, retryAfterMs = 0): number {
  const ceiling = delayCeiling(policy, n)
  const drawn = policy.jitter === 'full' ? rng.next() * ceiling : policy.jitter === 'equal' ? ceiling / 2 + (rng.next() * ceiling) / 2 : ceiling
  return Math.max(Math.round(policy.minDelayMs + drawn), retryAfterMs)
}

/** How many retries an ending earns: trouble of the moment all of them, trouble we do not understand one, the rest none. */
export function retriesFor(reason: FailureReason, { maxRetries }: RetryPolicy): number {
  switch (reason) {
    case 'source-unavailable':
    case 'rate-limited':
    case 'timed-out':
      return maxRetries
    case 'engine-error':
    case 'out-of-memory':
      return Math.min(1, maxRetries)
    case 'audit-failed':
    case 'bad-payload':
    case 'disk-full':
      return 0
    default:
      return reason satisfies never
  }
}
