import { expect, test } from 'vitest'
import type { RunEvent } from '#core/run-event.ts'
import { D, TestLedger } from './test-ledger.ts'

const tasks = ['dwd_daily', 'dws_score', 'strategy_candidates', 'export'].map((task) => ({ task, from: D(20260105), to: D(20260106), days: 2, why: 'missing' }))
const story: readonly RunEvent[] = [
  { type: 'run-started', run: 'r1', at: 1000, tasks },
  { type: 'task-started', run: 'r1', at: 1001, task: 'dwd_daily' },
  { type: 'task-progress', run: 'r1', at: 1500, task: 'dwd_daily', done: 1, total: 2, unit: 'days' },
  { type: 'task-retrying', run: 'r1', at: 1600, task: 'dwd_daily', attempt: 2, delayMs: 5, because: 'timed-out: slow' },
  { type: 'run-progress', run: 'r1', at: 2000, done: 2, total: 8, remainingMs: 100 },
  { type: 'task-ended', run: 'r1', at: 2001, task: 'dwd_daily', outcome: { type: 'done', rows: 70, milliseconds: 1000.4 } },
  { type: 'task-started', run: 'r1', at: 2002, task: 'dws_score' },
  {
    type: 'task-ended',
    run: 'r1',
    at: 2003,
    task: 'dws_score',
    outcome: { type: 'failed', reason: 'audit-failed', detail: 'two rows per key.', nextStep: 'Look.' },
  },
  { type: 'task-ended', run: 'r1', at: 2003, task: 'strategy_candidates', outcome: { type: 'skipped', because: 'upstream dws_score failed' } },
  { type: 'task-ended', run: 'r1', at: 2003, task: 'export', outcome: { type: 'skipped', because: 'unchanged' } },
  { type: 'task-ended', run: 'r1', at: 2004, task: 'dwd_margin', outcome: { type: 'not-ready', missing: 'ods_margin', nextStep: 'Wait.' } },
  { type: 'run-ended', run: 'r1', at: 2005, state: 'failed' },
]

test('RunLog.record() keeps every event as it was and folds them into the promised columns', () => {
  using desk = new TestLedger()
  const { runs } = desk.ledger
  for (const event of story) runs.record(event)
  runs.describe('r1', { mode: 'incremental', lenient: true, pipeline: 'daily_cn', args: { to: 20260106 } })
  expect(runs.events('r1').map(({ event }) => event)).toEqual(story)
  expect(runs.events('r1', runs.events('r1')[9]!.seq)).toHaveLength(2)
  const { run, tasks } = runs.read('r1')!
  expect(run).toMatchObject({
    status: 'FAILED',
    start_date: 20260105,
    end_date: 20260106,
    started_at: 1000,
    ended_at: 2005,
    duration_ms: 1005,
    rows_written: 70,
    retries: 1,
    host: 'desk',
    pid: 1,
    mode: 'incremental',
    lenient: 1,
    args_json: '{"to":20260106}',
  })
  expect(tasks.map((task) => [task.job_name, task.layer, task.status, task.err_code, task.rows_written])).toEqual([
    ['dwd_daily', 'DWD', 'SUCCESS', null, 70],
    ['dws_score', 'DWS', 'FAILED', 'AUDIT_FAILED', null],
    ['strategy_candidates', 'ADS', 'CANCELLED', 'UPSTREAM_FAILED', null],
    ['export', 'MAINT', 'SUCCESS', 'UNCHANGED', null],
    ['dwd_margin', 'DWD', 'PARTIAL', 'NOT_READY', null],
  ])
  expect(tasks[0]).toMatchObject({ retries: 1, duration_ms: 1000, started_at: 1001, ended_at: 2001 })
  expect(tasks[1]!.err_msg).toBe('two rows per key. Look.')
})

test('RunLog.latest() lists runs newest first, without their tasks', () => {
  using desk = new TestLedger()
  for (const [i, run] of ['a', 'b', 'c'].entries()) desk.ledger.runs.record({ type: 'run-started', run, at: 100 + i, tasks })
  expect(desk.ledger.runs.latest(2).map(({ run_id }) => run_id)).toEqual(['c', 'b'])
})

test('RunLog.msPerDay() is the median of the last 20 successful builds', () => {
  using desk = new TestLedger()
  const { runs } = desk.ledger
  expect(runs.msPerDay('dwd_daily')).toBeUndefined()
  const build = (run: number, milliseconds: number): void => {
    runs.record({ type: 'run-started', run: `r${run}`, at: run, tasks: [tasks[0]!] })
    runs.record({ type: 'task-started', run: `r${run}`, at: run, task: 'dwd_daily' })
    runs.record({ type: 'task-ended', run: `r${run}`, at: run, task: 'dwd_daily', outcome: { type: 'done', rows: 1, milliseconds } })
  }
  for (let run = 0; run < 10; run++) build(run, 1_000_000)
  for (let run = 10; run < 29; run++) build(run, 100 + run)
  build(29, 9_000)
  expect(runs.msPerDay('dwd_daily')).toBe((119 + 120) / 2 / 2)
})
