import type { Source } from '#core/source.ts'
import type { EpochMs, TradeDate } from '#core/trade-date.ts'
import type { Fault } from '#market/fault.ts'
import type { FaultPlan } from '#market/fault-plan.ts'
import type { z } from 'zod'
import type { QuoteDesk } from './quote-desk.ts'

/** What the fake vendors serve from, wired once. */
export interface VendorContext {
  readonly source: Source
  readonly desk: QuoteDesk
  readonly plan: FaultPlan
  /** The key of every vendor that asks for one. */
  readonly token: string
  /** Calls per minute and interface of the vendors that count them. */
  readonly ratePerMinute: number
  /** The market's time: quotes advance with it, and nothing later is told. */
  readonly now: () => EpochMs
  /** The time of this machine, for counting calls per minute. */
  readonly wallNow: () => EpochMs
  readonly onFault: (fault: Fault) => void
}

/** One request as its endpoint sees it. */
export interface VendorAsk<Asked> {
  readonly asked: Asked
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** How often the very same was answered before. */
  readonly served: number
}

export interface VendorReply {
  readonly status?: number
  readonly type: string
  readonly body: string | Buffer
}

/** What a request is about: the truth table names its faults by it. */
export interface VendorSubject {
  readonly entity: string
  /** Absent: no date. */
  readonly date?: TradeDate
}

/** 假接口: one page of a vendor. Its shape is the vendor's; its numbers are the simulated market's. */
export interface VendorEndpoint<Ask extends z.ZodType = z.ZodType> {
  readonly vendor: string
  /** Method and path below the server's root. */
  readonly path: `${'GET' | 'POST'} /${string}`
  /** Query and path parameters together, or the body of a POST. */
  readonly ask: Ask
  subject(asked: z.output<Ask>): VendorSubject
  answer(request: VendorAsk<z.output<Ask>>, context: VendorContext): VendorReply | Promise<VendorReply>
  /** How the vendor says that it does not want to, in a body of its own; Retry-After is never in it. */
  refuse(asked: z.output<Ask>): VendorReply
  /** How it says that it does not understand. */
  invalid(why: string): VendorReply
}

export function defineEndpoint<Ask extends z.ZodType>(endpoint: VendorEndpoint<Ask>): VendorEndpoint<Ask> {
  return endpoint
}

export function jsonReply(body: unknown, status = 200): VendorReply {
  return { status, type: 'application/json; charset=utf-8', body: JSON.stringify(body) }
}
