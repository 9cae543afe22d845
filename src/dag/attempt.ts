import type { Clock } from '#core/clock.ts'
import { ConfigError, UsageError } from '#core/errors.ts'
import type { Outcome } from '#core/run-event.ts'

/** After an abort a runner has this long to stop (spec pipeline §5.7). */
export const GRACE_MS = 30_000

export interface AttemptOptions {
  readonly clock: Clock
  readonly timeoutMs: number
  /** The run's own signal: its abort ends the attempt as cancelled. */
  readonly signal: AbortSignal | undefined
}

/** How one attempt ended. */
export interface Ending {
  readonly outcome: Outcome
  /** What was thrown, when something was: a bug of the runner. */
  readonly thrown?: unknown
  /** It never answered the abort and may still be writing: it must not be repeated. */
  readonly runaway?: true
}

/**
 * Run once, within the time allowed. A throw ends as failed 'engine-error' and is kept in `thrown`; this is one of the four places of the
 * product that catch ("around one task"). What outlives timeout and grace is left behind.
 */
export async function attempt(run: (signal: AbortSignal) => Promise<Outcome>, { clock, timeoutMs, signal }: AttemptOptions): Promise<Ending> {
  const stop = new AbortController()
  const over = new AbortController()
  const cancel = (): void => stop.abort()
  if (signal?.aborted === true) return { outcome: { type: 'cancelled' } }
  signal?.addEventListener('abort', cancel, { once: true })
  const watchdog = Number.isFinite(timeoutMs) ? sleepUntil(clock, timeoutMs, over.signal) : new Promise<false>(() => {})
  try {
    const running = endingOf(run, stop.signal)
    const aborted = new Promise<'aborted'>((resolve) => stop.signal.addEventListener('abort', () => resolve('aborted'), { once: true }))
    const first = await Promise.race([running, aborted, watchdog.then((rang) => (rang ? ('late' as const) : new Promise<never>(() => {})))])
    if (typeof first === 'object') return first
    stop.abort()
    const after = await Promise.race([running, sleepUntil(clock, GRACE_MS, over.signal).then(() => undefined)])
    if (first === 'aborted')
      return after?.outcome.type === 'done' ? after : { outcome: { type: 'cancelled' }, ...(after === undefined ? { runaway: true as const } : {}) }
    if (after?.outcome.type === 'done') return after
    return { outcome: timedOut(timeoutMs, after !== undefined), ...(after === undefined ? { runaway: true as const } : {}) }
  } finally {
    over.abort()
    signal?.removeEventListener('abort', cancel)
  }
}

async function endingOf(run: (signal: AbortSignal) => Promise<Outcome>, signal: AbortSignal): Promise<Ending> {
  try {
    return { outcome: await run(signal) }
  } catch (thrown) {
    const detail = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown)
    return {
      outcome: { type: 'failed', reason: 'engine-error', detail, nextStep: 'This is a fault of the program: report it with the log of the run.' },
      thrown,
    }
  }
}

/** True when the time passed, false when the signal came first. */
async function sleepUntil(clock: Clock, ms: number, signal: AbortSignal): Promise<boolean> {
  await clock.sleep(ms, signal)
  return !signal.aborted
}

function timedOut(timeoutMs: number, stopped: boolean): Outcome {
  const seconds = Math.round(timeoutMs / 1000)
  return {
    type: 'failed',
    reason: 'timed-out',
    detail: `it took longer than ${seconds} s${stopped ? '' : ` and did not stop within ${GRACE_MS / 1000} s of being asked`}`,
    nextStep: stopped ? 'Run again, or allow it more time.' : 'Restart the program before running it again: the old attempt may still be writing.',
  }
}

/** Mistakes that repeat themselves: trying the same again cannot help. */
export function isPermanent(thrown: unknown): boolean {
  return [UsageError, ConfigError, RangeError, TypeError, SyntaxError, ReferenceError].some((kind) => thrown instanceof kind)
}
