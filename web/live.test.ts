import { expect, test } from 'vitest'
import { openLive, FLUSH_MS, SILENCE_MS, socketAddress, type WireEvents } from './live.ts'
import { emptyList, foldFrame, type OpportunityList } from './state/opportunity-list.ts'

/** A server end under the test's control and a clock that moves when told. */
function bench() {
  let now = 0
  let timers: { at: number; run: () => void }[] = []
  const wires: (WireEvents & { readonly sent: string[]; readonly isClosed: () => boolean; readonly close: () => void })[] = []
  const connections: string[] = []
  let list: OpportunityList = emptyList
  const stop = openLive({
    open: (events) => {
      const sent: string[] = []
      let closed = false
      const close = () => {
        closed = true
        events.closed()
      }
      wires.push({ ...events, sent, isClosed: () => closed, close })
      return { send: (text) => sent.push(text), close }
    },
    target: {
      list: () => list,
      fold: (frames) => (list = frames.reduce(foldFrame, list)),
      replace: (next) => (list = next),
      connect: (connection) => connections.push(connection),
    },
    later: (run, milliseconds) => {
      const timer = { at: now + milliseconds, run }
      timers.push(timer)
      return () => (timers = timers.filter((one) => one !== timer))
    },
    random: () => 0.5,
  })
  return {
    wires,
    connections,
    stop,
    list: () => list,
    wire: () => wires.at(-1)!,
    say: (frame: object) => wires.at(-1)!.said(JSON.stringify(frame)),
    advance(milliseconds: number) {
      const until = now + milliseconds
      for (;;) {
        const next = timers.filter(({ at }) => at <= until).toSorted((a, b) => a.at - b.at)[0]
        if (next === undefined) break
        timers = timers.filter((one) => one !== next)
        now = next.at
        next.run()
      }
      now = until
    },
  }
}

const snap = (seq: number) => ({ op: 'snap', ch: 'opportunities', epoch: 'e1', seq, data: [] })
const delta = (seq: number) => ({
  op: 'delta',
  ch: 'opportunities',
  epoch: 'e1',
  seq,
  data: { type: 'update', opp: { id: 'a', state: 'tracking', discoveredAt: 1, updatedAt: 1 } },
})
const last = (sent: readonly string[]): unknown => JSON.parse(sent.at(-1)!)

test('openLive() subscribes without since, then resumes from what it has after a break', () => {
  const live = bench()
  live.wire().opened()
  expect(last(live.wire().sent)).toEqual({ op: 'sub', id: '1', ch: 'opportunities' })
  live.say(snap(7))
  live.say(delta(8))
  live.advance(FLUSH_MS)
  expect(live.list()).toMatchObject({ phase: 'current', seq: 8 })
  live.wire().close()
  expect(live.connections).toEqual(['open', 'retrying'])
  live.advance(500)
  expect(live.wires.length).toBe(2)
  live.wire().opened()
  expect(last(live.wire().sent)).toEqual({ op: 'sub', id: '2', ch: 'opportunities', since: { epoch: 'e1', seq: 8 } })
})

test('openLive() resumes after a hole and asks for a snapshot after a gap', () => {
  const live = bench()
  live.wire().opened()
  live.say(snap(7))
  live.say(delta(9))
  live.advance(FLUSH_MS)
  expect(last(live.wire().sent)).toMatchObject({ since: { epoch: 'e1', seq: 7 } })
  live.say({ op: 'ack', id: '2', ch: 'opportunities', epoch: 'e1', seq: 9, mode: 'resume' })
  live.say(delta(8))
  live.say(delta(9))
  live.advance(FLUSH_MS)
  expect(live.list()).toMatchObject({ phase: 'current', seq: 9 })
  live.say({ op: 'gap', ch: 'opportunities', from: 10, to: 20 })
  live.advance(FLUSH_MS)
  expect(last(live.wire().sent)).toEqual({ op: 'sub', id: '3', ch: 'opportunities' })
})

test('openLive() answers heartbeats, and hangs up on a line that fell silent', () => {
  const live = bench()
  live.wire().opened()
  live.say({ op: 'hb', ts: 1, seqs: {} })
  expect(last(live.wire().sent)).toEqual({ op: 'pong' })
  live.advance(SILENCE_MS - 1)
  expect(live.wire().isClosed()).toBe(false)
  live.advance(1)
  expect(live.wires[0]!.isClosed()).toBe(true)
})

test('openLive() waits longer after each failed attempt, up to a limit', () => {
  const live = bench()
  const pauses: number[] = []
  for (let i = 0; i < 8; i++) {
    const before = live.wires.length
    live.wire().close()
    let waited = 0
    while (live.wires.length === before) {
      live.advance(100)
      waited += 100
    }
    pauses.push(waited)
  }
  expect(pauses).toEqual([500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000])
})

test('openLive() ignores what is not a frame, and is quiet after its end', () => {
  const live = bench()
  live.wire().opened()
  live.wire().said('<html>')
  live.say({ op: 'unheard-of' })
  live.advance(FLUSH_MS)
  expect(live.list().phase).toBe('waiting')
  live.stop()
  live.advance(60_000)
  expect(live.wires.length).toBe(1)
})

test('socketAddress() is encrypted exactly when the page is', () => {
  expect(socketAddress({ protocol: 'https:', host: 'a:1' })).toBe('wss://a:1/ws')
  expect(socketAddress({ protocol: 'http:', host: 'a:1' })).toBe('ws://a:1/ws')
})
