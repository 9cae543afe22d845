import type { ServerResponse } from 'node:http'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { Refusal } from './route.ts'
import type { SocketChannels } from './socket.ts'

/** How soon a client comes back after a break, ms. */
const RETRY_MS = 1000

/** What channels say to a client that is too slow, or one too many. */
const TRY_AGAIN_LATER = 1013

/** A place in a channel as an event names it: the number, then the numbering. A bare number belongs to no numbering and is answered with a snapshot. */
const place = z.string().regex(/^\d{1,15}(?:@.{1,80})?$/, 'must be the id of the last event: a number, @ and the epoch, such as 12@live:20260105')

const query = z.object({ ch: z.string().min(1).max(80), since: place.optional() })

/**
 * 事件流 (Server-Sent Events): one channel of the socket for clients without a WebSocket, `GET /api/stream?ch=kline:600519.SH:5m`. The same frames, each an event
 * named after its `op`; the id of a snapshot or delta is where to go on, sent back by browsers as Last-Event-ID and by others as `since`.
 */
export function serveEvents(server: FastifyInstance, channels: SocketChannels): void {
  const open = new Set<ServerResponse>()
  // A stream never ends by itself: without this the server would wait for it.
  server.addHook('preClose', async () => {
    for (const stream of open) stream.end()
  })
  server.get('/api/stream', { schema: { hide: true, querystring: query } }, (request, reply) => {
    const { ch, since } = request.query as z.output<typeof query>
    const last = since ?? place.safeParse(request.headers['last-event-id']).data
    const early: string[] = []
    let stream: ServerResponse | undefined
    let isTurnedAway = false
    const subscriber = channels.join({
      send(frame) {
        if (stream === undefined) early.push(frame)
        else stream.write(eventOf(frame))
      },
      bufferedBytes: () => stream?.writableLength ?? 0,
      close(code) {
        isTurnedAway = true
        // Who does not read would never see the end.
        if (code === TRY_AGAIN_LATER) stream?.destroy()
        else stream?.end()
      },
    })
    if (!isTurnedAway) subscriber.receive(JSON.stringify({ op: 'sub', id: 'stream', ch, ...(last === undefined ? {} : { since: sinceOf(last) }) }))
    if (isTurnedAway) {
      subscriber.leave()
      throw new Refusal(429, 'RATE_LIMITED', 'Cannot open another stream now: too many clients listen already. Ask again in a second')
    }
    const refused = early.map((frame) => JSON.parse(frame) as { op: string; detail?: string }).find(({ op }) => op === 'err')
    if (refused !== undefined) {
      subscriber.leave()
      throw new Refusal(400, 'BAD_PARAM', `Cannot listen to this channel: ${refused.detail}`, { parameter: 'ch' })
    }
    reply.hijack()
    stream = reply.raw
    open.add(stream)
    stream.on('close', () => {
      open.delete(reply.raw)
      subscriber.leave()
    })
    stream.writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no', 'X-Fupan-Api': '1' })
    stream.write(`retry: ${RETRY_MS}\n\n${early.map(eventOf).join('')}`)
  })
}

/** An acknowledgement comes before the deltas it announces: it is no place to go on from. */
function eventOf(frame: string): string {
  const { op, seq, epoch } = JSON.parse(frame) as { op: string; seq?: number; epoch?: string }
  return `event: ${op}\n${op === 'snap' || op === 'delta' ? `id: ${seq}@${epoch}\n` : ''}data: ${frame}\n\n`
}

function sinceOf(id: string) {
  const [seq, ...epoch] = id.split('@')
  return { seq: Number(seq), epoch: epoch.join('@') }
}
