import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { UsageError } from '#core/errors.ts'
import { openApp, type App } from './app.ts'
import { readConfig } from './config.ts'
import { createLog } from './log.ts'
import { systemClock } from './system-clock.ts'
import { backtestVerb } from './verbs/backtest.ts'
import { run } from './verbs/run.ts'
import type { VerbContext, VerbEvent } from './verb.ts'

/* The whole way on a small simulated market: build, backtest, ledger, files. */

interface RunData {
  readonly runId: string
  readonly verdict: string
  readonly days: number
  readonly trades: number
  readonly bias?: { readonly trials: number }
  readonly controls: readonly { readonly name: string; readonly verdict: string; readonly value: number }[]
  readonly artifacts: Readonly<Record<string, string>>
}

const directory = mkdtempSync(join(tmpdir(), 'fupan-backtest-'))
let app: App
const events: VerbEvent[] = []
const context = (signal = new AbortController().signal): VerbContext => ({ emit: (event) => events.push(event), signal, folder: directory })

beforeAll(async () => {
  const config = readConfig({ dataDirectory: directory, port: 0 }, { UV_THREADPOOL_SIZE: '16' })
  const opened = await openApp({ config, world: 'sim', clock: systemClock, log: createLog({ level: 'silent' }), simulated: { size: 30, days: 130 } })
  if (opened.type === 'held') throw new Error('Cannot test: a fresh directory is held')
  app = opened.app
  const { exitCode } = await run.run(app, run.args.parse({ all: true }), context())
  expect(exitCode).toBe(0)
}, 120_000)

afterAll(async () => {
  await app.close()
  rmSync(directory, { recursive: true, force: true })
})

const backtest = async (args: object) =>
  (await backtestVerb.run(app, backtestVerb.args.parse({ action: 'run', controls: 'quick', ...args }), context())).data as RunData

test('backtest keeps the run, its report in three forms and every trial, and the same words give the same run', async () => {
  const first = await backtest({ strategy: 'moving_average_cross', scan: { fast: [3, 5], slow: [10, 20] } })
  expect(first.trades).toBeGreaterThan(3)
  expect(first.bias!.trials).toBe(5)
  for (const path of Object.values(first.artifacts)) expect(existsSync(path)).toBe(true)
  const html = readFileSync(first.artifacts['report.html']!, 'utf8')
  expect(html).toContain('Simulated data')
  expect(html).not.toMatch(/<(?:script|link|img)\b|https?:\/\//)
  const kept = app.ledger.backtests.read(first.runId)!
  expect(kept).toMatchObject({ status: 'done', verdict: first.verdict, params: { fast: 10, slow: 30 } })
  const equity = app.ledger.backtests.equity(first.runId)
  const again = await backtest({ strategy: 'moving_average_cross', scan: { fast: [3, 5], slow: [10, 20] } })
  expect(again.runId).toBe(first.runId)
  expect(app.ledger.backtests.equity(first.runId)).toEqual(equity)
  expect(events.some((event) => event.type === 'progress' && event.what === 'scan')).toBe(true)
})

test('backtest of the tape-reading strategy sees nothing ahead: no decision changes when the future is taken away or replaced', async () => {
  const { trades, controls } = await backtest({ strategy: 'bollinger_microstructure', grade: 'NONE', scan: {} })
  expect(trades).toBeGreaterThan(5)
  const verdicts = new Map(controls.map(({ name, verdict, value }) => [name, { verdict, value }]))
  expect(verdicts.get('prefix_consistency')).toEqual({ verdict: 'pass', value: 0 })
  expect(verdicts.get('future_noise')).toEqual({ verdict: 'pass', value: 0 })
  for (const name of ['random_levels', 'random_entries', 'no_level', 'price_only_levels', 'no_fund_quality', 'lagged_features', 'double_costs'])
    expect(verdicts.get(name)!.verdict, name).not.toBe('unknown')
})

test('backtest counts what was tried before against what is tried now', async () => {
  const before = await backtest({ strategy: 'moving_average_cross', controls: 'none', scan: { fast: [4] } })
  const after = await backtest({ strategy: 'moving_average_cross', controls: 'none', scan: { fast: [6] } })
  expect(after.bias!.trials).toBeGreaterThan(before.bias!.trials)
})

test('backtest says what it cannot do, and a run that was stopped is kept as stopped', async () => {
  await expect(backtest({ strategy: 'moving_average' })).rejects.toThrow(UsageError)
  await expect(backtest({ strategy: 'moving_average_cross', scan: { speed: [1] } })).rejects.toThrow(/no such setting/)
  await expect(backtest({ strategy: 'moving_average_cross', from: 20100104, to: 20100105 })).rejects.toThrow(/reaches from/)
  const stopped = AbortSignal.abort(new Error('stopped by the user'))
  const args = backtestVerb.args.parse({ action: 'run', strategy: 'moving_average_cross', set: { fast: 7 } })
  await expect(backtestVerb.run(app, args, context(stopped))).rejects.toThrow()
  expect(app.ledger.backtests.list().every(({ status }) => status !== 'running')).toBe(true)
})

test('a backtest of a few days runs, and says of the checks that need more that they were not run', async () => {
  const last = app.calendar.lastCompleted(app.clock.now())
  const { days, controls } = await backtest({ strategy: 'moving_average_cross', scan: {}, from: app.calendar.shift(last, -4), to: last })
  expect(days).toBe(5)
  expect(controls.find(({ name }) => name === 'prefix_consistency')!.verdict).toBe('unknown')
})

test('compare puts runs side by side', async () => {
  const runs = app.ledger.backtests.list().filter(({ status, from }) => status === 'done' && from === app.simulatedFrom)
  const { data } = await backtestVerb.run(app, backtestVerb.args.parse({ action: 'compare', runs: runs.slice(0, 2).map(({ runId }) => runId) }), context())
  expect(data).toMatchObject({ action: 'compare', pairs: [{ a: runs[0]!.runId, b: runs[1]!.runId }] })
})
