import { expect, test } from 'vitest'
import { BarWire } from './bar-wire.ts'

const NAME = 'kline:600519.SH:5m'

function bench() {
  const wire = new BarWire()
  const sent: object[] = []
  let changes = 0
  const stop = wire.listen(NAME, () => changes++)
  return { wire, sent, stop, open: () => wire.opened((message) => sent.push(message)), changes: () => changes }
}

test('BarWire subscribes when the wire stands, resumes after a break, and leaves when nobody listens', () => {
  const { wire, sent, stop, open } = bench()
  expect(sent).toEqual([])
  open()
  expect(sent).toEqual([{ op: 'sub', id: 'k1', ch: NAME }])
  wire.said({ op: 'snap', ch: NAME, epoch: 'e', seq: 3, data: [] } as object as { op: string })
  expect(wire.barsOf(NAME).phase).toBe('current')
  wire.closed()
  expect(wire.barsOf(NAME).phase).toBe('waiting')
  open()
  expect(sent.at(-1)).toEqual({ op: 'sub', id: 'k2', ch: NAME, since: { epoch: 'e', seq: 3 } })
  stop()
  expect(sent.at(-1)).toEqual({ op: 'unsub', ch: NAME })
  expect(wire.barsOf(NAME).epoch).toBeUndefined()
})

test('BarWire asks again after a heartbeat that knows more, and says so once', () => {
  const { wire, sent, open, changes } = bench()
  open()
  wire.said({ op: 'snap', ch: NAME, epoch: 'e', seq: 3, data: [] } as object as { op: string })
  const before = changes()
  wire.said({ op: 'hb', seqs: { [NAME]: 5 } })
  expect(sent.at(-1)).toEqual({ op: 'sub', id: 'k2', ch: NAME, since: { epoch: 'e', seq: 3 } })
  expect(changes()).toBe(before + 1)
})

test('BarWire knows which channel was refused, and ignores channels nobody listens to', () => {
  const { wire, open, changes } = bench()
  open()
  wire.said({ op: 'snap', ch: 'kline:000001.SZ:5m' })
  expect(changes()).toBe(0)
  wire.said({ op: 'err', id: 'k1' })
  expect(wire.barsOf(NAME).phase).toBe('refused')
})
