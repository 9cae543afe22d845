import { expect, test } from 'vitest'
import { TruthChannel, type TruthRow } from './truth-channel.ts'

const rows = [30, 10, 20, 10].map((at, k): TruthRow => ({ at, table: 'sim_event', row: { entity: `${k}` } }))

function page() {
  const frames: {
    readonly op: string
    readonly epoch?: string
    readonly seq?: number
    readonly detail?: string
    readonly data?: TruthRow | readonly TruthRow[]
  }[] = []
  return {
    subscriber: { send: (frame: string) => void frames.push(JSON.parse(frame) as (typeof frames)[number]), bufferedBytes: () => 0, close: () => {} },
    told: () => frames.splice(0).map(({ op, seq, data }) => [op, ...(seq === undefined ? [] : [seq]), ...[data ?? []].flat().map((row) => row.row['entity'])]),
    frames,
  }
}

test('TruthChannel tells each row once, when the market has passed it, in the order of the market', () => {
  const [channel, { subscriber, told }] = [new TruthChannel(), page()]
  channel.open('test')
  expect(channel.subscribe(subscriber, { id: '1' })).toBeUndefined()
  expect(told()).toEqual([
    ['ack', 0],
    ['snap', 0],
  ])
  channel.begin('day', rows, 5)
  expect(told()).toEqual([
    ['ack', 0],
    ['snap', 0],
  ])
  channel.passed(9.9)
  expect(told()).toEqual([])
  channel.passed(20)
  expect(told()).toEqual([
    ['delta', 1, '1'],
    ['delta', 2, '3'],
    ['delta', 3, '2'],
  ])
  channel.passed(20)
  expect(told()).toEqual([])
  expect(channel.heardBy(subscriber)).toMatchObject([{ name: 'sim.truth', seq: 3 }])
  const late = page()
  channel.subscribe(late.subscriber, { id: '2' })
  expect(late.told(), 'what has passed, nothing of later').toEqual([
    ['ack', 3],
    ['snap', 3, '1', '3', '2'],
  ])
  channel.unsubscribe(subscriber)
  channel.passed(30)
  expect([told(), late.told()]).toEqual([[], [['delta', 4, '0']]])
})

test('TruthChannel begins a day in its middle with what was passed before, and a client that comes back goes on where it was', () => {
  const [channel, { subscriber, told }] = [new TruthChannel(), page()]
  channel.begin('day', rows, 10)
  channel.passed(20)
  channel.subscribe(subscriber, { id: '1', since: { epoch: 'day', seq: 0 } })
  expect(told()).toEqual([
    ['ack', 1],
    ['delta', 1, '2'],
  ])
  channel.subscribe(subscriber, { id: '1', since: { epoch: 'another', seq: 0 } })
  expect(told()).toEqual([
    ['ack', 1],
    ['snap', 1, '1', '3', '2'],
  ])
})

test('TruthChannel is refused before a test and after it, and tells those who listen that it is over', () => {
  const [channel, { subscriber, told, frames }] = [new TruthChannel(), page()]
  expect(channel.subscribe(subscriber, { id: '1' })).toMatch(/only while it runs as a test: fupan sim run --test/)
  channel.passed(100)
  channel.begin('day', rows, 0)
  channel.subscribe(subscriber, { id: '1' })
  told()
  channel.end()
  expect(frames.splice(0)).toMatchObject([{ op: 'err', detail: 'the test of the simulated market is over' }])
  channel.passed(100)
  channel.begin('next', rows, 0)
  channel.passed(100)
  expect([told(), channel.heardBy(subscriber)]).toEqual([[], []])
  channel.end()
  expect(channel.subscribe(subscriber, { id: '2' })).toMatch(/sim run --test/)
})
