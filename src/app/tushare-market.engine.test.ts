import type { FastifyInstance } from 'fastify'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { aShareCalendar } from '#core/a-share-calendar.ts'
import type { Clock } from '#core/clock.ts'
import { labelAt, labels, numbers } from '#core/frame.ts'
import { clockTime, instantOf } from '#core/shanghai-time.ts'
import { tradeDate, type EpochMs } from '#core/trade-date.ts'
import type { Fault } from '#market/fault.ts'
import { faultPlan } from '#market/fault-plan.ts'
import { createWorld } from '#market/world.ts'
import { simulator } from '#sources/simulator.ts'
import { toldOnce } from '#vendor/fault-log.ts'
import { QuoteDesk } from '#vendor/quote-desk.ts'
import { createVendorServer } from '#vendor/vendor-server.ts'
import { openApp, type App } from './app.ts'
import { readConfig } from './config.ts'
import { fetchRaw, missingRaw } from './fetch-raw.ts'
import { createLog } from './log.ts'
import { marketSource } from './market-source.ts'
import { systemClock } from './system-clock.ts'
import type { VerbEvent } from './verb.ts'

const folder = mkdtempSync(join(tmpdir(), 'fupan-tushare-'))
const TOKEN = 'engine-test-token-4711'
const dates = aShareCalendar.dates(tradeDate(20260105), tradeDate(20260227))
const settings = { seed: 77, size: 50, dates }
const [from, to] = [dates[10]!, dates[24]!]
const log = createLog({ level: 'silent' })
const faults: Fault[] = []
let server: FastifyInstance
let app: App

/** The evening of the last date; waits are short, so that pauses of minutes take none. */
const started = systemClock.now()
const clock: Clock = {
  now: () => (instantOf(dates.at(-1)!, clockTime('23:00')) + systemClock.now() - started) as EpochMs,
  sleep: (ms, signal) => systemClock.sleep(Math.min(ms, 20), signal),
}

beforeAll(async () => {
  const context = {
    source: simulator(settings),
    desk: new QuoteDesk(createWorld(settings)),
    plan: faultPlan(
      {
        rates: {
          duplicate_row: 0.01,
          wrong_ohlc: 0.01,
          bad_row: 0.01,
          outlier: 0.01,
          server_error: 0.1,
          http_429: 0.1,
          connection_reset: 0.1,
          truncated_page: 0.2,
        },
      },
      3,
    ),
    token: TOKEN,
    ratePerMinute: Infinity,
    now: () => clock.now(),
    wallNow: () => clock.now(),
    onFault: toldOnce((fault) => faults.push(fault)),
  }
  server = await createVendorServer({ context, pushEveryMs: 1000 })
  const url = await server.listen({ host: '127.0.0.1', port: 0 })
  const config = readConfig(
    { dataDirectory: folder, port: 0 },
    { UV_THREADPOOL_SIZE: '16', TUSHARE_TOKEN: TOKEN, FUPAN_TUSHARE_URL: `${url}/tushare`, FUPAN_TUSHARE_CALLS_PER_MINUTE: '100000' },
    folder,
  )
  const opened = await openApp({ config, world: 'market', clock, log })
  if (opened.type === 'held') throw new Error('the temporary folder is held')
  app = opened.app
})

afterAll(async () => {
  await app.close()
  await server.close()
  rmSync(folder, { recursive: true, force: true })
})

test('a real world with a TuShare account fetches what is missing into ODS: every good row of the vendor, each bad one named, nothing silently wrong', async () => {
  const events: VerbEvent[] = []
  const missing = missingRaw(app, from, to).filter(({ dataset }) => ['ods_daily', 'ods_adj_factor', 'ods_suspend_d'].includes(dataset))
  expect(missing.map(({ dataset }) => dataset).toSorted()).toEqual(['ods_adj_factor', 'ods_daily', 'ods_suspend_d'])
  const outcomes = await fetchRaw(app, missing, 'test', (event) => events.push(event), new AbortController().signal)
  expect(outcomes.map(({ type }) => type)).toEqual(['done', 'done', 'done'])

  const wrong = new Set(
    faults
      .filter(({ kind, detail }) => ['wrong_ohlc', 'bad_row', 'outlier'].includes(kind) && detail['dataset'] === 'ods_daily')
      .map(({ entity, date }) => `${date} ${entity}`),
  )
  expect(wrong.size).toBeGreaterThan(10)
  const expected: string[] = []
  for await (const { frame } of simulator(settings).fetch({ dataset: 'ods_daily', from, to }))
    for (let row = 0; row < frame.length; row++) {
      const key = `${numbers(frame, 'trade_date')[row]} ${labelAt(labels(frame, 'ts_code'), row)}`
      if (!wrong.has(key)) expected.push(`${key} ${['open', 'high', 'low', 'close', 'vol', 'amount'].map((name) => numbers(frame, name)[row]).join(' ')}`)
    }
  const stored = await app.engine.rows<Record<string, string | number>>(
    'select trade_date, ts_code, open, high, low, close, vol, amount from fupan.ods_daily final',
  )
  const text = (row: Record<string, string | number>) =>
    ['trade_date', 'ts_code', 'open', 'high', 'low', 'close', 'vol', 'amount'].map((name) => String(row[name])).join(' ')
  expect(stored.map(text).toSorted()).toEqual(expected.toSorted())

  const messages = events.flatMap((event) => (event.type === 'message' ? [event.text] : []))
  expect(messages.some((message) => /^ods_daily: \d+ rows of the source were not loaded/.test(message))).toBe(true)
  expect(JSON.stringify(events)).not.toContain(TOKEN)
  const doubled = faults.filter(({ kind, detail }) => kind === 'duplicate_row' && detail['dataset'] === 'ods_daily').length
  const told = Number(/^ods_daily: (\d+) rows/.exec(messages.find((message) => message.startsWith('ods_daily'))!)![1])
  // The vendor was asked for these days only, so all its faults are of rows that were sent.
  expect(told).toBe(wrong.size + doubled)
  for (const kind of ['server_error', 'http_429', 'connection_reset', 'truncated_page'])
    expect(
      faults.some((fault) => fault.kind === kind),
      kind,
    ).toBe(true)
})

test('a day the vendor does not have yet is not ready and stays missing, the days before it are there', async () => {
  const beyond = aShareCalendar.next(dates.at(-1)!)
  const table = missingRaw(app, from, to).find(({ dataset }) => dataset === 'ods_daily_basic')!.table
  const [outcome] = await fetchRaw(app, [{ table, dataset: 'ods_daily_basic', dates: [dates[30]!, beyond] }], 'test', () => {}, new AbortController().signal)
  expect(outcome).toMatchObject({ type: 'not-ready', missing: expect.stringContaining(String(beyond)) as string })
  const stateOf = app.ledger.partitions.reader()
  expect([stateOf('ods_daily_basic', beyond), stateOf('ods_daily_basic', dates[30]!) !== undefined]).toEqual([undefined, true])
})

test('a wrong token ends as an unavailable source, without being told', async () => {
  const wrong = readConfig(
    { dataDirectory: join(folder, 'other'), port: 0 },
    { TUSHARE_TOKEN: 'not-the-right-token', FUPAN_TUSHARE_URL: app.config.tushareUrl.value },
    folder,
  )
  const source = marketSource(wrong, clock)!
  const [first] = missingRaw(app, from, to)
  const [outcome] = await fetchRaw({ ...app, source }, [{ ...first!, dates: [from] }], 'test', () => {}, new AbortController().signal)
  expect(outcome).toMatchObject({ type: 'failed', reason: 'source-unavailable', nextStep: expect.stringContaining('TUSHARE_TOKEN') as string })
  expect(JSON.stringify(outcome)).not.toContain('not-the-right-token')
})
