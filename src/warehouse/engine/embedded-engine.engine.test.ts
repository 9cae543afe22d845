import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { batchRows } from '../../../tests/engine-host/batch-rows.ts'
import { ending, engineContract } from '../../../tests/engine-host/engine-contract.ts'
import { runChild } from '../../../tests/engine-host/run-child.ts'
import { openEmbeddedEngine } from './embedded-engine.ts'
import { openEngine } from './open-engine.ts'

const folder = mkdtempSync(join(tmpdir(), 'fupan-embedded-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

engineContract('embedded', () => openEngine({ directory: join(folder, 'contract'), threadPoolSize: 16 }))

test('embedded engine is refused to a second process on its directory, in words', async () => {
  const directory = join(folder, 'contract')
  const { code, err } = await runChild('insert-loop', [directory, '0'])
  expect(code).toBe(1)
  expect(err).toContain('EngineError')
  expect(err).toContain(`one process owns a directory, process ${process.pid} has it`)
})

test('embedded engine is refused a second directory in one process, and a thread pool that is too small', async () => {
  expect(await ending(openEmbeddedEngine({ directory: join(folder, 'second') }))).toMatchObject({
    kind: 'locked',
    message: expect.stringContaining('this process has'),
  })
  expect(existsSync(join(folder, 'second'))).toBe(false)
  expect(await ending(openEngine({ directory: join(folder, 'second'), threadPoolSize: 11 }))).toMatchObject({
    kind: 'ConfigError',
    message: expect.stringContaining('UV_THREADPOOL_SIZE=12'),
  })
})

test.for([
  ['close', 0, ''],
  ['exit', 7, ''],
  ['throw', 1, 'Error: a bug while statements run'],
] as const)(
  'embedded engine lets the process end within seconds while statements run, and another directory be opened after close (%s)',
  async ([how, expected, told]) => {
    const at = performance.now()
    const { code, signal, out, err } = await runChild('busy-exit', [join(folder, `exit-${how}`), how])
    expect({ code, signal }).toEqual({ code: expected, signal: null })
    expect(err.split('\n')[0]).toBe(told)
    expect(out).toBe(how === 'close' ? 'leaving\ncancelled,cancelled,cancelled,cancelled\n[{"again":1}]\n' : 'leaving\n')
    expect(performance.now() - at).toBeLessThan(15_000)
  },
)

test('embedded engine killed in an insert loop keeps every acknowledged batch, no partial one, and opens again', { timeout: 120_000 }, async () => {
  const directory = join(folder, 'killed')
  const acknowledged = new Set<number>()
  for (let round = 0; round < 5; round++) {
    const first = round * 1000
    const wanted = 3 + 4 * round
    const { signal, out } = await runChild('insert-loop', [directory, String(first)], (text) => text.split('\n').length > wanted)
    expect(signal).toBe('SIGKILL')
    for (const line of out.split('\n').slice(0, -1)) acknowledged.add(Number(line))
  }
  expect(acknowledged.size).toBeGreaterThan(50)
  const script = `import { openEmbeddedEngine } from '#warehouse/engine/embedded-engine.ts'
    const engine = await openEmbeddedEngine({ directory: process.argv[1] })
    const rows = await engine.rows('select batch, count() as n from fupan.batches group by batch')
    const [check] = await engine.rows('check table fupan.batches', { settings: { check_query_single_value_result: 1 } })
    process.stdout.write(JSON.stringify({ rows, check }))
    await engine.close()`
  const reader = spawn(process.execPath, ['--input-type=module-typescript', '-e', script, directory], { cwd: join(import.meta.dirname, '../../..') })
  let out = ''
  for await (const piece of reader.stdout) out += String(piece)
  const { rows, check } = JSON.parse(out) as { rows: { batch: number; n: number }[]; check: { result: number } }
  expect(rows.filter(({ n }) => n !== batchRows)).toEqual([])
  expect([...acknowledged].filter((batch) => !rows.some((row) => row.batch === batch))).toEqual([])
  expect(check.result).toBe(1)
})

test('embedded engine streams 30 M rows in bounded memory', { timeout: 120_000 }, async () => {
  const { code, out, err } = await runChild('big-stream', [join(folder, 'stream')])
  expect({ code, err }).toEqual({ code: 0, err: '' })
  const { rows, sum, codes, growthMb } = JSON.parse(out) as { rows: number; sum: number; codes: number; growthMb: number }
  expect(rows).toBe(30_000_000)
  expect(sum).toBeCloseTo((30_000_000 * 29_999_999) / 2, -3)
  expect(codes).toBeGreaterThanOrEqual(6000)
  // 30 M rows are 1 GB as columns.
  expect(growthMb).toBeLessThan(450)
})

test('embedded engine takes away what a killed process left in its spool', async () => {
  const directory = join(folder, 'spool')
  mkdirSync(join(directory, 'fupan-spool'), { recursive: true })
  writeFileSync(join(directory, 'fupan-spool', 'left-over'), 'x')
  const { code, out } = await runChild('busy-exit', [directory, 'close'])
  expect({ code, out }).toMatchObject({ code: 0 })
  expect(readdirSync(join(directory, 'fupan-spool'))).toEqual([])
})
