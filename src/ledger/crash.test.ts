import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openLedger, type Ledger } from './ledger.ts'
import { D, HandClock } from './test-ledger.ts'

let directory = ''
const children: ChildProcess[] = []
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'fupan-crash-'))
})
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  rmSync(directory, { recursive: true, force: true })
})

/** A process of its own that opens the ledger and runs `script`; its lines are what it says. */
function child(script: string): { readonly process: ChildProcess; readonly lines: AsyncIterator<string> } {
  const ledger = pathToFileURL(join(import.meta.dirname, 'ledger.ts')).href
  const code = `
    import { openLedger } from ${JSON.stringify(ledger)}
    import { hostname } from 'node:os'
    const clock = { now: () => Date.now(), sleep: () => new Promise(() => {}) }
    const say = (text) => process.stdout.write(text + '\\n')
    const ledger = openLedger({ directory: ${JSON.stringify(directory)}, clock, processId: process.pid, hostName: hostname() })
    ${script}`
  const spawned = spawn(process.execPath, ['--input-type=module', '--eval', code], { stdio: ['pipe', 'pipe', 'inherit'] })
  children.push(spawned)
  return { process: spawned, lines: createInterface({ input: spawned.stdout })[Symbol.asyncIterator]() }
}

const next = async (lines: AsyncIterator<string>): Promise<string> => String((await lines.next()).value)

async function kill(victim: ChildProcess): Promise<void> {
  victim.kill('SIGKILL')
  await once(victim, 'exit')
}

function openHere(): Ledger {
  return openLedger({ directory, clock: new HandClock(), processId: process.pid, hostName: hostname() })
}

test('kill -9 leaves everything that was committed and nothing half done', async () => {
  const writer = child(`
    for (let version = 1; ; version++) {
      ledger.transaction(() => {
        ledger.partitions.record({ table: 'a', version, runId: 'r', days: [{ date: 20260105, rows: version }] })
        ledger.opportunities.append([{ oppId: 'o', seq: version, ts: version, date: 20260105, type: 'update', payload: '{}', run: 'live', channelSeq: version }])
        ledger.partitions.record({ table: 'b', version, runId: 'r', days: [{ date: 20260105, rows: version }] })
      })
      say(String(version))
    }`)
  let said = 0
  while (said < 200) said = Number(await next(writer.lines))
  await kill(writer.process)
  const ledger = openHere()
  const versionOf = (table: string): number => ledger.partitions.maxVersion(table, D(20260105), D(20260105))
  expect(versionOf('a')).toBeGreaterThanOrEqual(said)
  expect(versionOf('b')).toBe(versionOf('a'))
  expect(ledger.opportunities.lastChannelSeq('live')).toBe(versionOf('a'))
  expect(ledger.opportunities.of('o')).toHaveLength(versionOf('a'))
  ledger.close()
})

test('kill -9 of the owner lets the next process take over at once and close its runs', async () => {
  const owner = child(`
    ledger.acquireDirectory()
    ledger.publishAddress({ port: 8710 })
    ledger.runs.record({ type: 'run-started', run: 'r1', at: Date.now(), tasks: [] })
    ledger.imports.begin({ batchId: 'b1', path: 'a.csv', kind: 'k', file: { size: 1, mtime: 1, sha256: 'x' }, version: ledger.nextVersion() })
    ledger.imports.publish('b1')
    say('ready')
    setInterval(() => {}, 1000)`)
  expect(await next(owner.lines)).toBe('ready')
  const ledger = openHere()
  expect(ledger.acquireDirectory()).toMatchObject({ type: 'held', by: { pid: owner.process.pid, port: 8710 } })
  await kill(owner.process)
  expect(ledger.acquireDirectory()).toMatchObject({
    type: 'acquired',
    tookOver: { pid: owner.process.pid },
    abandonedRuns: ['r1'],
    unfinishedImports: [{ batchId: 'b1', state: 'publishing' }],
  })
  expect(ledger.runs.latest()).toMatchObject([{ run_id: 'r1', status: 'FAILED', err_code: 'ABANDONED' }])
  expect(ledger.nextVersion()).toBe(2)
  ledger.close()
})

test('of processes that contend for the directory exactly one wins and the others know it', async () => {
  const contender = `
    say('open')
    process.stdin.once('data', () => {
      const ownership = ledger.acquireDirectory()
      say(ownership.type + ' ' + (ownership.by?.pid ?? process.pid))
      if (ownership.type === 'held') ledger.close()
    })`
  const contenders = [child(contender), child(contender), child(contender)]
  for (const { lines } of contenders) expect(await next(lines)).toBe('open')
  for (const { process } of contenders) process.stdin!.write('go\n')
  const said = await Promise.all(contenders.map(async ({ lines }) => (await next(lines)).split(' ')))
  expect(said.filter(([type]) => type === 'acquired')).toHaveLength(1)
  expect(new Set(said.map(([, pid]) => pid)).size).toBe(1)
})

test('processes that write at the same time wait for each other, and no version is given twice', async () => {
  const writer = `
    const versions = []
    for (let i = 0; i < 150; i++) {
      versions.push(ledger.nextVersion())
      ledger.partitions.record({ table: 't', version: versions.at(-1), runId: 'r', days: [{ date: 20260105, rows: i, digest: String(i) }] })
    }
    say(JSON.stringify(versions))
    ledger.close()`
  const said = await Promise.all([child(writer), child(writer), child(writer)].map(async ({ lines }) => JSON.parse(await next(lines)) as number[]))
  expect(new Set(said.flat()).size).toBe(450)
  expect(Math.max(...said.flat())).toBe(450)
})
