import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Opportunity } from '../api.ts'
import { asked, emptyList, foldFrame, takeSnapshot, type Frame, type OpportunityList } from './opportunity-list.ts'

const opp = (id: string, rest: Partial<Opportunity> = {}): Opportunity => ({
  id,
  code: '600519.SH',
  name: '贵州茅台',
  direction: 'long',
  state: 'discovered',
  confidence: 0.5,
  detectors: ['surge'],
  discoveredAt: 1000,
  updatedAt: 1000,
  ref: 10,
  targetLow: 11,
  targetHigh: 12,
  stop: 9,
  invalidation: 9,
  last: 10,
  mfe: null,
  mae: null,
  reason: { zh: '拉升', en: 'surge' },
  evidence: [],
  ...rest,
})
const snap = (seq: number, data: readonly Opportunity[], epoch = 'e1'): Frame => ({ op: 'snap', ch: 'opportunities', epoch, seq, data })
const delta = (seq: number, row: Opportunity, epoch = 'e1'): Frame => ({ op: 'delta', ch: 'opportunities', epoch, seq, data: { type: 'update', opp: row } })
const hb = (seq: number): Frame => ({ op: 'hb', ts: 0, seqs: { opportunities: seq } })
const fold = (frames: readonly Frame[], list: OpportunityList = emptyList) => frames.reduce(foldFrame, list)

test('foldFrame() applies the next delta, ignores an old one, and calls a hole behind', () => {
  const list = fold([snap(5, [opp('a')]), delta(5, opp('a', { last: 99 })), delta(6, opp('a', { last: 10.5 }))])
  expect([list.phase, list.seq, list.byId.get('a')?.last]).toEqual(['current', 6, 10.5])
  const holed = fold([delta(8, opp('b'))], list)
  expect([holed.phase, holed.seq, holed.byId.has('b')]).toEqual(['behind', 6, false])
})

test('foldFrame() ignores deltas until an answer came, then continues where it was', () => {
  const waiting = asked(fold([snap(5, [opp('a')])]))
  expect(fold([delta(6, opp('b'))], waiting)).toBe(waiting)
  const resumed = fold([{ op: 'ack', id: '1', ch: 'opportunities', epoch: 'e1', seq: 7, mode: 'resume' }, delta(6, opp('b')), delta(7, opp('c'))], waiting)
  expect([resumed.phase, resumed.seq, resumed.ids.length]).toEqual(['current', 7, 3])
})

test('foldFrame() waits for the snapshot when the server will not resume', () => {
  const waiting = asked(fold([snap(5, [opp('a')])]))
  const acked = fold([{ op: 'ack', id: '1', ch: 'opportunities', epoch: 'e2', seq: 2, mode: 'snapshot' }, delta(3, opp('x'), 'e2')], waiting)
  expect(acked.phase).toBe('waiting')
  expect(fold([snap(3, [opp('x')], 'e2')], acked)).toMatchObject({ phase: 'current', epoch: 'e2', seq: 3, ids: ['x'] })
})

test('foldFrame() calls the list lost on a gap, another epoch, or a heartbeat from the past', () => {
  const list = fold([snap(5, [opp('a')])])
  expect(fold([{ op: 'gap', ch: 'opportunities', from: 6, to: 9 }], list).phase).toBe('lost')
  expect(fold([delta(6, opp('a'), 'e2')], list).phase).toBe('lost')
  expect(fold([hb(4)], list).phase).toBe('lost')
  expect(fold([hb(5)], list)).toBe(list)
  expect(fold([hb(6)], list).phase).toBe('behind')
})

test('foldFrame() lets no price update move a row', () => {
  const list = fold([snap(1, [opp('a', { discoveredAt: 3 }), opp('b', { discoveredAt: 2 }), opp('c', { discoveredAt: 1 })])])
  const updated = fold([delta(2, opp('c', { discoveredAt: 1, last: 11, confidence: 0.9, state: 'confirmed', updatedAt: 9000 }))], list)
  expect(updated.ids).toBe(list.ids)
  expect(updated.eventAt).toBe(9000)
  expect(fold([delta(3, opp('a', { discoveredAt: 3, state: 'ended' }))], updated).ids).toEqual(['b', 'c', 'a'])
  expect(fold([delta(3, opp('z', { discoveredAt: 8 }))], updated).ids).toEqual(['z', 'a', 'b', 'c'])
})

test('takeSnapshot() keeps the identity of rows that did not change', () => {
  const list = fold([snap(1, [opp('a'), opp('b')])])
  const again = takeSnapshot(list, 'e1', 4, [opp('a'), opp('b', { updatedAt: 2000 })])
  expect(again.byId.get('a')).toBe(list.byId.get('a'))
  expect(again.byId.get('b')).not.toBe(list.byId.get('b'))
})

test('a client that loses frames and asks again ends with what the server has', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ id: fc.constantFrom('a', 'b', 'c', 'd'), price: fc.integer({ min: 1, max: 99 }), lost: fc.boolean() }), { maxLength: 40 }),
      (events) => {
        const server = new Map<string, Opportunity>()
        let list = fold([snap(0, [])])
        events.forEach(({ id, price, lost }, i) => {
          const row = opp(id, { last: price, updatedAt: i + 1 })
          server.set(id, row)
          if (!lost) list = fold([delta(i + 1, row)], list)
          if (list.phase === 'behind') list = fold([snap(i + 1, [...server.values()])], asked(list))
        })
        list = fold([hb(events.length)], list)
        if (list.phase === 'behind') list = fold([snap(events.length, [...server.values()])], asked(list))
        expect(Object.fromEntries(list.byId)).toEqual(Object.fromEntries(server))
      },
    ),
  )
})
