import type { TradeDate } from './trade-date.ts'

/**
 * How one unit of work ended. Every ending we can imagine is a case; a throw is a bug.
 * `detail` says what was found, `nextStep` the command or action that helps.
 */
export type Outcome =
  | { readonly type: 'done'; readonly rows: number; readonly milliseconds: number }
  | { readonly type: 'fresh' }
  | { readonly type: 'not-ready'; readonly missing: string; readonly nextStep: string }
  | {
      readonly type: 'failed'
      readonly reason: FailureReason
      readonly detail: string
      readonly nextStep: string
      /** The server said when to come back; a retry never starts earlier. */
      readonly retryAfterMs?: number
    }
  | { readonly type: 'skipped'; readonly because: string }
  | { readonly type: 'cancelled' }

export type FailureReason =
  | 'source-unavailable'
  | 'rate-limited'
  | 'audit-failed'
  | 'bad-payload'
  | 'out-of-memory'
  | 'disk-full'
  | 'timed-out'
  | 'engine-error'

/** Everything a run tells the world: a terminal line, a JSON line and a ledger row are the same event. */
export type RunEvent =
  | {
      readonly type: 'run-started'
      readonly run: string
      readonly at: number
      readonly tasks: readonly { readonly task: string; readonly from: TradeDate; readonly to: TradeDate; readonly days: number; readonly why: string }[]
    }
  | { readonly type: 'task-started'; readonly run: string; readonly at: number; readonly task: string }
  | {
      readonly type: 'task-progress'
      readonly run: string
      readonly at: number
      readonly task: string
      readonly done: number
      readonly total: number
      readonly unit: string
    }
  | { readonly type: 'task-ended'; readonly run: string; readonly at: number; readonly task: string; readonly outcome: Outcome }
  | {
      /** An attempt failed and another one follows after `delayMs`. `attempt` is the one to come: 2 is the first retry. */
      readonly type: 'task-retrying'
      readonly run: string
      readonly at: number
      readonly task: string
      readonly attempt: number
      readonly delayMs: number
      readonly because: string
    }
  /** The whole run in (task, day) pairs. `remainingMs` is absent while no duration is known. */
  | { readonly type: 'run-progress'; readonly run: string; readonly at: number; readonly done: number; readonly total: number; readonly remainingMs?: number }
  /** 'abandoned': the process died; the next start closed the run. */
  | { readonly type: 'run-ended'; readonly run: string; readonly at: number; readonly state: 'success' | 'degraded' | 'failed' | 'cancelled' | 'abandoned' }
