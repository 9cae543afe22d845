import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { openLedger, type LedgerOptions } from './ledger.ts'
import { HandClock } from './test-ledger.ts'

/**
 * ods --> dwd --> dws (two days back), 30 days in steps of 4, on a real ledger. Printed as text, because it also runs in a child process.
 * `say` is called when a step begins; a step is recorded in one transaction, as the warehouse does.
 */
const night = `
  const days = Array.from({ length: 30 }, (_, i) => 20260101 + i)
  const graph = graphOf([
    { name: 'ods', needs: [], definition: 'v1', given: true },
    { name: 'dwd', needs: [{ name: 'ods', lookback: 0 }], definition: 'v1' },
    { name: 'dws', needs: [{ name: 'dwd', lookback: 2 }], definition: 'v1' },
  ])
  if (ledger.partitions.coverage().length === 0)
    ledger.partitions.record({ table: 'ods', version: ledger.nextVersion(), runId: 'import', days: days.map((date) => ({ date, rows: 1 })) })
  const ownership = ledger.acquireDirectory()
  const plan = planOf({ graph, days, targets: [], from: days[0], to: days.at(-1), cap: days.at(-1), stateOf: ledger.partitions.reader(), maxDays: () => 4 })
  const run = async ({ run, task, dates, fingerprints }) => {
    await say(task)
    const version = ledger.nextVersion()
    ledger.partitions.record({ table: task, version, runId: run, days: dates.map((date) => ({ date, rows: 7, fingerprint: fingerprints.get(date) })) })
    return { type: 'done', rows: 7 * dates.length, milliseconds: 1 }
  }
  const emit = (event) => ledger.runs.record(event)
  const report = await execute({ graph, plan, stateOf: ledger.partitions.reader(), run, emit, clock, rng: seededRng(1), limits: { total: 2 } })
  return { ownership, report, steps: plan.steps.length, left: planOf({ graph, days, targets: [], from: days[0], to: days.at(-1), cap: days.at(-1), stateOf: ledger.partitions.reader(), maxDays: () => 4 }).steps.length }
`

const src = (path: string): string => JSON.stringify(pathToFileURL(join(import.meta.dirname, '..', path)).href)
const imports = `
  const { openLedger } = await import(${src('ledger/ledger.ts')})
  const { graphOf } = await import(${src('dag/graph.ts')})
  const { planOf } = await import(${src('dag/plan.ts')})
  const { execute } = await import(${src('dag/execute.ts')})
  const { seededRng } = await import(${src('core/rng.ts')})
  const { hostname } = await import('node:os')
`

/** The same night here or there: a child process is killed when it begins its step number `killAt`; without that it runs to its end. */
async function runNight(directory: string, killAt: number): Promise<{ readonly steps: number; readonly result: string }> {
  const code = `${imports}
    const clock = { now: () => Date.now(), sleep: async () => {} }
    const ledger = openLedger({ directory: ${JSON.stringify(directory)}, clock, processId: process.pid, hostName: hostname() })
    const say = (task) => new Promise((resolve) => process.stdout.write('step ' + task + '\\n', () => setTimeout(resolve, 2)))
    const { ownership, report, steps, left } = await (async () => { ${night} })()
    console.log('end ' + JSON.stringify({ ownership: ownership.type, abandoned: ownership.abandonedRuns.length, state: report.state, steps, left }))
    ledger.close()`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', code], { stdio: ['ignore', 'pipe', 'inherit'] })
  const exit = once(child, 'exit')
  let steps = 0
  let result = ''
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('step') && ++steps === killAt) child.kill('SIGKILL')
    if (line.startsWith('end')) result = line.slice(4)
  }
  await exit
  return { steps, result }
}

test('a night killed again and again continues from what is fresh and closes each dead run', { timeout: 60_000 }, async () => {
  const directory = mkdtempSync(join(tmpdir(), 'fupan-resume-'))
  try {
    let begun = 0
    for (const killAt of [3, 5, 1]) {
      const { steps, result } = await runNight(directory, killAt)
      expect(result).toBe('')
      begun += steps
    }
    const { steps, result } = await runNight(directory, 0)
    expect(JSON.parse(result)).toMatchObject({ ownership: 'acquired', abandoned: 1, state: 'success', left: 0 })
    // 16 steps in all; what was in work at each of the three kills is begun twice, finished steps never.
    expect(begun + steps).toBeLessThanOrEqual(16 + 3 * 2)
    const options: LedgerOptions = { directory, clock: new HandClock(), processId: process.pid, hostName: hostname() }
    const ledger = openLedger(options)
    expect(ledger.partitions.coverage()).toMatchObject([
      { table: 'dwd', days: 30 },
      { table: 'dws', days: 30 },
      { table: 'ods', days: 30 },
    ])
    expect(ledger.runs.latest().map(({ status, err_code }) => [status, err_code])).toEqual([
      ['SUCCESS', null],
      ...Array.from({ length: 3 }, () => ['FAILED', 'ABANDONED']),
    ])
    ledger.close()
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
})
