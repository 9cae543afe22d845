import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Channel, heartbeatFrame, HOPELESS_BYTES, SLOW_BYTES, type ChannelOptions, type Subscriber } from './channel.ts'

interface Row {
  readonly id: string
  readonly value: number
}

interface Frame {
  readonly op: string
  readonly seq?: number
  readonly mode?: string
  readonly from?: number
  readonly to?: number
  readonly data?: unknown
}

/** A list on the server and a channel that shows it. */
function server(options: Partial<ChannelOptions<Row, Row>> = {}) {
  const rows = new Map<string, Row>()
  const channel = new Channel<Row, Row>({ name: 'list', epoch: 'e1', snapshot: () => [...rows.values()], ...options })
  const put = (id: string, value: number): void => {
    rows.set(id, { id, value })
    channel.publish({ id, value })
  }
  return { channel, put, rows }
}

/** A page: everything it was sent, and a buffer the test fills and empties. */
function page() {
  const frames: Frame[] = []
  const state = { buffered: 0, closed: 0 }
  const subscriber: Subscriber = {
    send: (frame) => frames.push(JSON.parse(frame) as Frame),
    bufferedBytes: () => state.buffered,
    close: (code) => (state.closed = code),
  }
  const ops = () => frames.map(({ op, seq }) => (seq === undefined ? op : `${op} ${seq}`))
  return { subscriber, frames, state, ops }
}

test('Channel greets a newcomer with an acknowledgement and a snapshot, then sends every delta', () => {
  const { channel, put } = server()
  put('a', 1)
  const { subscriber, ops, frames } = page()
  channel.subscribe(subscriber, { id: '1' })
  put('b', 2)
  expect(ops()).toEqual(['ack 1', 'snap 1', 'delta 2'])
  expect(frames[0]).toMatchObject({ id: '1', ch: 'list', epoch: 'e1', mode: 'snapshot' })
  expect(frames[1]!.data).toEqual([{ id: 'a', value: 1 }])
})

test('Channel resumes from what is kept and falls back to a snapshot otherwise', () => {
  const { channel, put } = server({ keep: 10 })
  for (let i = 1; i <= 30; i++) put('a', i)
  const resume = (since: { epoch: string; seq: number }) => {
    const { subscriber, ops } = page()
    channel.subscribe(subscriber, { id: '1', since })
    return ops()
  }
  expect(resume({ epoch: 'e1', seq: 28 })).toEqual(['ack 30', 'delta 29', 'delta 30'])
  expect(resume({ epoch: 'e1', seq: 30 })).toEqual(['ack 30'])
  expect(resume({ epoch: 'e1', seq: 20 })).toHaveLength(11)
  expect(resume({ epoch: 'e1', seq: 19 })).toEqual(['ack 30', 'snap 30'])
  expect(resume({ epoch: 'e1', seq: 2 })).toEqual(['ack 30', 'snap 30'])
  expect(resume({ epoch: 'e0', seq: 30 })).toEqual(['ack 30', 'snap 30'])
  expect(resume({ epoch: 'e1', seq: 31 })).toEqual(['ack 30', 'snap 30'])
})

test('Channel keeps at least the last 10,000 deltas for those who come back', () => {
  const { channel, put } = server()
  for (let i = 1; i <= 25_000; i++) put('a', i)
  const { subscriber, frames } = page()
  channel.subscribe(subscriber, { id: '1', since: { epoch: 'e1', seq: 15_000 } })
  expect(frames).toHaveLength(10_001)
  expect(frames[1]).toMatchObject({ seq: 15_001 })
})

test('Channel numbers before it filters, and the heartbeat tells the number', () => {
  const { channel, put } = server()
  const { subscriber, ops, frames } = page()
  channel.subscribe(subscriber, { id: '1', wantsRow: ({ value }) => value > 5, wantsDelta: ({ value }) => value > 5 })
  put('a', 1)
  put('b', 9)
  expect(ops()).toEqual(['ack 0', 'snap 0', 'delta 2'])
  expect(JSON.parse(heartbeatFrame(5, [channel]))).toEqual({ op: 'hb', ts: 5, seqs: { list: 2 } })
  channel.subscribe(subscriber, { id: '2', wantsRow: ({ value }) => value > 5 })
  expect(frames.at(-1)!.data).toEqual([{ id: 'b', value: 9 }])
})

test('Channel tells a slow client of the gap and sends a snapshot once it has caught up', () => {
  const { channel, put } = server()
  const { subscriber, state, ops, frames } = page()
  channel.subscribe(subscriber, { id: '1' })
  put('a', 1)
  state.buffered = SLOW_BYTES + 1
  put('a', 2)
  put('b', 3)
  expect(ops()).toEqual(['ack 0', 'snap 0', 'delta 1'])
  state.buffered = SLOW_BYTES / 2
  channel.turn(0)
  expect(ops()).toHaveLength(3)
  state.buffered = 0
  channel.turn(0)
  expect(ops().slice(3)).toEqual(['gap', 'snap 3'])
  expect(frames[3]).toMatchObject({ from: 2, to: 3 })
  put('a', 4)
  expect(ops().at(-1)).toBe('delta 4')
})

test('Channel does not speak of a gap to a slow client that missed nothing', () => {
  const { channel, put } = server()
  const { subscriber, state, ops } = page()
  channel.subscribe(subscriber, { id: '1' })
  put('a', 1)
  state.buffered = SLOW_BYTES + 1
  channel.turn(0)
  state.buffered = 0
  put('a', 2)
  expect(ops()).toEqual(['ack 0', 'snap 0', 'delta 1', 'gap', 'snap 2'])
  state.buffered = SLOW_BYTES + 1
  channel.turn(0)
  state.buffered = 0
  channel.turn(0)
  expect(ops()).toHaveLength(5)
})

test('Channel lets a hopeless client go with 1013', () => {
  const { channel, put } = server()
  const { subscriber, state } = page()
  channel.subscribe(subscriber, { id: '1' })
  state.buffered = HOPELESS_BYTES + 1
  put('a', 1)
  expect(state.closed).toBe(1013)
  expect(channel.subscribers).toBe(0)
})

test('Channel conflates: the latest of each key, at most once per interval, still gapless', () => {
  const { channel, put } = server({ keyOf: ({ id }) => id, conflateMs: 250 })
  const { subscriber, ops, frames } = page()
  channel.turn(0)
  channel.subscribe(subscriber, { id: '1' })
  put('a', 1)
  put('b', 2)
  put('a', 3)
  channel.turn(249)
  expect(ops()).toEqual(['ack 0', 'snap 0'])
  channel.turn(250)
  expect(ops().slice(2)).toEqual(['delta 1', 'delta 2'])
  expect(frames.slice(2).map(({ data }) => data)).toEqual([
    { id: 'b', value: 2 },
    { id: 'a', value: 3 },
  ])
  expect(() => server({ conflateMs: 250 })).toThrow(TypeError)
})

test('Channel stops sending after unsubscribe', () => {
  const { channel, put } = server()
  const { subscriber, frames } = page()
  channel.subscribe(subscriber, { id: '1' })
  channel.unsubscribe(subscriber)
  put('a', 1)
  expect(frames).toHaveLength(2)
})

const anyMove = fc.oneof(
  fc.record({ do: fc.constant('put' as const), id: fc.constantFrom('a', 'b', 'c'), value: fc.integer() }),
  fc.record({ do: fc.constantFrom('slow' as const, 'quick' as const, 'reconnect' as const, 'turn' as const) }),
)

test('Channel brings every client to the state of the server, through slowness and reconnects', () => {
  fc.assert(
    fc.property(fc.array(anyMove, { maxLength: 80 }), (moves) => {
      const { channel, put, rows } = server({ keep: 8 })
      let client = page()
      let applied = 0
      const seen = new Map<string, Row>()
      const last = { seq: 0 }
      // What a page does: deltas in order, a snapshot replaces all, a gap is only a warning.
      const absorb = (): void => {
        for (const { op, seq, data } of client.frames.slice(applied)) {
          if (op === 'snap') {
            seen.clear()
            for (const row of data as readonly Row[]) seen.set(row.id, row)
            last.seq = seq!
          } else if (op === 'delta') {
            expect(seq).toBe(last.seq + 1)
            last.seq = seq!
            seen.set((data as Row).id, data as Row)
          }
        }
        applied = client.frames.length
      }
      channel.subscribe(client.subscriber, { id: '0' })
      for (const move of moves) {
        if (move.do === 'put') put(move.id, move.value)
        else if (move.do === 'slow') client.state.buffered = SLOW_BYTES + 1
        else if (move.do === 'quick') client.state.buffered = 0
        else if (move.do === 'turn') channel.turn(0)
        else {
          absorb()
          channel.unsubscribe(client.subscriber)
          client = page()
          applied = 0
          channel.subscribe(client.subscriber, { id: '1', since: { epoch: 'e1', seq: last.seq } })
        }
      }
      client.state.buffered = 0
      channel.turn(0)
      absorb()
      expect(Object.fromEntries(seen)).toEqual(Object.fromEntries(rows))
      expect(last.seq).toBe(channel.seq)
    }),
    { numRuns: 300 },
  )
})
