import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'

/** Where a page of bars ended, and everything the next one must repeat so that no bar comes twice or is left out. */
export interface KlineCursor {
  readonly symbol: string
  readonly interval: string
  readonly adjust: string
  /** Go on after `time`, or before it. */
  readonly direction: 'next' | 'prev'
  /** Key of the bar at the edge of the page: the last instant its bucket can reach, epoch ms. It stays while a week's label moves. */
  readonly time: number
  /** The date whose factor forward adjustment refers to, kept over all pages; 0 = none. */
  readonly asof: number
  /** Bounds of the first request, epoch ms. Between two of them paging stays; one alone was only where it began. */
  readonly bounds: readonly [start: number | null, end: number | null]
}

const VERSION = 1

/** A chart left open over the weekend may go on. */
const GOOD_FOR_MS = 4 * 86_400_000

/** Cursors are good for the life of the process. */
const key = randomBytes(32)
const keyName = randomBytes(6).toString('base64url')

const sealed = z.object({
  v: z.number(),
  k: z.string(),
  issued: z.number(),
  symbol: z.string(),
  interval: z.string(),
  adjust: z.string(),
  direction: z.enum(['next', 'prev']),
  time: z.number(),
  asof: z.number(),
  bounds: z.tuple([z.number().nullable(), z.number().nullable()]),
})

export function encodeCursor(cursor: KlineCursor, now: number): string {
  const body = Buffer.from(JSON.stringify({ v: VERSION, k: keyName, issued: now, ...cursor })).toString('base64url')
  return `${body}.${sign(body).toString('base64url')}`
}

/** The cursor; 'expired' when it is too old or another run of the program issued it; 'bad' when nobody did. */
export function decodeCursor(text: string, now: number): KlineCursor | 'bad' | 'expired' {
  const [body, signature] = text.split('.')
  if (body === undefined || signature === undefined) return 'bad'
  const parsed = sealed.safeParse(jsonOf(Buffer.from(body, 'base64url').toString('utf8')))
  if (!parsed.success) return 'bad'
  const { v, k, issued, ...cursor } = parsed.data
  // Another key cannot be checked; whoever forges such a cursor learns only that it is of no use.
  if (v !== VERSION || k !== keyName) return 'expired'
  const given = Buffer.from(signature, 'base64url')
  const expected = sign(body)
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return 'bad'
  if (now - issued > GOOD_FOR_MS) return 'expired'
  return cursor
}

function sign(body: string): Buffer {
  return createHmac('sha256', key).update(body).digest().subarray(0, 16)
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Expected: what a client sends is not always JSON.
    return undefined
  }
}
