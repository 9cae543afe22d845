import type { EpochMs, TradeDate } from '#core/trade-date.ts'
import type { Fault } from './fault.ts'
import { pickFault, type FaultPlan } from './fault-plan.ts'

const REQUEST_KINDS = ['http_429', 'http_429_bare', 'error_code', 'server_error', 'connection_reset', 'slow_response'] as const

/** What goes wrong with one attempt at a request. */
export type RequestFault =
  | { readonly kind: 'http_429'; readonly retryAfterSeconds: number }
  | { readonly kind: 'http_429_bare' | 'error_code' | 'server_error' | 'connection_reset' }
  | { readonly kind: 'slow_response'; readonly delayMs: number }

/** A request: the vendor's interface, the whole of what was asked as one text, the date it is about (0 = none), and how often it was asked before. */
export interface RequestAttempt {
  readonly entity: string
  readonly asked: string
  readonly date: TradeDate
  readonly attempt: number
}

/** Errors of servers come in bursts of up to this many attempts; throttling and resets once or twice. */
const LONGEST_BURST = 3

/** 请求故障: the fault of one attempt, if any. A request that is hit is hit again on its next attempts until its burst is over, then answered. */
export function requestFault(plan: FaultPlan, { entity, asked, date, attempt }: RequestAttempt): RequestFault | undefined {
  if (!plan.hasAny(REQUEST_KINDS)) return undefined
  // Keyed by what was asked: not kept, because there is no end of what can be asked.
  const draws = plan.ownStream('request', `${entity}|${asked}`, date)
  const kind = pickFault(plan, REQUEST_KINDS, draws.next())
  if (kind === undefined) return undefined
  const burst = kind === 'server_error' ? draws.integer(1, LONGEST_BURST) : kind === 'slow_response' ? 1 : draws.integer(1, 2)
  if (attempt >= burst) return undefined
  if (kind === 'http_429') return { kind, retryAfterSeconds: plan.config.retryAfterSeconds ?? 1 }
  if (kind === 'slow_response') return { kind, delayMs: plan.config.slowMs ?? 3000 }
  return { kind }
}

/** The row of `sim_truth_fault` for a fault of a request. */
export function requestFaultRow(fault: RequestFault, { entity, asked, date, attempt }: RequestAttempt, at: EpochMs): Fault {
  return { kind: fault.kind, entity, date, at, detail: { asked: asked.slice(0, 500), attempt } }
}
