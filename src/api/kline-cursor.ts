import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

/** A page of bars goes on after (or before) this date. */
export interface KlineCursor {
  readonly symbol: string
  readonly adjust: string
  readonly direction: 'next' | 'prev'
  readonly date: number
}

/** Cursors are good for the life of the process; a forged or foreign one is refused, not guessed at. */
const key = randomBytes(32)

export function encodeCursor(cursor: KlineCursor): string {
  const body = Buffer.from(JSON.stringify(cursor)).toString('base64url')
  return `${body}.${sign(body).toString('base64url')}`
}

/** The cursor, or 'bad' when it was not issued here for this symbol and adjustment. */
export function decodeCursor(text: string, symbol: string, adjust: string): KlineCursor | 'bad' {
  const [body, signature] = text.split('.')
  if (body === undefined || signature === undefined) return 'bad'
  const given = Buffer.from(signature, 'base64url')
  const expected = sign(body)
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return 'bad'
  const cursor = JSON.parse(Buffer.from(body, 'base64url').toString('utf8')) as KlineCursor
  return cursor.symbol === symbol && cursor.adjust === adjust ? cursor : 'bad'
}

function sign(body: string): Buffer {
  return createHmac('sha256', key).update(body).digest().subarray(0, 16)
}
