import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { labelAt, labels, numbers } from '#core/frame.ts'
import { tradeDate } from '#core/trade-date.ts'
import { simulator } from '#sources/simulator.ts'
import { openApp, type App } from './app.ts'
import { readConfig } from './config.ts'
import { createLog } from './log.ts'
import { runVerb } from './run-verb.ts'
import { settingsOf, settleWorld } from './simulated-source.ts'
import { systemClock } from './system-clock.ts'
import type { VerbEvent } from './verb.ts'

const folder = mkdtempSync(join(tmpdir(), 'fupan-stress-'))
const events: VerbEvent[] = []
let app: App

beforeAll(async () => {
  const config = readConfig({ dataDirectory: folder, port: 0 }, { UV_THREADPOOL_SIZE: '16' })
  const opened = await openApp({ config, world: 'sim', clock: systemClock, log: createLog({ level: 'silent' }) })
  if (opened.type === 'held') throw new Error('the temporary folder is held')
  app = opened.app
})

afterAll(async () => {
  await app.close()
  rmSync(folder, { recursive: true, force: true })
})

const ask = (args: object) => runVerb(app, 'sim', args, { emit: (event) => events.push(event), signal: new AbortController().signal, folder })

interface Logged {
  readonly kind: string
  readonly entity: string
  readonly date: number
  readonly detail: { readonly dataset?: string }
}

const ARGS = { action: 'init', days: 70, size: 40, seed: 6 }

test.skipIf(!existsSync('/dev/full'))(
  'a full disk under the fault log ends the tables it was written for in words, and the next sim init finishes them',
  async () => {
    const path = join(app.folders.root, 'faults.jsonl')
    symlinkSync('/dev/full', path)
    try {
      expect((await ask({ ...ARGS, preset: 'stress' })).exitCode).not.toBe(0)
    } finally {
      rmSync(path)
    }
    const failed = events.splice(0).flatMap((event) => (event.type === 'task-ended' && event.outcome.type === 'failed' ? [event.outcome] : []))
    expect(failed.length).toBeGreaterThan(0)
    for (const { reason, detail, nextStep } of failed)
      expect([reason, detail, nextStep]).toEqual([
        'disk-full',
        expect.stringMatching(/^The disk of .* is full: ENOSPC/),
        'Free space in the data directory, then: fupan run',
      ])
  },
)

test('sim init --preset stress makes a stressed market through all its faults, and no other preset in the same folder', async () => {
  const made = await ask({ ...ARGS, preset: 'stress' })
  expect(made.exitCode).toBe(0)
  expect(made.data).toMatchObject({ preset: 'stress', seed: 6, size: 40, openDays: 70, isComplete: true })
  expect(JSON.parse(readFileSync(join(app.folders.root, 'world.json'), 'utf8'))).toMatchObject({ preset: 'stress' })
  await expect(ask(ARGS)).rejects.toThrow(/found seed 6, 40 stocks from \d+ on, preset stress/)
  await expect(ask({ ...ARGS, preset: 'hyper' })).rejects.toThrow(/preset/)
})

test('what a stressed market stores is what the simulator gives, but for rows its fault log names; what was refused is told', async () => {
  const path = join(app.folders.root, 'faults.jsonl')
  expect(existsSync(path)).toBe(true)
  const faults = readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Logged)
  expect(faults.length).toBeGreaterThan(50)
  expect(new Set(faults.map((fault) => JSON.stringify(fault))).size).toBe(faults.length)
  const hit = new Set(faults.flatMap(({ entity, date, detail }) => (detail.dataset === 'ods_daily' ? [`${date} ${entity}`] : [])))
  const world = settleWorld(app.folders.root, app.calendar, app.clock.now())
  const settings = settingsOf(world, app.calendar, app.calendar.lastCompleted(app.clock.now()))
  const truth = new Map<string, string>()
  for await (const { frame } of simulator(settings).fetch({ dataset: 'ods_daily', from: settings.dates[0]!, to: tradeDate(20991231) }))
    for (let row = 0; row < frame.length; row++)
      truth.set(
        `${numbers(frame, 'trade_date')[row]} ${labelAt(labels(frame, 'ts_code'), row)}`,
        ['open', 'high', 'low', 'close', 'vol'].map((name) => numbers(frame, name)[row]).join(' '),
      )
  const stored = await app.engine.rows<Record<string, string | number>>('select trade_date, ts_code, open, high, low, close, vol from fupan.ods_daily final')
  const found = new Map(
    stored.map((row) => [`${row['trade_date']} ${row['ts_code']}`, ['open', 'high', 'low', 'close', 'vol'].map((name) => row[name]).join(' ')]),
  )
  const differing = [...truth].filter(([key, text]) => found.get(key) !== text).map(([key]) => key)
  expect(differing.filter((key) => !hit.has(key))).toEqual([])
  expect(found.size).toBeGreaterThan(0.99 * truth.size)
  const messages = events.flatMap((event) => (event.type === 'message' ? [event.text] : []))
  expect(messages.some((message) => /rows of the source were not loaded/.test(message))).toBe(true)
})
