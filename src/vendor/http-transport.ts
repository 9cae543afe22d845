import type { Transport } from './tushare-client.ts'

const TIMEOUT_MS = 60_000
/** No page of any interface comes near this. */
const MOST_BYTES = 64 * 1024 * 1024

/** Requests over HTTP to one address. A redirect, a slow or an endless answer is a failure. */
export function httpTransport(url: string): Transport {
  return async (body, signal) => {
    const limits = [AbortSignal.timeout(TIMEOUT_MS), ...(signal === undefined ? [] : [signal])]
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body,
      redirect: 'error',
      signal: AbortSignal.any(limits),
    })
    const parts: Uint8Array[] = []
    let bytes = 0
    for await (const part of response.body ?? []) {
      bytes += (part as Uint8Array).length
      if (bytes > MOST_BYTES) throw new Error(`the answer is longer than ${MOST_BYTES} bytes`)
      parts.push(part as Uint8Array)
    }
    return { status: response.status, retryAfter: response.headers.get('retry-after') ?? undefined, body: Buffer.concat(parts).toString('utf8') }
  }
}
