import type { TradeDate } from '#core/trade-date.ts'
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, expect, test } from 'vitest'
import { record, streamLogContract } from './stream-log.contract.ts'
import { TickLog, type TickLogOptions } from './tick-log.ts'

const folders: string[] = []

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'fupan-tick-log-'))
  folders.push(folder)
  return folder
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

const day = (date: number) => date as TradeDate

function open(folder: string, date = 20260105, more: Partial<TickLogOptions> = {}): TickLog {
  return new TickLog({ folder, date: day(date), partitions: { 'md.wide': 4 }, ringRecords: 8, ...more })
}

streamLogContract('TickLog', () => {
  const folder = newFolder()
  return Promise.resolve({ open: () => Promise.resolve(open(folder)), dispose: () => Promise.resolve() })
})

test('TickLog carries offsets over days and reads across them', async () => {
  const folder = newFolder()
  const log = open(folder)
  await log.append(
    'md.tick',
    [1, 2, 3].map((ts) => record('a', ts)),
  )
  log.roll(day(20260106))
  await log.append(
    'md.tick',
    [4, 5].map((ts) => record('a', ts)),
  )
  expect(readdirSync(folder).filter((name) => name.endsWith('.sqlite'))).toEqual(['groups.sqlite', 'md-20260105.sqlite', 'md-20260106.sqlite'])
  await log.close()
  // Opened anew the ring is empty: everything comes from the files.
  const again = open(folder, 20260107)
  expect((await again.range('md.tick', 0, { offset: 1 }, 3)).map(({ offset, ts }) => [offset, ts])).toEqual([
    [1, 2],
    [2, 3],
    [3, 4],
  ])
  expect((await again.range('md.tick', 0, { ts: 4 }, 9)).map(({ ts }) => ts)).toEqual([4, 5])
  expect(await again.append('md.tick', [record('a', 6)])).toEqual([{ partition: 0, offset: 5 }])
  expect(() => again.roll(day(20260106))).toThrow('days only go forward')
  await again.close()
  expect(() => open(folder, 20260106)).toThrow(RangeError)
})

test('TickLog reads the same from the ring and from the file', async () => {
  const log = open(newFolder())
  for (let i = 0; i < 10; i++) await log.append('md.tick', [record('a', i), record('b', i)])
  const all = await log.range('md.tick', 0, { offset: 0 }, 100)
  expect(all.map(({ offset }) => offset)).toEqual(Array.from({ length: 20 }, (_, i) => i))
  expect(await log.range('md.tick', 0, { offset: 12 }, 100)).toEqual(all.slice(12))
  await log.close()
})

test('TickLog drops old days, but none that a group has still to read, unless the disk limit says so', async () => {
  const folder = newFolder()
  const log = open(folder, 20260105)
  await log.append('md.tick', [record('a', 1), record('a', 2)])
  await log.append('opp.events', [record('o', 1)])
  await log.commit('engine', 'md.tick', 0, 1)
  log.roll(day(20260106))
  const name = (path: string) => path.split('/').at(-1)
  const kept = await log.retain({ keepFrom: 20260106 })
  expect(kept.map(({ file, type, behind }) => [name(file), type, behind])).toEqual([
    ['md-20260105.sqlite', 'kept-unread', ['engine']],
    ['opp-20260105.sqlite', 'dropped', []],
  ])
  const forced = await log.retain({ keepFrom: 20260106, hardLimitBytes: 1 })
  expect(forced.map(({ file, type }) => [name(file), type])).toEqual([['md-20260105.sqlite', 'dropped-unread']])
  expect(existsSync(join(folder, 'md-20260105.sqlite'))).toBe(false)
  // Numbers are never given twice, also when every old file is gone and the process starts again.
  await log.close()
  const again = open(folder, 20260106)
  expect(await again.append('md.tick', [record('a', 3)])).toEqual([{ partition: 0, offset: 2 }])
  expect(await again.append('opp.events', [record('o', 2)])).toEqual([{ partition: 0, offset: 1 }])
  expect((await again.range('md.tick', 0, { offset: 0 }, 9)).map(({ offset }) => offset)).toEqual([2])
  expect(await again.retain({ keepFrom: 20260106 })).toEqual([])
  await again.close()
})

test('TickLog withdraws a batch that cannot be written whole', async () => {
  const log = open(newFolder())
  await log.append('md.tick', [record('a', 1)])
  const broken = { ...record('a', 3), payload: null as unknown as Uint8Array }
  await expect(log.append('md.tick', [record('a', 2), broken])).rejects.toThrow()
  await expect(log.append('md.new', [broken])).rejects.toThrow()
  expect(await log.append('md.tick', [record('a', 4)])).toEqual([{ partition: 0, offset: 1 }])
  expect(await log.append('md.new', [record('a', 5)])).toEqual([{ partition: 0, offset: 0 }])
  expect((await log.range('md.tick', 0, { offset: 0 }, 9)).map(({ ts }) => ts)).toEqual([1, 4])
  await log.close()
})

test('TickLog killed with SIGKILL in the middle of appending has every acknowledged batch whole, and no part of another', async () => {
  const folder = newFolder()
  const size = 50
  const script = `
    import { TickLog } from ${JSON.stringify(new URL('tick-log.ts', import.meta.url).href)}
    const log = new TickLog({ folder: ${JSON.stringify(folder)}, date: 20260105, partitions: { 'md.wide': 4 } })
    for (let batch = 0; ; batch++) {
      const records = Array.from({ length: ${size} }, (_, i) => ({ key: 'k' + (i % 13), ts: batch, type: 'tick', version: 1, payload: new Uint8Array(250) }))
      await log.append('md.wide', records)
      process.stdout.write(batch + '\\n')
    }`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
    cwd: join(import.meta.dirname, '../..'),
  })
  let acknowledged = -1
  for await (const line of createInterface({ input: child.stdout })) {
    acknowledged = Number(line)
    if (acknowledged >= 200 && !child.killed) child.kill('SIGKILL')
  }
  expect(acknowledged).toBeGreaterThanOrEqual(200)
  const log = open(folder)
  const heads = await log.heads('md.wide')
  const perBatch = new Map<number, number>()
  for (const [partition, head] of heads.entries()) {
    const records = await log.range('md.wide', partition, { offset: 0 }, head + 10)
    expect(records.map(({ offset }) => offset)).toEqual(Array.from({ length: head }, (_, i) => i))
    for (const { ts } of records) perBatch.set(ts, (perBatch.get(ts) ?? 0) + 1)
  }
  expect(perBatch.size).toBeGreaterThan(acknowledged)
  expect([...perBatch.keys()].toSorted((a, b) => a - b)).toEqual(Array.from({ length: perBatch.size }, (_, i) => i))
  expect(new Set(perBatch.values())).toEqual(new Set([size]))
  const [next] = await log.append('md.wide', [record('k0', 1)])
  expect(next!.offset).toBe(heads[next!.partition])
  await log.close()
})
