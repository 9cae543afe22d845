import type { Routes } from '#api/routes/index.ts'
import type { z } from 'zod'

type Route = Routes[number]

/** Every endpoint as the server declares it: `GET /api/candidates`. */
export type Path = Route['path']

type RouteAt<P extends Path> = Extract<Route, { readonly path: P }>

/** What may be asked of an endpoint, before the server reads it. */
export type Query<P extends Path> = z.input<RouteAt<P>['query']>

/** What the endpoint answers. */
export type Reply<P extends Path> = z.output<RouteAt<P>['reply']>

export type Candidate = Reply<'GET /api/candidates'>['rows'][number]
export type Component = Candidate['components'][number]
export type Opportunity = Reply<'GET /api/opportunities'>['rows'][number]
export type StockReply = Reply<'GET /api/stock'>
export type SymbolRow = Reply<'GET /api/symbols'>['rows'][number]
export type StatusReply = Reply<'GET /api/status'>
export type TableEntry = Reply<'GET /api/tables'>['rows'][number]

/**
 * Why a question went unanswered; the page says what to do by kind.
 * `unreachable`: no server answered. `refused`: the request was wrong, asking again will not help. `not-ready`: ask again later. `failed`: the server broke.
 */
export type FailureKind = 'unreachable' | 'refused' | 'not-ready' | 'failed'

/** A failed request as the query cache keeps it: the server's own sentence, its code and the id to find it in the log. */
export class ApiFailure extends Error {
  override readonly name = 'ApiFailure'
  readonly kind: FailureKind
  readonly code: string
  readonly requestId: string | undefined

  constructor(kind: FailureKind, code: string, message: string, requestId?: string) {
    super(message)
    this.kind = kind
    this.code = code
    this.requestId = requestId
  }
}

/** Ask the server: `api('GET /api/candidates', { date: '20260105' })`. Rejects with ApiFailure, or with AbortError when `signal` fires. */
export async function api<P extends Path>(path: P, query: Query<P>, signal?: AbortSignal): Promise<Reply<P>> {
  return replyOf(path, await reach(path.slice('GET '.length) + searchOf(query), signal))
}

async function replyOf<P extends Path>(path: P, response: Response): Promise<Reply<P>> {
  const body = await bodyOf(response)
  if (response.ok) return body as Reply<P>
  const { code, message, request_id: requestId } = (body ?? {}) as { code?: unknown; message?: unknown; request_id?: unknown }
  throw new ApiFailure(
    kindOf(response.status),
    typeof code === 'string' ? code : String(response.status),
    typeof message === 'string' ? message : `${path} answered ${response.status}`,
    typeof requestId === 'string' ? requestId : undefined,
  )
}

/** An answer and the mark (ETag) by which the server knows it again. */
export interface Marked<P extends Path> {
  readonly reply: Reply<P>
  readonly etag: string | undefined
}

/** Ask again for what was answered under `etag`; undefined when nothing changed (304). Rejects like `api`. */
export async function apiAgain<P extends Path>(path: P, query: Query<P>, etag: string | undefined, signal?: AbortSignal): Promise<Marked<P> | undefined> {
  const response = await reach(path.slice('GET '.length) + searchOf(query), signal, etag)
  if (response.status === 304) return undefined
  return { reply: await replyOf(path, response), etag: response.headers.get('etag') ?? undefined }
}

async function reach(url: string, signal: AbortSignal | undefined, etag?: string): Promise<Response> {
  try {
    const headers = { accept: 'application/json', ...(etag === undefined ? {} : { 'if-none-match': etag }) }
    return await fetch(url, { headers, ...(signal === undefined ? {} : { signal }) })
  } catch (error) {
    if (signal?.aborted === true) throw error
    // Expected: TypeError when no server listens or the connection broke.
    throw new ApiFailure('unreachable', 'UNREACHABLE', `No answer from ${location.host}`)
  }
}

async function bodyOf(response: Response): Promise<unknown> {
  try {
    return await response.json()
  } catch {
    // Expected: SyntaxError when something between us and the server answered with a page of its own.
    if (response.ok) throw new ApiFailure('failed', 'NOT_JSON', `${response.url} did not answer with JSON`)
    return undefined
  }
}

function kindOf(status: number): FailureKind {
  if (status === 503 || status === 429) return 'not-ready'
  // A proxy that finds nobody behind it answers 502 or 504.
  if (status === 502 || status === 504) return 'unreachable'
  return status >= 500 ? 'failed' : 'refused'
}

/** `?a=1&b=x`, leaving out what is undefined. */
function searchOf(query: object): string {
  const entries = Object.entries(query).flatMap(([name, value]) => (value === undefined || value === null ? [] : [[name, String(value)]]))
  return entries.length === 0 ? '' : `?${new URLSearchParams(entries)}`
}
