import { expect, test } from 'vitest'
import { foldBarBeat, foldBarFrame, noLiveBars, type BarFrame, type LiveBar } from './live-bars.ts'

const bar = (time: number, close: number, final = false): LiveBar => ({ time, open: 1, high: 3, low: 1, close, volume: 100, amount: 200, final })
const snap = (seq: number, data: readonly LiveBar[]): BarFrame => ({ op: 'snap', ch: 'k', epoch: 'e', seq, data })
const delta = (seq: number, one: LiveBar, epoch = 'e'): BarFrame => ({
  op: 'delta',
  ch: 'k',
  epoch,
  seq,
  data: { type: one.final ? 'final' : 'forming', bar: one },
})
const folded = (...frames: readonly BarFrame[]) => frames.reduce(foldBarFrame, noLiveBars)

test('foldBarFrame() moves the forming bar, finishes it and begins the next', () => {
  const live = folded(snap(4, [bar(1, 1, true), bar(2, 1)]), delta(5, bar(2, 2)), delta(6, bar(2, 3, true)), delta(7, bar(3, 1)))
  expect(live).toMatchObject({ phase: 'current', seq: 7 })
  expect(live.bars.map(({ time, close, final }) => [time, close, final])).toEqual([
    [1, 1, true],
    [2, 3, true],
    [3, 1, false],
  ])
})

test('foldBarFrame() puts a final bar at its place when a later one is forming already', () => {
  const live = folded(snap(1, [bar(1, 1, true), bar(3, 1)]), delta(2, bar(2, 9, true)))
  expect(live.bars.map(({ time }) => time)).toEqual([1, 2, 3])
})

test('foldBarFrame() notices holes and other numberings, and forgets what it has seen twice', () => {
  expect(folded(snap(4, []), delta(6, bar(1, 1))).phase).toBe('behind')
  expect(folded(snap(4, []), delta(5, bar(1, 1), 'other')).phase).toBe('lost')
  expect(folded(snap(4, []), delta(4, bar(1, 1)))).toMatchObject({ phase: 'current', bars: [] })
  expect(folded(snap(4, []), { op: 'gap', ch: 'k', from: 5, to: 9 }, delta(10, bar(1, 1)), snap(10, [bar(1, 2)]))).toMatchObject({
    phase: 'current',
    seq: 10,
    bars: [bar(1, 2)],
  })
})

test('foldBarFrame() goes on after a resume with what it had', () => {
  const kept = { ...folded(snap(4, [bar(1, 1)])), phase: 'waiting' as const }
  expect(foldBarFrame(kept, { op: 'ack', id: '1', ch: 'k', epoch: 'e', seq: 6, mode: 'resume' })).toMatchObject({ phase: 'current', seq: 4 })
  expect(foldBarFrame(kept, { op: 'ack', id: '1', ch: 'k', epoch: 'f', seq: 6, mode: 'snapshot' }).phase).toBe('waiting')
})

test('foldBarBeat() knows what is missing from a later number', () => {
  const live = folded(snap(4, []))
  expect([foldBarBeat(live, 4).phase, foldBarBeat(live, 6).phase, foldBarBeat(live, 1).phase, foldBarBeat(live, undefined).phase]).toEqual([
    'current',
    'behind',
    'lost',
    'current',
  ])
})
