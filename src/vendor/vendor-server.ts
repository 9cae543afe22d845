import fastifyWebsocket from '@fastify/websocket'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { setTimeout as sleep } from 'node:timers/promises'
import { keepNewest } from '#core/keep-newest.ts'
import type { EpochMs, TradeDate } from '#core/trade-date.ts'
import { requestFault, requestFaultRow, type RequestAttempt, type RequestFault } from '#market/request-faults.ts'
import { z } from 'zod'
import { endpoints } from './endpoints/index.ts'
import type { VendorContext, VendorEndpoint, VendorReply } from './endpoint.ts'
import { servePush } from './tickdb-push.ts'

export interface VendorServerOptions {
  readonly context: VendorContext
  /** How often the push channel looks for news, in milliseconds of this machine. */
  readonly pushEveryMs: number
}

/** Requests whose attempts are remembered. */
const REMEMBERED = 20_000

/**
 * 假数据商: the pages of every vendor of the registry and the push channel, over the simulated market. Request faults are injected here, before the page is made: by the plan, so the
 * same asking meets the same trouble. Listens nowhere by itself; whoever does binds it to this machine alone.
 */
export async function createVendorServer({ context, pushEveryMs }: VendorServerOptions): Promise<FastifyInstance> {
  // An answer that is held back for minutes must not hold the end back.
  const server = Fastify({ logger: false, bodyLimit: 131_072, forceCloseConnections: true, routerOptions: { maxParamLength: 8000 } })
  await server.register(fastifyWebsocket, { options: { maxPayload: 65_536, perMessageDeflate: false } })
  const memory = new Attempts()
  for (const endpoint of endpoints) addEndpoint(server, endpoint, context, memory)
  server.setErrorHandler((error, request, reply) => {
    const { statusCode = 500 } = error as { statusCode?: number }
    const endpoint = endpoints.find(({ path }) => path === `${request.method} ${request.routeOptions.url}`)
    return endpoint === undefined || statusCode >= 500
      ? reply.code(statusCode).send({ code: statusCode, message: statusCode >= 500 ? 'internal error' : (error as Error).message })
      : send(reply, endpoint.invalid((error as Error).message))
  })
  servePush(server, context, pushEveryMs)
  return server
}

function addEndpoint(server: FastifyInstance, endpoint: VendorEndpoint, context: VendorContext, memory: Attempts): void {
  const [method, url] = endpoint.path.split(' ') as ['GET' | 'POST', string]
  server.route({
    method,
    url,
    async handler(request, reply) {
      const given = method === 'POST' ? request.body : { ...(request.query as object), ...(request.params as object) }
      const read = endpoint.ask.safeParse(given)
      if (!read.success) return send(reply, endpoint.invalid(z.prettifyError(read.error).slice(0, 500)))
      const subject = endpoint.subject(read.data)
      const attempt: RequestAttempt = {
        entity: `${endpoint.vendor} ${subject.entity}`,
        asked: `${endpoint.path} ${keyOf(read.data)}`,
        date: subject.date ?? (0 as TradeDate),
        attempt: memory.failed(`${endpoint.path} ${keyOf(read.data)}`),
      }
      const fault = requestFault(context.plan, attempt)
      if (fault !== undefined) {
        context.onFault(requestFaultRow(fault, attempt, context.now()))
        memory.fail(attempt.asked)
        if (fault.kind !== 'slow_response') return misbehave(fault, endpoint.refuse(read.data), request, reply)
        await sleep(fault.delayMs, undefined, { ref: false })
      }
      const answer = await endpoint.answer({ asked: read.data, headers: request.headers, served: memory.served(attempt.asked) }, context)
      memory.serve(attempt.asked)
      return send(reply, answer)
    },
  })
}

/** What was asked, whatever the key it came with. */
function keyOf(asked: unknown): string {
  return JSON.stringify(asked, (name, value: unknown) => (name === 'token' || name === 'cb' ? undefined : value))
}

function misbehave(fault: Exclude<RequestFault, { kind: 'slow_response' }>, refusal: VendorReply, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  switch (fault.kind) {
    case 'http_429':
      return reply.code(429).header('Retry-After', String(fault.retryAfterSeconds)).type('text/plain').send('Too Many Requests')
    case 'http_429_bare':
      return reply.code(429).type('text/plain').send('Too Many Requests')
    case 'server_error':
      return reply.code(502).type('text/html').send('<html><body><h1>502 Bad Gateway</h1></body></html>')
    case 'connection_reset':
      reply.hijack()
      request.raw.socket.resetAndDestroy()
      return reply
    case 'error_code':
      return send(reply, refusal)
    default:
      return fault satisfies never
  }
}

function send(reply: FastifyReply, { status = 200, type, body }: VendorReply): FastifyReply {
  return reply.code(status).type(type).send(body)
}

/** How often the same thing was refused since it was last answered, and how often answered; the oldest are forgotten. */
class Attempts {
  readonly #known = new Map<string, { failed: number; served: number }>()

  failed(asked: string): number {
    return this.#known.get(asked)?.failed ?? 0
  }

  served(asked: string): number {
    return this.#known.get(asked)?.served ?? 0
  }

  fail(asked: string): void {
    keepNewest(this.#known, asked, { failed: this.failed(asked) + 1, served: this.served(asked) }, REMEMBERED)
  }

  serve(asked: string): void {
    keepNewest(this.#known, asked, { failed: 0, served: this.served(asked) + 1 }, REMEMBERED)
  }
}

/** A clock of the market: from `start` on at `speed` times real time; speed 0 stands still. */
export function marketClock(start: EpochMs, speed: number, wallNow: () => EpochMs): () => EpochMs {
  const began = wallNow()
  return () => (start + (wallNow() - began) * speed) as EpochMs
}
