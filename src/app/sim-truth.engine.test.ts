import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { routes } from '#api/routes/index.ts'
import type { Clock } from '#core/clock.ts'
import { clockTime, instantOf } from '#core/shanghai-time.ts'
import { tradeDate, type EpochMs } from '#core/trade-date.ts'
import { plantedSignal } from '#market/planted-signal.ts'
import { stockEvents } from '#market/sim-events.ts'
import { createWorld, type World } from '#market/world.ts'
import type { CoherenceCheck } from '#research/sim-coherence.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openApp, type App } from './app.ts'
import { readConfig, type Config } from './config.ts'
import { runLiveMarket } from './live-market.ts'
import { createLog } from './log.ts'
import { runVerb } from './run-verb.ts'
import { startServer } from './serve-world.ts'
import { settingsOf, settleWorld } from './simulated-source.ts'
import { systemClock } from './system-clock.ts'

const folder = mkdtempSync(join(tmpdir(), 'fupan-truth-'))
const quiet = { emit() {}, signal: new AbortController().signal, folder }
const log = createLog({ level: 'silent' })
const SIZE = { days: 45, size: 14, seed: 5 }
/** An evening of 2026-11-20 that goes on: what the market is does not depend on the day the test runs. */
const evening = instantOf(tradeDate(20261120), clockTime('20:00')) - Date.now()
const clock: Clock = { ...systemClock, now: () => (Date.now() + evening) as EpochMs }
let config: Config
let app: App
let server: FastifyInstance
let world: World
/** Two dear stocks that trade all the time. */
let codes: readonly string[]

const open = async () => {
  const opened = await openApp({ config, world: 'sim', clock, log })
  if (opened.type === 'held') throw new Error('the temporary folder is held')
  app = opened.app
}

beforeAll(async () => {
  config = readConfig({ dataDirectory: folder, port: 0 }, { UV_THREADPOOL_SIZE: '16' })
  await open()
  server = await startServer(app)
})

afterAll(async () => {
  await server.close()
  await app.close()
  rmSync(folder, { recursive: true, force: true })
})

const ask = (args: object) => runVerb(app, 'sim', args, quiet)
const kept = () => JSON.parse(readFileSync(join(folder, 'sim', 'world.json'), 'utf8')) as { digest: string; script?: readonly object[] }
const write = (name: string, calls: readonly object[]) => writeFileSync(join(folder, name), JSON.stringify(calls))
const rowsOf = async (table: string, rest = '') => app.engine.rows<Record<string, unknown>>(`select * from truth.${table} ${rest}`)
const drawn = (): World => {
  const settled = settleWorld(app.folders.root, app.calendar, app.clock.now())
  return createWorld(settingsOf(settled, app.calendar, app.calendar.lastCompleted(app.clock.now())))
}

test('sim truth plant --dry-run says what would come about and keeps nothing', async () => {
  const last = app.calendar.lastCompleted(app.clock.now())
  const first = app.calendar.shift(last, 1 - SIZE.days)
  world = createWorld({ seed: SIZE.seed, size: SIZE.size, dates: app.calendar.dates(first, last) })
  codes = world.stocks.filter(({ listDay, initialPrice, lot }) => listDay < 0 && initialPrice > 12_000 && lot === 100).map(({ code }) => code)
  write('script.json', [
    { call: 'surge', symbol: codes[0], date: '-2', t: '10:05', amp: 0.03, volMult: 5 },
    { call: 'support_accumulation', symbol: codes[1], date: '-1', t: '10:05', L: '-0.5%' },
    { call: 'money_burst', symbol: codes[2], date: '-0', t: '13:30', value: 2e7, side: 'buy' },
    { call: 'level_bounce', symbol: codes[3], date: '-1', t: '14:00', L: '-1%' },
  ])
  const before = kept()
  const { exitCode, data } = await ask({ action: 'truth-plant', path: 'script.json', dryRun: true, ...SIZE })
  expect(exitCode).toBe(0)
  expect(data).toMatchObject({ dryRun: true, items: 4, planted: [{ type: 'surge' }, {}, {}, {}] })
  expect(kept()).toEqual(before)
})

test('sim truth plant leaves everything as it was when it refuses', async () => {
  const before = kept()
  write('wrong.json', [{ call: 'surge', symbol: codes[0], date: '-2', t: '10:05', amp: 0.29 }])
  await expect(ask({ action: 'truth-plant', path: 'wrong.json', ...SIZE })).rejects.toThrow(/field "amp": .* would reach/)
  write('closed.json', [{ call: 'surge', symbol: codes[0], date: 20261121, t: '10:05', amp: 0.03 }])
  await expect(ask({ action: 'truth-plant', path: 'closed.json', ...SIZE })).rejects.toThrow(/20261121 is no trading day of the simulated market/)
  expect(kept()).toEqual(before)
})

test('sim truth plant keeps the script in the world, whose digest changes, and tells what came about within five percent', async () => {
  const plain = kept().digest
  const { data } = await ask({ action: 'truth-plant', path: 'script.json', ...SIZE })
  const { planted, digest } = data as { digest: string; planted: readonly { realised: readonly { planned: number; realised: number }[] }[] }
  expect(digest).toBe(kept().digest)
  expect(digest).not.toBe(plain)
  expect(kept().script).toHaveLength(4)
  for (const { realised } of planted)
    for (const { planned, realised: found } of realised) expect(Math.abs(found - planned)).toBeLessThanOrEqual(0.05 * Math.max(1, Math.abs(planned)))
  await expect(ask({ action: 'truth-plant', path: 'script.json' })).rejects.toThrow(/item 5 \(surge\), field "t": it overlaps item 1 \(surge\)/)
  await expect(ask({ action: 'truth-plant', path: 'script.json', size: 20 })).rejects.toThrow(/one folder holds one, found seed 5, 14 stocks/)
  await expect(ask({ action: 'init', days: 45, size: 20, seed: 5 })).rejects.toThrow(/a script is planted in the one of seed 5/)
  expect(kept()).toMatchObject({ seed: 5, size: 14 })
  await expect(ask({ action: 'truth-plant', path: 'nowhere.json' })).rejects.toThrow(/Cannot read the script nowhere.json: .*Name a JSON file/)
  expect(kept().digest).toBe(digest)
})

test('the truth store has every table of spec simulator §12.2, and what it says is what the world is', async () => {
  const own = drawn()
  const [scenarios, tests, orders] = [
    await rowsOf('sim_truth_scenario', 'order by item'),
    await rowsOf('sim_truth_test'),
    await rowsOf('sim_truth_order', 'limit 50000'),
  ]
  expect(scenarios.map(({ type, symbol, world: digest }) => [type, symbol, digest])).toEqual([
    ['surge', codes[0], kept().digest],
    ['support_accumulation', codes[1], kept().digest],
    ['money_burst', codes[2], kept().digest],
    ['level_bounce', codes[3], kept().digest],
  ])
  expect(scenarios.map(({ n_tests: count }) => Number(count)).reduce((sum, count) => sum + count, 0)).toBe(tests.length)
  expect(tests.length).toBeGreaterThan(1)
  expect(Math.abs(Number(scenarios[2]!['planted_net']) / 2e7 - 1)).toBeLessThan(0.05)
  expect(new Set(orders.map(({ owner_type: owner }) => owner))).toEqual(new Set(['provider', 'noise', 'arbitrageur', 'absorber']))
  const signals = await rowsOf('sim_truth_signal', `where symbol = '${codes[0]}' order by trade_date`)
  const stock = own.stocks.find(({ code }) => code === codes[0])!
  expect(signals.map(({ signal }) => signal)).toEqual([...plantedSignal(own, stock)])
  const events = await rowsOf('sim_event', `where entity = '${codes[0]}' order by trade_date, kind`)
  const expected = stockEvents(own, stock).toSorted((a, b) => a.date - b.date || (a.kind < b.kind ? -1 : 1))
  expect(events.map(({ trade_date: date, kind, size, minutes }) => [date, kind, size, minutes])).toEqual(
    expected.map(({ date, kind, size, minutes = 0 }) => [date, kind, size, minutes]),
  )
  const factors = await rowsOf('sim_truth_factor', `where factor = 'MKT' order by trade_date`)
  expect(factors.map((row) => row['return'])).toEqual([...own.factors.market.session])
  const [regimes] = await app.engine.rows<{ n: number; entities: number }>(
    'select toUInt32(count()) as n, toUInt32(uniqExact(entity)) as entities from truth.sim_truth_regime',
  )
  expect(regimes!.entities).toBe(1 + 24 + own.stocks.length)
  expect(regimes!.n).toBeGreaterThan(regimes!.entities)
})

test('sim truth list tells what is planted, also of one day, and writes the store anew when it tells of another world', async () => {
  const { data } = await ask({ action: 'truth-list' })
  expect(data).toMatchObject({ items: 4, digest: kept().digest })
  const { planted } = data as { planted: readonly { type: string; date: number; realised: readonly object[] }[] }
  expect(planted.map(({ type }) => type)).toEqual(['surge', 'support_accumulation', 'money_burst', 'level_bounce'])
  expect(planted[0]!.realised.length).toBe(3)
  const one = await ask({ action: 'truth-list', date: planted[1]!.date })
  expect((one.data as { planted: readonly object[] }).planted).toHaveLength(2)
  await app.engine.exec("insert into truth.sim_truth_scenario (scenario_id, symbol, item, realised) values ('forged', '000000.SZ', 9, '[]')")
  await ask({ action: 'truth-list' })
  expect(await rowsOf('sim_truth_scenario')).toHaveLength(5)
  await app.engine.exec('alter table truth.sim_truth_state update to_date = 20200101 where 1 settings mutations_sync = 1')
  await ask({ action: 'truth-list' })
  expect(await rowsOf('sim_truth_scenario')).toHaveLength(4)
})

test('fupan query cannot read the truth, however it is asked', async () => {
  const tries = [
    'select * from truth.sim_truth_scenario',
    'select * from "truth"."sim_truth_scenario"',
    'select * from `truth`.`sim_event`',
    'select * from TRUTH.sim_event',
    'with t as (select * from truth.sim_event) select * from t',
    'select * from (select * from truth.sim_event)',
    'select * from view(select * from truth.sim_event)',
    'select 1 where 1 in truth.sim_event',
    'select 1 where 1 in (select item from truth.sim_truth_scenario)',
    'select * from ods_daily join truth.sim_truth_signal using (trade_date)',
    'select * from ods_daily, truth.sim_truth_signal',
    "select * from merge('truth', '.*')",
    "select * from remote('127.0.0.1', 'truth', 'sim_event')",
    "select dictGet('truth.sim_event', 'size', 1)",
    "select joinGet('truth.sim_event', 'size', 1)",
    'describe truth.sim_truth_scenario',
    'show create table truth.sim_truth_scenario',
    'select * from truth.sim_truth_scenario union all select * from truth.sim_truth_scenario',
    'use truth',
  ]
  for (const sql of tries) await expect(runVerb(app, 'query', { sql }, quiet), sql).rejects.toThrow(/Cannot run this query/)
  // Not by a plain name either: it is another database.
  await expect(runVerb(app, 'query', { sql: 'select * from sim_truth_scenario' }, quiet)).rejects.toThrow()
  await expect(runVerb(app, 'query', { sql: 'select * from sim_event' }, quiet)).rejects.toThrow()
})

test('no route of the API tells the truth', async () => {
  const secrets = (await rowsOf('sim_truth_scenario')).map((row) => String(row['scenario_id']))
  expect(secrets).toHaveLength(4)
  for (const { path } of routes)
    for (const name of ['truth.sim_truth_scenario', 'sim_truth_scenario', 'sim_event']) {
      const value = encodeURIComponent(name)
      const query = ['symbol', 'symbols', 'ts_code', 'code', 'table', 'name', 'query', 'date'].map((key) => `${key}=${value}`).join('&')
      const { body } = await server.inject({ method: 'GET', url: `${path.split(' ')[1]!.replaceAll(/:\w+/g, value)}?${query}&interval=1d` })
      for (const secret of [...secrets, 'planted_value', 'planted_net', 'expected_label']) expect(body, path).not.toContain(secret)
    }
  const listed = await runVerb(app, 'list', { what: 'tables' }, quiet)
  expect(JSON.stringify(listed.data)).not.toContain('sim_truth')
})

test('sim init makes the scripted market, all identities hold, and nothing more can be planted on its days', async () => {
  await server.close()
  expect((await ask({ action: 'init', ...SIZE })).exitCode).toBe(0)
  const { exitCode, data } = await ask({ action: 'verify', coherence: true })
  expect((data as { coherence: readonly CoherenceCheck[] }).coherence.filter(({ violations }) => violations > 0)).toEqual([])
  expect(exitCode).toBe(0)
  await expect(ask({ action: 'truth-plant', path: 'script.json' })).rejects.toThrow(
    /item 5 \(surge\), field "date": \d+ lies before the end of what is stored, .*Plant on later days/,
  )
  write('ahead.json', [{ call: 'surge', symbol: codes[0], date: '+1', t: '10:05', amp: 0.03 }])
  const ahead = await ask({ action: 'truth-plant', path: 'ahead.json' })
  expect(ahead.data).toMatchObject({ items: 5 })
  expect(kept().script).toHaveLength(5)
  await app.close()
  await open()
  server = await startServer(app)
  // The days that are there are those of the new digest too.
  expect((await ask({ action: 'verify', coherence: true })).exitCode).toBe(0)
})

test('the data page counts every row of every raw table, months that end on a closed day too', async () => {
  const { tables } = (await server.inject('/api/status')).json<{ tables: { name: string; rows: number }[] }>()
  const raw = tables.filter(({ name, rows }) => name.startsWith('ods_') && rows > 0)
  expect(raw.length).toBeGreaterThan(15)
  for (const { name, rows } of raw) {
    const [found] = await app.engine.rows<{ rows: number }>(`select toUInt32(count()) as rows from fupan.${name}`)
    expect([name, rows]).toEqual([name, found!.rows])
  }
  // 2026-10-31 is a Saturday.
  const [months] = await app.engine.rows<{ closed: number }>('select toUInt32(countIf(trade_date != period_end_open_day)) as closed from fupan.ods_monthly')
  expect(months!.closed).toBeGreaterThan(0)
})

test('sim.truth tells a planted scenario of a played day once it is over, with what came about', async () => {
  const last = app.calendar.lastCompleted(app.clock.now())
  const told: { readonly at: number; readonly table: string; readonly row: Record<string, unknown>; readonly marketAt: number }[] = []
  const send = (frame: string) => {
    const { op, data } = JSON.parse(frame) as { op: string; data?: (typeof told)[number] }
    if (op === 'delta') told.push({ ...data!, marketAt: app.liveMarket.lastBarAt ?? 0 })
  }
  const page = app.live.join({ send, bufferedBytes: () => 0, close() {} })
  let hasAsked = false
  const emit = () => {
    if (!hasAsked) page.receive(JSON.stringify({ op: 'sub', id: '1', ch: 'sim.truth' }))
    hasAsked = true
  }
  await runLiveMarket(app, {
    action: 'run',
    test: true,
    speed: 'max',
    from: app.calendar.back(last, 2),
    until: undefined,
    night: false,
    folder,
    emit,
    signal: quiet.signal,
  })
  page.leave()
  const scenarios = told.filter(({ table }) => table === 'sim_truth_scenario')
  expect(scenarios.map(({ row }) => [row['type'], row['symbol'], row['world']])).toEqual(
    // In the order in which they are over.
    [0, 1, 3, 2].map((k) => [['surge', 'support_accumulation', 'money_burst', 'level_bounce'][k], codes[k], kept().digest]),
  )
  for (const { at, row, marketAt } of scenarios) {
    expect(at).toBe(row['t1'])
    expect(marketAt).toBeGreaterThanOrEqual(at - 60_000)
    expect(Array.isArray(row['realised'])).toBe(true)
  }
})

test('sim truth score plays the planted days and says how the detectors do, beside the level tests', async () => {
  const { data } = await ask({ action: 'truth-score', count: 2 })
  const { checks, script } = data as { checks: readonly { name: string }[]; script: readonly { type: string; planted: number; isRegistered: boolean }[] }
  for (const name of ['aggressors found by the quotes', 'aggressors found by price changes alone', 'balanced accuracy of regimes from minute returns'])
    expect(
      checks.find((check) => check.name === name),
      name,
    ).toMatchObject({ pass: true })
  expect(script.map(({ type, planted }) => [type, planted])).toEqual([
    ['surge', 2],
    ['money_burst', 1],
  ])
  write('other.json', [{ call: 'fade', symbol: codes[0], date: '+3', t: '10:05', amp: 0.03 }])
  const other = await ask({ action: 'truth-score', count: 2, path: 'other.json' })
  expect((other.data as { script: readonly { type: string }[] }).script.map(({ type }) => type)).toContain('fade')
  expect(kept().script).toHaveLength(5)
})

test('sim truth refuses the real market', async () => {
  const real: App = { ...app, world: 'market' }
  for (const args of [{ action: 'truth-plant', path: 'script.json' }, { action: 'truth-list' }, { action: 'truth-score', count: 2, path: 'other.json' }])
    await expect(runVerb(real, 'sim', args, quiet)).rejects.toThrow(/this is the real one/)
})
