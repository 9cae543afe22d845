import { afterEach, expect, test } from 'vitest'
import type { LogBatch, NewRecord, StreamLog } from './stream-log.ts'

/** A driver under test: one place on a disk or server that can be opened again and again. Topic `md.wide` has four partitions, others one. */
export interface LogPlace {
  open(): Promise<StreamLog>
  dispose(): Promise<void>
}

/** What every `StreamLog` driver must do, as tests. A driver's test file calls this with a way to make an empty place. */
export function streamLogContract(driver: string, newPlace: () => Promise<LogPlace>): void {
  const opened: { readonly place: LogPlace; readonly logs: StreamLog[] }[] = []

  async function emptyPlace() {
    const place = await newPlace()
    const logs: StreamLog[] = []
    opened.push({ place, logs })
    const open = async () => {
      const log = await place.open()
      logs.push(log)
      return log
    }
    return { open }
  }

  afterEach(async () => {
    for (const { place, logs } of opened.splice(0)) {
      for (const log of logs) await log.close()
      await place.dispose()
    }
  })

  test(`${driver} numbers records from 0 without holes and gives them back unchanged`, async () => {
    const log = await (await emptyPlace()).open()
    const places = await log.append('md.tick', [record('a', 1), record('b', 2)])
    expect(places.map(({ offset }) => offset)).toEqual([0, 1])
    await log.append('md.tick', [record('a', 3)])
    const records = await log.range('md.tick', 0, { offset: 0 }, 10)
    expect(records).toEqual([record('a', 1), record('b', 2), record('a', 3)].map((each, offset) => ({ ...each, partition: 0, offset })))
    expect(await log.heads('md.tick')).toEqual([3])
    expect(await log.append('md.tick', [])).toEqual([])
  })

  test(`${driver} keeps a key in one partition and its records in order`, async () => {
    const log = await (await emptyPlace()).open()
    const sent = Array.from({ length: 200 }, (_, i) => record(`key${i % 17}`, i))
    const places = await log.append('md.wide', sent)
    const byKey = Map.groupBy(
      sent.map((each, i) => ({ key: each.key, ...places[i]! })),
      ({ key }) => key,
    )
    for (const own of byKey.values()) {
      expect(new Set(own.map(({ partition }) => partition)).size).toBe(1)
      expect(own.map(({ offset }) => offset)).toEqual(own.map(({ offset }) => offset).toSorted((a, b) => a - b))
    }
    expect(new Set(places.map(({ partition }) => partition))).toEqual(new Set([0, 1, 2, 3]))
    const heads = await log.heads('md.wide')
    expect(heads.reduce((sum, head) => sum + head, 0)).toBe(200)
    for (const [partition, head] of heads.entries())
      expect((await log.range('md.wide', partition, { offset: 0 }, 1000)).map(({ offset }) => offset)).toEqual(Array.from({ length: head }, (_, i) => i))
  })

  test(`${driver} survives being closed, and goes on where it ended`, async () => {
    const { open } = await emptyPlace()
    const first = await open()
    await first.append('md.tick', [record('a', 1), record('a', 2)])
    await first.commit('engine', 'md.tick', 0, 1)
    await first.close()
    const second = await open()
    expect(await second.append('md.tick', [record('a', 3)])).toEqual([{ partition: 0, offset: 2 }])
    expect((await second.range('md.tick', 0, { offset: 0 }, 10)).map(({ ts }) => ts)).toEqual([1, 2, 3])
    expect(await second.committed('engine', 'md.tick', 0)).toBe(1)
  })

  test(`${driver} reads a range from an offset or a time, within the limit`, async () => {
    const log = await (await emptyPlace()).open()
    // Times stand still and even go back a little: the first record of that time or later counts.
    for (const batch of [[10, 20, 20], [15, 30], [40]])
      await log.append(
        'md.tick',
        batch.map((ts) => record('a', ts)),
      )
    const times = async (from: Parameters<StreamLog['range']>[2], limit = 10) => (await log.range('md.tick', 0, from, limit)).map(({ ts }) => ts)
    expect(await times({ offset: 2 }, 2)).toEqual([20, 15])
    expect(await times({ ts: 11 })).toEqual([20, 20, 15, 30, 40])
    expect(await times({ ts: 20 })).toEqual([20, 20, 15, 30, 40])
    expect(await times({ ts: 21 })).toEqual([30, 40])
    expect(await times({ ts: 41 })).toEqual([])
    expect(await times({ offset: 6 })).toEqual([])
    expect(await log.range('md.other', 0, { offset: 0 }, 10)).toEqual([])
  })

  test(`${driver} lets a group take up where it committed, and tells its lag`, async () => {
    const log = await (await emptyPlace()).open()
    await log.append(
      'md.tick',
      [1, 2, 3, 4].map((ts) => record('a', ts)),
    )
    const first = await take(log, 'engine', 'committed', 2, 1)
    expect(first[0]!.records.map(({ ts }) => ts)).toEqual([1, 2])
    await log.commit('engine', 'md.tick', 0, first[0]!.next)
    expect(await log.lag('engine')).toEqual({ 'md.tick/0': 2 })
    expect((await take(log, 'engine', 'committed', 10, 1))[0]!.records.map(({ ts }) => ts)).toEqual([3, 4])
    // Not committed: the next time it is told again.
    expect((await take(log, 'engine', 'committed', 10, 1))[0]!.records.map(({ ts }) => ts)).toEqual([3, 4])
    // Another group has its own position.
    expect((await take(log, 'report', 'earliest', 10, 1))[0]!.records).toHaveLength(4)
    expect((await take(log, 'later', { ts: 3 }, 10, 1))[0]!.records.map(({ ts }) => ts)).toEqual([3, 4])
  })

  test(`${driver} hands live consumers what is appended after they came`, async () => {
    const log = await (await emptyPlace()).open()
    await log.append('md.tick', [record('a', 1)])
    const waiting = take(log, 'live', 'latest', 10, 1)
    await new Promise((resolve) => setTimeout(resolve, 20))
    await log.append('md.tick', [record('a', 2)])
    expect((await waiting)[0]!.records.map(({ ts }) => ts)).toEqual([2])
  })

  test(`${driver} ends an iteration when the signal fires`, async () => {
    const log = await (await emptyPlace()).open()
    const stop = new AbortController()
    setTimeout(() => stop.abort(), 20)
    const batches: LogBatch[] = []
    for await (const batch of log.consume('md.tick', 'idle', { from: 'latest', batch: 10, maxWaitMs: 60_000, signal: stop.signal })) batches.push(batch)
    expect(batches).toEqual([])
  })
}

/** The first `count` batches a group gets. */
async function take(
  log: StreamLog,
  group: string,
  from: Parameters<StreamLog['consume']>[2]['from'],
  batch: number,
  count: number,
): Promise<readonly LogBatch[]> {
  const stop = new AbortController()
  const batches: LogBatch[] = []
  for await (const each of log.consume('md.tick', group, { from, batch, maxWaitMs: 1000, signal: stop.signal })) {
    batches.push(each)
    if (batches.length === count) stop.abort()
  }
  return batches
}

export function record(key: string, ts: number): NewRecord {
  return { key, ts, type: 'tick', version: 1, payload: Uint8Array.from([ts & 0xff, (ts >> 8) & 0xff, key.charCodeAt(0)]) }
}
