import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { frameOf } from '#core/frame.ts'
import { batchRows } from '../../../tests/engine-host/batch-rows.ts'
import { ending, engineContract } from '../../../tests/engine-host/engine-contract.ts'
import { runChild } from '../../../tests/engine-host/run-child.ts'
import { openEngine } from './open-engine.ts'

const folder = mkdtempSync(join(tmpdir(), 'fupan-hosted-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const place = (name: string) => ({ directory: join(folder, name), socket: join(folder, `${name}.sock`) })
const open = (name: string) => openEngine({ ...place(name), threadPoolSize: 16 })

/** The process that has a directory or had it when it was killed, by the engine's own record. */
function ownerOf(name: string): number | undefined {
  const status = join(folder, name, 'status')
  return existsSync(status) ? Number(/PID: (\d+)/.exec(readFileSync(status, 'utf8'))![1]) : undefined
}

function lives(pid: number | undefined): boolean {
  try {
    return pid !== undefined && process.kill(pid, 0)
  } catch {
    return false
  }
}

engineContract('embedded', () => open('contract'), 'hosted')

test('an engine in a process of its own that is killed fails what runs in words, keeps what it had, and is started anew by the next statement', async () => {
  const engine = await open('crash')
  await engine.exec('create table fupan.kept (k UInt32) engine = MergeTree order by k')
  await engine.insert('fupan.kept', frameOf({ k: Uint32Array.of(1, 2, 3) }))
  const first = ownerOf('crash')
  expect(first).not.toBe(process.pid)
  const slow = ending(engine.rows('select sum(cityHash64(number)) as s from numbers(200000000000)'))
  const streamed = ending(Array.fromAsync(engine.frames('select number from numbers(200000000000)')))
  setTimeout(() => process.kill(first!, 'SIGKILL'), 300)
  for (const end of await Promise.all([slow, streamed]))
    expect(end).toMatchObject({ kind: 'unavailable', message: expect.stringContaining('Run the same command again') })
  expect(await Promise.all([1, 2].map(() => engine.rows('select sum(k) as s from fupan.kept')))).toEqual([[{ s: 6 }], [{ s: 6 }]])
  const second = ownerOf('crash')
  expect(second).not.toBe(first)
  await engine.close()
  await engine.close()
  expect(lives(second)).toBe(false)
  expect(await ending(engine.rows('select 1'))).toMatchObject({ kind: 'unavailable', message: expect.stringContaining('the engine is closed') })
})

test('it refuses a directory another process has, and a socket that cannot be, in words', async () => {
  expect(await ending(openEngine({ directory: join(folder, 'contract'), socket: join(folder, 'other.sock'), threadPoolSize: 16 }))).toMatchObject({
    kind: 'locked',
    message: expect.stringContaining(`process ${ownerOf('contract')} has it`),
  })
  const socket = join(folder, `${'x'.repeat(120)}.sock`)
  expect(await ending(openEngine({ directory: join(folder, 'long'), socket, threadPoolSize: 16 }))).toMatchObject({
    message: expect.stringContaining('Cannot open the engine in a process of its own'),
  })
  expect(existsSync(socket)).toBe(false)
})

test.for([
  ['close', 0, ''],
  ['exit', 7, ''],
  ['throw', 1, 'Error: a bug while statements run'],
] as const)('it ends with the program that started it, within seconds while statements run (%s)', async ([how, expected, told]) => {
  const { directory, socket } = place(`exit-${how}`)
  const at = performance.now()
  const { code, signal, out, err } = await runChild('busy-exit', [directory, how, socket])
  expect({ code, signal }).toEqual({ code: expected, signal: null })
  expect(out).toBe(how === 'close' ? 'leaving\ncancelled,cancelled,cancelled,cancelled\n[{"again":1}]\n' : 'leaving\n')
  expect(err).toContain(told)
  expect(performance.now() - at).toBeLessThan(15_000)
  await expect.poll(() => lives(ownerOf(`exit-${how}`)), { timeout: 5000 }).toBe(false)
})

test('a program killed in an insert loop leaves every acknowledged batch, no partial one, and a directory the next one gets', { timeout: 60_000 }, async () => {
  const { directory, socket } = place('killed')
  const acknowledged = new Set<number>()
  for (let round = 0; round < 4; round++) {
    const wanted = 3 + 4 * round
    const { signal, out } = await runChild('insert-loop', [directory, String(round * 1000), socket], (text) => text.split('\n').length > wanted)
    expect(signal).toBe('SIGKILL')
    for (const line of out.split('\n').slice(0, -1)) acknowledged.add(Number(line))
  }
  expect(acknowledged.size).toBeGreaterThan(30)
  const engine = await open('killed')
  const rows = await engine.rows<{ batch: number; n: number }>('select batch, count() as n from fupan.batches group by batch')
  expect(rows.filter(({ n }) => n !== batchRows)).toEqual([])
  expect([...acknowledged].filter((batch) => !rows.some((row) => row.batch === batch))).toEqual([])
  await engine.close()
})
