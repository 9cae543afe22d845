import { expect, test } from 'vitest'
import type { TradeDate } from '#core/trade-date.ts'
import type { TaskNode } from './graph.ts'
import { Rig, failed, task } from './test-rig.ts'

const DAY = 20260105
const given = (name: string): TaskNode => task(name, [], { given: true })

/** One day, every given node there. */
function oneDay(...nodes: readonly TaskNode[]): Rig {
  const rig = new Rig(nodes, [DAY])
  for (const { name } of nodes.filter((node) => node.given)) rig.states.arrive(name, DAY)
  return rig
}

test('execute() starts a task when all its inputs are done', async () => {
  // ods --> a --> c
  // ods --> b --> c
  const rig = oneDay(given('ods'), task('a', ['ods']), task('b', ['ods']), task('c', ['a', 'b']))
  const { report } = await rig.start()
  expect(rig.running).toEqual(['a', 'b'])
  await rig.end('b')
  expect(rig.running).toEqual(['a'])
  await rig.end('a')
  expect(rig.running).toEqual(['c'])
  await rig.end('c')
  expect(await report).toMatchObject({ state: 'success', exitCode: 0, bugs: [] })
  expect(rig.plan().steps).toEqual([])
})

test('execute() stops only what needs the failed task, and says which', async () => {
  // ods --> a* --> b --> c
  // ods --> d --> e,  a* ..soft..> f,  a* ..order..> g
  const soft = { name: 'a', lookback: 0, strength: 'soft' as const }
  const order = { name: 'a', lookback: 0, strength: 'order' as const }
  const rig = oneDay(
    given('ods'),
    task('a', ['ods']),
    task('b', ['a']),
    task('c', ['b']),
    task('d', ['ods']),
    task('e', ['d']),
    task('f', ['ods', soft]),
    task('g', ['ods', order]),
  )
  const { report } = await rig.start()
  expect(rig.running).toEqual(['a', 'd'])
  await rig.end('a', failed('audit-failed'))
  expect(rig.running).toEqual(['d', 'f', 'g'])
  for (const name of ['d', 'e', 'f', 'g']) await rig.end(name)
  const { state, outcomes, exitCode } = await report
  const because = `upstream a ${DAY} failed: audit-failed`
  expect([...outcomes].map(([name, { type }]) => `${name} ${type}`)).toEqual(['a failed', 'b skipped', 'c skipped', 'd done', 'e done', 'f done', 'g done'])
  expect([outcomes.get('b'), outcomes.get('c')]).toEqual([
    { type: 'skipped', because },
    { type: 'skipped', because },
  ])
  expect([state, exitCode]).toEqual(['failed', 65])
})

test('execute() calls a run degraded when only optional tasks failed or data are not ready', async () => {
  const rig = oneDay(given('ods'), task('a', ['ods'], { optional: true }), task('b', ['ods']))
  const { report } = await rig.start()
  await rig.end('a', failed('bad-payload'))
  await rig.end('b', { type: 'not-ready', missing: 'margin of 20260105', nextStep: 'wait' })
  expect(await report).toMatchObject({ state: 'degraded', exitCode: 65 })
})

test('execute() leaves out what turned out unchanged, day by day', async () => {
  // ods --> a --> b
  const days = [20260105, 20260106, 20260107, 20260108]
  const rig = new Rig([given('ods'), task('a', ['ods']), task('b', ['a'])], days)
  rig.states.arrive('ods', ...days)
  const first = await rig.start()
  await rig.end('a')
  await rig.end('b')
  await first.report
  rig.states.arrive('ods', 20260106, 20260107, 20260108)
  const second = await rig.start()
  rig.states.record(rig.requestOf('a'), (date) => date !== 20260107)
  await rig.end('a', { type: 'done', rows: 3, milliseconds: 5 })
  expect(rig.requestOf('b').dates).toEqual([20260107])
  await rig.end('b')
  expect((await second.report).state).toBe('success')
  rig.states.arrive('ods', 20260108)
  const third = await rig.start()
  await rig.end('a', 'unchanged')
  const { outcomes, state } = await third.report
  expect([outcomes.get('b'), state]).toEqual([{ type: 'skipped', because: 'unchanged' }, 'success'])
})

test('execute() repeats trouble of the moment with growing jittered delays, then gives up', async () => {
  const rig = oneDay(given('ods'), task('a', ['ods']))
  const { report } = await rig.start()
  for (const attempt of [1, 2, 3, 4]) {
    expect(rig.requestOf('a').attempt).toBe(attempt)
    await rig.end('a', failed('source-unavailable'))
    expect(rig.running).toEqual([])
    await rig.clock.advance(900_000 + 5_000)
  }
  const retries = rig.events.filter((event) => event.type === 'task-retrying')
  expect(retries.map(({ attempt }) => attempt)).toEqual([2, 3, 4])
  for (const [i, { delayMs }] of retries.entries()) {
    expect(delayMs).toBeGreaterThanOrEqual(5_000)
    expect(delayMs).toBeLessThanOrEqual(5_000 + 30_000 * 2 ** i)
  }
  expect(await report).toMatchObject({ state: 'failed', exitCode: 69, steps: [{ attempts: 4 }] })
})

test('execute() never repeats a failed audit, and waits as long as the server asked', async () => {
  const rig = oneDay(given('ods'), task('a', ['ods']), task('b', ['ods']))
  await rig.start()
  await rig.end('a', failed('audit-failed'))
  await rig.end('b', failed('rate-limited', { retryAfterMs: 300_000 }))
  await rig.clock.advance(299_999)
  expect(rig.running).toEqual([])
  await rig.clock.advance(1)
  expect(rig.running).toEqual(['b'])
})

test('execute() gives the place of a waiting retry to others', async () => {
  const rig = oneDay(given('ods'), task('a', ['ods']), task('b', ['ods']))
  await rig.start(rig.plan(), { limits: { total: 1 } })
  expect(rig.running).toEqual(['a'])
  await rig.end('a', failed('source-unavailable'))
  expect(rig.running).toEqual(['b'])
})

test('execute() keeps to its limits, in all and per pool', async () => {
  const names = ['p1', 'p2', 'p3', 'q1', 'q2', 'q3']
  const rig = oneDay(given('ods'), ...names.map((name) => task(name, ['ods'], name.startsWith('p') ? { pool: 'api' } : {})))
  await rig.start(rig.plan(), { limits: { total: 3, pools: { api: 1 } } })
  expect(rig.running).toEqual(['p1', 'q1', 'q2'])
  await rig.end('q1')
  expect(rig.running).toEqual(['p1', 'q2', 'q3'])
  await rig.end('p1')
  expect(rig.running).toEqual(['q2', 'q3', 'p2'])
})

test('execute() runs the steps of one task one after another, each after the steps it reads', async () => {
  const days = [20260105, 20260106, 20260107]
  const rig = new Rig([given('ods'), task('a', ['ods']), task('b', [{ name: 'a', lookback: 1 }])], days)
  rig.states.arrive('ods', ...days)
  const { report } = await rig.start(rig.plan({ maxDays: () => 1 }))
  const seen: string[] = []
  while (rig.running.length > 0) {
    seen.push(rig.running.map((name) => `${name}${rig.requestOf(name).from % 100}`).join('+'))
    await rig.end(rig.running[0]!)
  }
  expect(seen).toEqual(['a5', 'a6+b5', 'b5+a7', 'a7+b6', 'b6', 'b7'])
  expect((await report).state).toBe('success')
})

test('execute() shuts down on abort: what runs is asked to stop, the rest never starts', async () => {
  const rig = oneDay(given('ods'), task('a', ['ods']), task('b', ['a']))
  const { report } = await rig.start()
  const { signal } = rig.requestOf('a')
  rig.stop.abort()
  expect(signal.aborted).toBe(true)
  await rig.end('a', { type: 'cancelled' })
  const { state, outcomes, exitCode } = await report
  expect([state, exitCode, outcomes.get('b')]).toEqual(['cancelled', 130, { type: 'skipped', because: `upstream a ${DAY} was cancelled` }])
})

test('execute() lets work that was finished despite the abort count', async () => {
  const rig = oneDay(given('ods'), task('a', ['ods']))
  const { report } = await rig.start()
  rig.stop.abort()
  await rig.end('a')
  expect((await report).outcomes.get('a')!.type).toBe('done')
})

test('execute() stops waiting for a runner that ignores the abort', async () => {
  const rig = oneDay(given('ods'), task('a', ['ods']))
  const { report } = await rig.start()
  rig.stop.abort()
  await rig.clock.advance(30_000)
  expect((await report).state).toBe('cancelled')
})

test('execute() ends an attempt that takes too long, and repeats it when it stopped', async () => {
  const rig = oneDay(given('ods'), task('a', ['ods']))
  await rig.start(rig.plan(), { timeoutMsOf: () => 60_000 })
  const { signal } = rig.requestOf('a')
  await rig.clock.advance(59_999)
  expect(signal.aborted).toBe(false)
  await rig.clock.advance(1)
  expect(signal.aborted).toBe(true)
  await rig.end('a', { type: 'cancelled' })
  expect(rig.events.at(-1)).toMatchObject({ type: 'task-retrying', attempt: 2, because: 'timed-out: it took longer than 60 s' })
})

test('execute() never repeats an attempt that may still be writing, nor starts later steps of its task', async () => {
  const days = [20260105, 20260106]
  const rig = new Rig([given('ods'), task('a', ['ods'])], days)
  rig.states.arrive('ods', ...days)
  const { report } = await rig.start(rig.plan({ maxDays: () => 1 }), { timeoutMsOf: () => 60_000 })
  await rig.clock.advance(60_000 + 30_000)
  const { steps, exitCode } = await report
  expect(steps.map(({ outcome }) => outcome.type)).toEqual(['failed', 'skipped'])
  expect(steps[1]!.outcome).toMatchObject({ because: expect.stringContaining('may still be writing') })
  expect(exitCode).toBe(69)
})

test('execute() reports a throw as a bug, once repeated, without stopping other branches', async () => {
  const rig = oneDay(given('ods'), task('a', ['ods']), task('b', ['ods']), task('c', ['ods']))
  const { report } = await rig.start()
  await rig.end('a', new Error('socket hang up'))
  await rig.end('b', new RangeError('lengths differ'))
  await rig.end('c')
  await rig.clock.advance(60_000)
  await rig.end('a', new Error('socket hang up again'))
  const { bugs, exitCode, outcomes } = await report
  expect(bugs.map(({ task, error }) => [task, String(error)])).toEqual([
    ['b', 'RangeError: lengths differ'],
    ['a', 'Error: socket hang up again'],
  ])
  expect(exitCode).toBe(70)
  expect(outcomes.get('b')).toMatchObject({ type: 'failed', reason: 'engine-error', detail: 'RangeError: lengths differ' })
})

test('execute() tells its story in events that fold to the report', async () => {
  const days = [20260105, 20260106]
  const rig = new Rig([given('ods'), task('a', ['ods']), task('b', ['a'])], days)
  rig.states.arrive('ods', 20260105)
  const { report } = await rig.start(rig.plan(), { msPerDay: () => 60_000 })
  rig.requestOf('a').progress(5, 10, 'stocks')
  await rig.end('a')
  await rig.clock.advance(1_000)
  await rig.end('b')
  const { run } = await report
  expect(run).toMatch(/^20260105-160100000-[0-9a-f]{8}$/)
  expect(rig.events.map(({ type }) => type)).toEqual([
    'run-started',
    'task-started',
    'task-progress',
    'run-progress',
    'task-ended',
    'task-started',
    'run-progress',
    'task-ended',
    'run-ended',
  ])
  expect(rig.events[0]).toMatchObject({ tasks: [{ task: 'a', from: 20260105, to: 20260105, days: 1, why: 'missing' }, { task: 'b' }] })
  expect(rig.events[2]).toMatchObject({ done: 5, total: 10, unit: 'stocks' })
  expect(rig.events[3]).toMatchObject({ done: 1, total: 2, remainingMs: 60_000 })
  expect(rig.events.at(-1)).toMatchObject({ state: 'degraded' })
  expect((await report).exitCode).toBe(75)
})

test('execute() reports a task whose every day waits for data as not ready', async () => {
  const rig = new Rig([given('ods'), task('a', ['ods'])], [20260105, 20260106])
  rig.states.arrive('ods', 20260105)
  const { report } = await rig.start(rig.plan({ from: 20260106 as TradeDate }))
  const { outcomes, exitCode } = await report
  expect(outcomes.get('a')).toEqual({ type: 'not-ready', missing: 'ods', nextStep: 'Import or fetch ods for 20260106, then run again.' })
  expect(exitCode).toBe(75)
})
