import Fastify, { type FastifyInstance } from 'fastify'
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'
import { afterEach, expect, test } from 'vitest'
import { Channel } from '#stream/channel.ts'
import { serveEvents } from './event-stream.ts'
import type { Wire } from './socket.ts'

const NAME = 'kline:600519.SH:5m'

let server: FastifyInstance | undefined

afterEach(() => server?.close())

/** One channel with its numbers, served as the application does. */
async function served(most = 10) {
  const bars: number[] = []
  const channel = new Channel<number, number>({ name: NAME, epoch: 'run:1', snapshot: () => bars })
  let clients = 0
  server = Fastify()
  server.setValidatorCompiler(validatorCompiler)
  server.setSerializerCompiler(serializerCompiler)
  serveEvents(server, {
    join(wire: Wire) {
      if (clients >= most) wire.close(1013, 'too many clients')
      else clients++
      return {
        receive(text) {
          const { id, ch, since } = JSON.parse(text) as { id: string; ch: string; since?: { epoch: string; seq: number } }
          if (ch === NAME) channel.subscribe(wire, { id, ...(since === undefined ? {} : { since }) })
          else wire.send(JSON.stringify({ op: 'err', id, code: 'E_CHANNEL', detail: `there is no channel ${ch}` }))
        },
        leave() {
          channel.unsubscribe(wire)
          clients--
        },
      }
    },
  })
  const url = await server.listen({ host: '127.0.0.1', port: 0 })
  const publish = (bar: number) => {
    bars.push(bar)
    channel.publish(bar)
  }
  return { url, publish, channel }
}

interface Event {
  readonly event: string
  readonly id: string | undefined
  readonly data: Readonly<Record<string, unknown>>
}

/** Events of a stream, one after the other; leaving the loop hangs up. */
async function* events(url: string, headers: Record<string, string> = {}): AsyncGenerator<Event> {
  const response = await fetch(url, { headers })
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8'])
  let text = ''
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    const blocks = (text + chunk).split('\n\n')
    text = blocks.pop()!
    for (const block of blocks) {
      const lines = new Map(block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]))
      if (lines.has('data')) yield { event: lines.get('event')!, id: lines.get('id'), data: JSON.parse(lines.get('data')!) as Event['data'] }
    }
  }
}

async function next(stream: AsyncGenerator<Event>, count: number): Promise<readonly Event[]> {
  const taken: Event[] = []
  while (taken.length < count) {
    const { value, done } = await stream.next()
    if (done === true) break
    taken.push(value)
  }
  return taken
}

test('a stream begins with the snapshot, carries every delta with its place, and goes on from the last event', async () => {
  const { url, publish, channel } = await served()
  publish(1)
  const first = events(`${url}/api/stream?ch=${NAME}`)
  const [ack, snapshot] = await next(first, 2)
  expect([ack!.event, ack!.id, snapshot!.event, snapshot!.id, snapshot!.data['data']]).toEqual(['ack', undefined, 'snap', '1@run:1', [1]])
  publish(2)
  const [delta] = await next(first, 1)
  expect([delta!.event, delta!.id, delta!.data['data']]).toEqual(['delta', '2@run:1', 2])
  await first.return(undefined)
  await expect.poll(() => channel.subscribers).toBe(0)
  publish(3)
  publish(4)
  const byHeader = await next(events(`${url}/api/stream?ch=${NAME}`, { 'last-event-id': delta!.id! }), 3)
  expect(byHeader.map(({ event, data }) => [event, data['mode'] ?? data['data']])).toEqual([
    ['ack', 'resume'],
    ['delta', 3],
    ['delta', 4],
  ])
  const byQuery = await next(events(`${url}/api/stream?ch=${NAME}&since=3@run:1`), 2)
  expect(byQuery.map(({ event }) => event)).toEqual(['ack', 'delta'])
  // Another numbering, or none: everything anew.
  for (const since of ['3@run:0', '3']) {
    const anew = await next(events(`${url}/api/stream?ch=${NAME}&since=${since}`), 2)
    expect(anew.map(({ event, data }) => [event, data['mode'] ?? data['data']])).toEqual([
      ['ack', 'snapshot'],
      ['snap', [1, 2, 3, 4]],
    ])
  }
})

test('a stream is refused before it begins: an unknown channel, a place that is none, too many clients', async () => {
  const { url } = await served(1)
  expect((await fetch(`${url}/api/stream?ch=kline:600519.SH:1w`)).status).toBe(400)
  expect((await fetch(`${url}/api/stream?ch=${NAME}&since=yesterday`)).status).toBe(400)
  expect((await fetch(`${url}/api/stream`)).status).toBe(400)
  const held = events(`${url}/api/stream?ch=${NAME}`)
  await next(held, 1)
  expect((await fetch(`${url}/api/stream?ch=${NAME}`)).status).toBe(429)
  await held.return(undefined)
})

test('closing the server ends its streams', async () => {
  const { url } = await served()
  const stream = events(`${url}/api/stream?ch=${NAME}`)
  await next(stream, 2)
  await server!.close()
  expect((await stream.next()).done).toBe(true)
})
