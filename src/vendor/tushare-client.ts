import type { Clock } from '#core/clock.ts'
import type { Rng } from '#core/rng.ts'
import { z } from 'zod'
import { namedRate, TushareError, tushareTrouble } from './tushare-error.ts'

/** One HTTP exchange: the body of the request in, what came back out. Throws on a broken or timed-out connection. Recording and replaying are other transports. */
export type Transport = (body: string, signal: AbortSignal | undefined) => Promise<TransportReply>

export interface TransportReply {
  readonly status: number
  /** The header Retry-After, as it came. */
  readonly retryAfter: string | undefined
  readonly body: string
}

export interface TushareClientOptions {
  readonly transport: Transport
  readonly token: string
  readonly clock: Clock
  /** Jitter of the waits. */
  readonly rng: Rng
  /** What the account may ask of one interface in a minute; four fifths of it are used. */
  readonly callsPerMinute: number
}

export type Cell = string | number | boolean | null

export interface TusharePage {
  readonly fields: readonly string[]
  readonly items: readonly (readonly Cell[])[]
}

export type TushareParams = Readonly<Record<string, string | number>>

/** What a client did so far: calls made, retries after trouble, waits for a rate limit, pages that had been cut off. */
export interface TushareCounts {
  calls: number
  retries: number
  rateWaits: number
  cutPages: number
}

export interface TushareClient {
  readonly counts: Readonly<TushareCounts>
  /** All rows, page by page. `cap` is the interface's most rows per request. Throws TushareError. */
  query(api: string, params: TushareParams, fields: readonly string[], cap: number, signal?: AbortSignal): AsyncIterable<TusharePage>
}

const cell = z.union([z.string(), z.number(), z.boolean(), z.null()])
const answer = z.object({
  code: z.number(),
  msg: z.string().nullish(),
  data: z.object({ fields: z.array(z.string()), items: z.array(z.array(cell)), has_more: z.boolean().nullish(), count: z.number().nullish() }).nullish(),
})

type Answer = NonNullable<z.output<typeof answer>['data']>

const RETRIES = 5
const RATE_WAITS = 10
const LONGEST_WAIT = 60_000
/** A vendor that asks for a longer pause than this is not waited for. */
const LONGEST_RETRY_AFTER = 300_000

/**
 * TuShare 客户端 (spec warehouse-ods §2): paces itself per interface, retries trouble with back-off and jitter, waits out rate limits, follows pages, and asks again for a page
 * that was cut off. One client per account: its pace is kept here. The token is sent and never told.
 */
export function createTushareClient({ transport, token, clock, rng, callsPerMinute }: TushareClientOptions): TushareClient {
  const counts: TushareCounts = { calls: 0, retries: 0, rateWaits: 0, cutPages: 0 }
  const pace = new Pace(clock, callsPerMinute)
  const plain = (text: string) => text.replaceAll(token, '***').slice(0, 300)

  /** One call, or how long to wait before it is worth asking again. */
  async function attempt(api: string, body: string, signal: AbortSignal | undefined): Promise<Answer | Trouble> {
    counts.calls++
    let reply: TransportReply
    try {
      reply = await transport(body, signal)
    } catch (error) {
      // Expected: a reset, a timeout, no network. The user's stop goes on.
      signal?.throwIfAborted()
      return { trouble: new TushareError('SERVER', plain(`${api}: ${(error as Error).message}`)) }
    }
    const pause = retryAfterMs(reply.retryAfter)
    if (reply.status === 429) return { trouble: new TushareError('RATE_MINUTE', `${api}: HTTP 429`), ...(pause === undefined ? {} : { pause }) }
    if (reply.status >= 400) return { trouble: new TushareError('SERVER', `${api}: HTTP ${reply.status}`), ...(pause === undefined ? {} : { pause }) }
    const read = readAnswer(reply.body)
    if (read === undefined) return { trouble: new TushareError('SERVER', plain(`${api}: the answer is no TuShare reply: ${reply.body.slice(0, 100)}`)) }
    if (read.code === 0) return read.data ?? { fields: [], items: [] }
    const message = read.msg ?? ''
    const trouble = tushareTrouble(read.code, message)
    if (trouble === 'RATE_MINUTE') pace.lower(api, namedRate(message))
    return { trouble: new TushareError(trouble, plain(`${api}: ${read.code} ${message}`)) }
  }

  async function call(api: string, params: TushareParams, fields: readonly string[], signal: AbortSignal | undefined): Promise<Answer> {
    const body = JSON.stringify({ api_name: api, token, params, fields: fields.join(',') })
    let [retries, rateWaits] = [0, 0]
    for (;;) {
      signal?.throwIfAborted()
      await pace.turn(api, signal)
      const result = await attempt(api, body, signal)
      if ('items' in result) return result
      const { trouble, pause = 0 } = result
      if (trouble.trouble === 'RATE_MINUTE') {
        if (++rateWaits > RATE_WAITS) throw trouble
        counts.rateWaits++
        // A server that says how long is believed; else the next minute begins the count anew.
        await clock.sleep(pause > 0 ? pause : 60_000 - (clock.now() % 60_000) + 1000 + 2000 * rng.next(), signal)
      } else if (trouble.trouble === 'SERVER') {
        if (++retries > RETRIES) throw trouble
        counts.retries++
        await clock.sleep(Math.max(pause, Math.min(LONGEST_WAIT, 2000 * 2 ** (retries - 1)) * (0.9 + 0.2 * rng.next())), signal)
      } else throw trouble
    }
  }

  return {
    counts,
    async *query(api, params, fields, cap, signal) {
      const seen = new Set<string>()
      let [offset, cuts] = [0, 0]
      for (;;) {
        const page = await call(api, { ...params, limit: cap, offset }, fields, signal)
        const { items, has_more: hasMore, count } = page
        const isCut = hasMore !== true && items.length < cap && count !== undefined && count !== null && count >= 0 && offset + items.length < count
        if (isCut) {
          counts.cutPages++
          if (++cuts > RETRIES)
            throw new TushareError('SERVER', `${api}: ${count} rows are announced and ${offset + items.length} come, however often it is asked`)
          continue
        }
        if (items.length > 0 && offset > 0 && items.every((item) => seen.has(JSON.stringify(item))))
          throw new TushareError('PAGING_UNSUPPORTED', `${api}: the page from row ${offset} on repeats an earlier one: the interface ignores offset`)
        // An answer without rows still says which columns there are.
        if (items.length > 0 || offset === 0) yield { fields: page.fields, items }
        if (items.length === 0 || (items.length < cap && hasMore !== true)) return
        for (const item of items) seen.add(JSON.stringify(item))
        offset += items.length
      }
    },
  }
}

interface Trouble {
  readonly trouble: TushareError
  readonly pause?: number
}

function readAnswer(body: string): z.output<typeof answer> | undefined {
  try {
    return answer.safeParse(JSON.parse(body)).data
  } catch {
    // Expected: a gateway's page, or half an answer.
    return undefined
  }
}

/** Retry-After in seconds, as milliseconds; nothing when absent, unreadable or longer than anyone waits. */
function retryAfterMs(text: string | undefined): number | undefined {
  const pause = text === undefined || !/^\d{1,6}$/.test(text.trim()) ? NaN : Number(text) * 1000
  return pause <= LONGEST_RETRY_AFTER ? pause : undefined
}

/** 令牌桶: turns per interface, four fifths of its calls per minute, refilled evenly. */
class Pace {
  readonly #clock: Clock
  readonly #usual: number
  readonly #buckets = new Map<string, { tokens: number; capacity: number; at: number }>()

  constructor(clock: Clock, callsPerMinute: number) {
    this.#clock = clock
    this.#usual = callsPerMinute
  }

  async turn(api: string, signal: AbortSignal | undefined): Promise<void> {
    const bucket = this.#bucketOf(api)
    if (bucket.capacity === Infinity) return
    this.#refill(bucket)
    while (bucket.tokens < 1) {
      await this.#clock.sleep(Math.ceil(((1 - bucket.tokens) * 60_000) / bucket.capacity), signal)
      signal?.throwIfAborted()
      this.#refill(bucket)
    }
    bucket.tokens--
  }

  /** The vendor says that less is allowed. */
  lower(api: string, callsPerMinute: number | undefined): void {
    const bucket = this.#bucketOf(api)
    bucket.capacity = Math.min(bucket.capacity, capacityOf(callsPerMinute ?? Infinity))
    bucket.tokens = Math.min(bucket.tokens, bucket.capacity)
  }

  #bucketOf(api: string) {
    const known = this.#buckets.get(api)
    if (known !== undefined) return known
    const capacity = capacityOf(this.#usual)
    const made = { tokens: capacity, capacity, at: this.#clock.now() }
    this.#buckets.set(api, made)
    return made
  }

  #refill(bucket: { tokens: number; capacity: number; at: number }): void {
    const now = this.#clock.now()
    bucket.tokens = Math.min(bucket.capacity, bucket.tokens + (Math.max(0, now - bucket.at) * bucket.capacity) / 60_000)
    bucket.at = now
  }
}

function capacityOf(callsPerMinute: number): number {
  return callsPerMinute === Infinity ? Infinity : Math.max(1, Math.floor(0.8 * callsPerMinute))
}
