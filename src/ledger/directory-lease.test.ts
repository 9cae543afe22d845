import { expect, test } from 'vitest'
import { LeaseLostError } from './database.ts'
import type { Ledger, Ownership } from './ledger.ts'
import { TestLedger, fakeProcesses } from './test-ledger.ts'

function acquired(ledger: Ledger): Extract<Ownership, { type: 'acquired' }> {
  const ownership = ledger.acquireDirectory()
  if (ownership.type !== 'acquired') throw new Error(`held by ${ownership.by.pid}`)
  return ownership
}

test('acquireDirectory() gives the directory to one process and tells the next who has it and how to reach it', () => {
  using desk = new TestLedger()
  const since = desk.clock.now()
  expect(desk.ledger.directoryHolder()).toBeUndefined()
  expect(acquired(desk.ledger).tookOver).toBeUndefined()
  desk.ledger.publishAddress({ socket: 'run/fupan.sock', port: 8710 })
  const by = { pid: 1, host: 'desk', since, heartbeatAt: since, unresponsive: false, socket: 'run/fupan.sock', port: 8710 }
  expect(desk.another(2).acquireDirectory()).toEqual({ type: 'held', by })
  expect(desk.another(1).acquireDirectory()).toEqual({ type: 'held', by })
})

test('acquireDirectory() after a clean end takes nothing over', () => {
  using desk = new TestLedger()
  acquired(desk.ledger)
  desk.ledger.close()
  expect(acquired(desk.another(2)).tookOver).toBeUndefined()
})

test('acquireDirectory() takes over from a process that is gone, at once and with its name', () => {
  using desk = new TestLedger()
  acquired(desk.ledger)
  desk.marks.delete(1)
  expect(acquired(desk.another(2)).tookOver).toMatchObject({ pid: 1, host: 'desk', unresponsive: false })
})

test('acquireDirectory() is not fooled by a new process with the old pid', () => {
  using desk = new TestLedger()
  acquired(desk.ledger)
  desk.marks.set(1, 'one, but later')
  expect(acquired(desk.another(2)).tookOver).toMatchObject({ pid: 1 })
})

test('acquireDirectory() does not rob a process that lives but sleeps', async () => {
  using desk = new TestLedger()
  acquired(desk.ledger)
  await desk.clock.tick(3_600_000)
  expect(desk.another(2).acquireDirectory()).toMatchObject({ type: 'held', by: { pid: 1, unresponsive: true } })
})

test('acquireDirectory() believes the lease, not the pid, of another machine', async () => {
  using desk = new TestLedger()
  acquired(desk.another(7, { hostName: 'server', processes: fakeProcesses('server', new Map([[7, 'seven']])) }))
  await desk.clock.tick(59_999)
  expect(desk.ledger.acquireDirectory().type).toBe('held')
  await desk.clock.tick(1)
  expect(acquired(desk.ledger).tookOver).toMatchObject({ pid: 7, host: 'server', unresponsive: true })
})

test('DirectoryLease.keepAlive() renews every 15 s and ends when released', async () => {
  using desk = new TestLedger()
  const { lease } = acquired(desk.ledger)
  const kept = lease.keepAlive()
  for (let i = 0; i < 10; i++) await desk.clock.tick(15_000)
  expect(desk.ledger.directoryHolder()).toMatchObject({ heartbeatAt: desk.clock.now(), unresponsive: false })
  lease.release()
  lease.release()
  expect(await kept).toBe('released')
})

test('DirectoryLease.keepAlive() ends as lost when another process took over, and nothing can be written any more', async () => {
  using desk = new TestLedger()
  const { lease } = acquired(desk.ledger)
  const kept = lease.keepAlive()
  desk.marks.delete(1)
  const other = desk.another(2)
  expect(acquired(other).lease.token).toBeGreaterThan(lease.token)
  await desk.clock.tick(15_000)
  expect(await kept).toBe('lost')
  expect(() => desk.ledger.nextVersion()).toThrow(LeaseLostError)
  expect(other.nextVersion()).toBe(1)
  lease.release()
  expect(other.directoryHolder()).toMatchObject({ pid: 2 })
})

test('acquireDirectory() closes the runs and shows the imports of a dead owner', () => {
  using desk = new TestLedger()
  acquired(desk.ledger)
  const { runs, imports } = desk.ledger
  const file = { size: 1, mtime: 2, sha256: 'aa' }
  runs.record({
    type: 'run-started',
    run: 'r1',
    at: 5,
    tasks: [{ task: 'dwd_daily', from: 20260105 as never, to: 20260105 as never, days: 1, why: 'missing' }],
  })
  runs.record({ type: 'task-started', run: 'r1', at: 6, task: 'dwd_daily' })
  runs.record({ type: 'run-started', run: 'r0', at: 1, tasks: [] })
  runs.record({ type: 'run-ended', run: 'r0', at: 2, state: 'success' })
  imports.begin({ batchId: 'b1', path: 'a.csv', kind: 'k', file, version: 1 })
  desk.marks.delete(1)
  const next = desk.another(2)
  expect(acquired(next)).toMatchObject({ abandonedRuns: ['r1'], unfinishedImports: [{ batchId: 'b1', state: 'staging' }] })
  expect(next.runs.read('r1')).toMatchObject({ run: { status: 'FAILED', err_code: 'ABANDONED' }, tasks: [{ status: 'FAILED', err_code: 'ABANDONED' }] })
  expect(next.runs.events('r1').at(-1)!.event).toMatchObject({ type: 'run-ended', state: 'abandoned' })
  expect(next.runs.read('r0')!.run.status).toBe('SUCCESS')
})
