import fastifyStatic from '@fastify/static'
import fastifySwagger from '@fastify/swagger'
import fastifyWebsocket from '@fastify/websocket'
import Fastify, { LogController, type FastifyBaseLogger, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { jsonSchemaTransform, serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'
import { createHash, timingSafeEqual } from 'node:crypto'
import { existsSync } from 'node:fs'
import { EngineError } from '#warehouse/engine/engine.ts'
import { serveEvents } from './event-stream.ts'
import { EncodedReply, sendEncoded } from './kline-encoded.ts'
import { paramTrouble, type ParamIssue } from './param-trouble.ts'
import { serveSocket, type SocketChannels } from './socket.ts'
import { Refusal, type Route, type RouteContext } from './route.ts'
import { routes } from './routes/index.ts'

export interface ServerOptions {
  readonly context: RouteContext
  readonly channels: SocketChannels
  /** Absent: no token is asked for (loopback only). */
  readonly token: string | undefined
  /** Folder of the built pages; absent or missing: the API alone. */
  readonly pages: string | undefined
  readonly version: string
  readonly log: FastifyBaseLogger
  /** True once everything needed to answer is open. */
  isReady(): boolean
  metrics(): Promise<string>
}

/** 接口: every route of the registry under `/api`, the socket, health, metrics and the pages. Listens nowhere by itself. */
export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const server: FastifyInstance = Fastify({
    loggerInstance: options.log,
    bodyLimit: 65_536,
    logController: new LogController({ disableRequestLogging: true }),
    routerOptions: { maxParamLength: 200 },
  })
  server.setValidatorCompiler(validatorCompiler)
  server.setSerializerCompiler(serializerCompiler)
  await server.register(fastifySwagger, {
    openapi: { openapi: '3.1.0', info: { title: 'Fupan', version: options.version, description: 'A-share research-to-signal platform' } },
    transform: jsonSchemaTransform,
  })
  await server.register(fastifyWebsocket, { options: { maxPayload: 65_536, perMessageDeflate: false } })
  server.addHook('onSend', async (_request, reply) => {
    reply.header('X-Fupan-Api', '1').header('X-Content-Type-Options', 'nosniff').header('Referrer-Policy', 'no-referrer')
  })
  server.addHook('onRequest', async (request, reply) => {
    if (isForeign(request)) return reply.code(403).send(problem('FOREIGN_ORIGIN', 'Cannot answer a page of another origin', {}, request))
    if (isOpen(request.url) || options.token === undefined || hasToken(request, options.token)) return undefined
    return reply.code(401).send(problem('TOKEN_REQUIRED', 'Cannot answer without the access token. Send it as Authorization: Bearer', {}, request))
  })
  server.setErrorHandler(answerError)
  for (const route of routes) addRoute(server, route, options.context)
  server.get('/api/openapi.json', { schema: { hide: true } }, () => withoutSafeIntegerBounds(server.swagger()))
  server.get('/healthz', { schema: { hide: true } }, () => ({ ok: true }))
  server.get('/readyz', { schema: { hide: true } }, async (_request, reply) => reply.code(options.isReady() ? 200 : 503).send({ ready: options.isReady() }))
  server.get('/metrics', { schema: { hide: true } }, async (_request, reply) => reply.type('text/plain; version=0.0.4').send(await options.metrics()))
  serveSocket(server, options.channels)
  serveEvents(server, options.channels)
  const hasPages = options.pages !== undefined && existsSync(options.pages)
  if (hasPages) await server.register(fastifyStatic, { root: options.pages, wildcard: false, maxAge: '1h', immutable: false })
  server.setNotFoundHandler((request, reply) => {
    if (!hasPages || request.method !== 'GET' || /^\/(?:api|ws)(?:\/|$)/.test(request.url))
      return reply
        .code(404)
        .send(problem('NOT_FOUND', `Cannot find ${request.method} ${request.url.split('?')[0]}. The routes are listed in /api/openapi.json`, {}, request))
    return reply.header('Cache-Control', 'no-cache').sendFile('index.html', { maxAge: 0 })
  })
  return server
}

function addRoute(server: FastifyInstance, route: Route, context: RouteContext): void {
  const [method, url] = route.path.split(' ') as ['GET', string]
  server.route({
    method,
    url,
    schema: { summary: route.summary, querystring: route.query, response: { 200: route.reply } },
    // Our own handlers make the reply and its type is checked at compile time: validating each of 5,000 bars again would cost more than the query.
    serializerCompiler: () => (reply) => JSON.stringify(reply),
    async handler(request, reply: FastifyReply) {
      const answer = await route.handle(request.query, context)
      if (answer instanceof EncodedReply) return sendEncoded(answer, request, reply)
      const body = JSON.stringify(answer)
      const etag = `"${createHash('sha1').update(body).digest('base64url')}"`
      reply.header('ETag', etag).header('Cache-Control', route.maxAge === 0 ? 'private, no-cache' : `private, max-age=${route.maxAge}`)
      if (request.headers['if-none-match'] === etag) return reply.code(304).send()
      return reply
        .type('application/json; charset=utf-8')
        .serializer((text: unknown) => text as string)
        .send(body)
    },
  })
}

function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error instanceof Refusal) {
    if (error.status === 429 || error.status === 503) reply.header('Retry-After', '1')
    return reply.code(error.status).send(problem(error.code, error.message, error.details, request))
  }
  if (error instanceof EngineError) {
    request.log.warn({ err: error }, 'engine statement failed')
    return reply.code(503).send(problem('ENGINE_TROUBLE', `Cannot answer now: ${error.kind}. Try again; see \`fupan status\``, {}, request))
  }
  const refused = error as {
    readonly statusCode?: number
    readonly validation?: readonly ParamIssue[]
    readonly message?: string
  }
  if (refused.validation !== undefined) {
    const details = refused.validation.map((issue) => paramTrouble(issue, request.query as Readonly<Record<string, unknown>>))
    return reply
      .code(400)
      .send(
        problem(
          'BAD_PARAM',
          `Cannot read the request: ${details.map(({ parameter, message }) => `${parameter}: ${message}`).join('; ')}`,
          { parameters: details },
          request,
        ),
      )
  }
  if (refused.statusCode !== undefined && refused.statusCode < 500)
    return reply.code(refused.statusCode).send(problem('BAD_REQUEST', refused.message ?? 'bad request', {}, request))
  request.log.error({ err: error }, 'request failed')
  return reply.code(500).send(problem('FAULT', 'Cannot answer: a fault of the program, written to the log', {}, request))
}

function problem(code: string, message: string, details: Readonly<Record<string, unknown>>, request: FastifyRequest): object {
  return { code, message, details, request_id: request.id }
}

/** A browser page of another site must not read a local server; tools send no Origin. */
function isForeign(request: FastifyRequest): boolean {
  const { origin } = request.headers
  if (origin === undefined) return false
  return !URL.canParse(origin) || new URL(origin).host !== request.headers.host
}

function isOpen(url: string): boolean {
  return url === '/healthz' || url === '/readyz' || !/^\/(?:api|ws|metrics)/.test(url)
}

function hasToken(request: FastifyRequest, token: string): boolean {
  const given = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? ''
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(token))
}

/** zod writes ±(2^53-1) bounds on whole numbers into the document: noise for a reader. */
function withoutSafeIntegerBounds(document: object): object {
  return JSON.parse(
    JSON.stringify(document, (key, value: unknown) =>
      (key === 'maximum' || key === 'minimum') && Math.abs(Number(value)) === Number.MAX_SAFE_INTEGER ? undefined : value,
    ),
  ) as object
}
