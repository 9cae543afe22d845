import type { Engine } from '#warehouse/engine/engine.ts'
import type { Clock } from '#core/clock.ts'
import type { z } from 'zod'
import type { EncodedReply } from './kline-encoded.ts'
import type { DrawnBooks, DrawnMinutes, FoldedDays, LiveView, WarehouseView } from './views.ts'

/** What a route may touch: read-only ports, handed in by `app/`. */
export interface RouteContext {
  readonly engine: Engine
  readonly clock: Clock
  readonly live: LiveView
  readonly warehouse: WarehouseView
  /** Where minutes that are not stored can be made: in the simulated market. */
  readonly drawn?: DrawnMinutes
  /** Which coarser bars may be read instead of folded; none where it is not known. */
  readonly folded?: FoldedDays
  /** Where books can be made that are not recorded: in the simulated market. */
  readonly drawnBooks?: DrawnBooks
  /** Whether a minute bar is labelled by its end or its start where a request does not say (spec simulator §17.1). */
  readonly barLabel: 'end' | 'start'
}

/** A foreseeable refusal of a request: becomes `{ code, message, details, request_id }` with this HTTP status. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly status: 400 | 404 | 409 | 422 | 429 | 503
  readonly code: string
  readonly details: Readonly<Record<string, unknown>>

  constructor(status: Refusal['status'], code: string, message: string, details: Readonly<Record<string, unknown>> = {}) {
    super(message)
    this.status = status
    this.code = code
    this.details = details
  }
}

/** One REST endpoint: the schemas give the types, the runtime check and the OpenAPI document. */
export interface Route<Path extends string = string, Query extends z.ZodType = z.ZodType, Reply extends z.ZodType = z.ZodType> {
  readonly path: Path
  readonly summary: string
  readonly query: Query
  readonly reply: Reply
  /** Seconds a client may keep the reply; 0 = revalidate each time (ETag still saves the body). */
  readonly maxAge: number
  /** The reply, or its bytes where they are made once and sent many times. */
  handle(query: z.output<Query>, context: RouteContext): Promise<z.input<Reply> | EncodedReply> | z.input<Reply> | EncodedReply
}

export function defineRoute<const Path extends string, Query extends z.ZodType, Reply extends z.ZodType>(
  route: Route<Path, Query, Reply>,
): Route<Path, Query, Reply> {
  return route
}
