import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EpochMs } from '#core/trade-date.ts'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openApp, type App } from './app.ts'
import { readConfig } from './config.ts'
import { fetchForeign } from './fetch-foreign.ts'
import { runLiveMarket } from './live-market.ts'
import { createLog } from './log.ts'
import { startServer } from './serve-world.ts'
import { replaceWorld } from './simulated-source.ts'
import { systemClock } from './system-clock.ts'
import { MarketClock } from './test-market-clock.ts'
import type { VerbEvent } from './verb.ts'

// Wednesday before Thanksgiving, half an hour before New York opens; Shanghai is closed until its next morning.
const clock = new MarketClock(Date.parse('2026-11-25T14:00:00Z') as EpochMs)
const folder = mkdtempSync(join(tmpdir(), 'fupan-foreign-live-'))
const never = new AbortController().signal
const PATIENT = { timeout: 20_000 }
/** A night of all tables, on a busy machine. */
const NIGHT_MS = 90_000
const INTERVALS = ['1m', '5m', '15m', '30m', '60m', '120m', '1d', '1w', '1M']
let app: App
let server: FastifyInstance
let stop: AbortController
let running: Promise<unknown>
const events: VerbEvent[] = []

beforeAll(async () => {
  const config = readConfig({ dataDirectory: folder, port: 0 }, { UV_THREADPOOL_SIZE: '16' })
  const opened = await openApp({ config, world: 'sim', clock: systemClock, log: createLog({ level: 'silent' }), simulated: { seed: 5, size: 2, days: 20 } })
  if (opened.type === 'held') throw new Error('the temporary folder is held')
  app = { ...opened.app, clock }
  replaceWorld(app.folders.root, app.calendar, clock.now(), { seed: 5, size: 2, days: 20, profiles: ['crypto', 'hk', 'us'] })
  await fetchForeign(app, 'history', () => {}, never)
  server = await startServer(app, 0)
  start(false)
}, 60_000)

afterAll(async () => {
  stop.abort()
  await running
  await server.close()
  await app.close()
  rmSync(folder, { recursive: true, force: true })
})

function start(night: boolean): void {
  stop = new AbortController()
  running = runLiveMarket(app, { action: 'run', test: false, speed: 60, night, folder, signal: stop.signal, emit: (event) => void events.push(event) })
  running.catch(() => {})
}

/** How far New York got: date and slot. */
const mark = (market = 'us') =>
  app.ledger
    .readTable('sim_foreign_session', 9)
    .rows.find(([own]) => own === market)
    ?.slice(2, 4)

async function reach(time: string, market: string, expected: readonly number[]): Promise<void> {
  clock.set(Date.parse(time) as EpochMs)
  await expect.poll(() => mark(market), PATIENT).toEqual(expected)
  // Replies with forming bars are sent again for half a second, what was published is asked for every second.
  clock.set((clock.now() + 2000) as EpochMs)
}

interface Bar {
  readonly time: number
  readonly close: number
  readonly volume: number
  readonly final: boolean
}

async function bars(symbol: string, interval: string, more = ''): Promise<readonly Bar[]> {
  const reply = await server.inject({ method: 'GET', url: `/api/klines?symbol=${symbol}&interval=${interval}&limit=500${more}` })
  expect(reply.statusCode, reply.body).toBe(200)
  return reply.json<{ data: { klines: readonly Bar[] } }>().data.klines
}

const told = async (symbol: string) =>
  (await server.inject({ method: 'GET', url: `/api/realtime?symbols=${symbol}` })).json<{ rows: readonly Record<string, unknown>[] }>().rows[0]!

test('before a session its bars are those of the days before; every market has its status', async () => {
  await reach('2026-11-25T14:20:01Z', 'crypto', [20261125, 860])
  expect(new Date((await bars('JPM.US', '5m')).at(-1)!.time).toISOString()).toBe('2026-11-24T21:00:00.000Z')
  expect(await told('JPM.US')).toMatchObject({ trade_date: 20261124, origin: 'daily' })
  const status = () => Object.fromEntries(app.ledger.readTable('market_status', 9).rows.map(([market, date, , , phase]) => [market, [date, phase]]))
  expect(status()).toEqual({ cn: [20261125, 'closed'], hk: [20261125, 'closed'], us: [20261125, 'pre'], crypto: [20261125, 'afternoon'] })
  clock.set(Date.parse('2026-11-25T14:28:00Z') as EpochMs)
  await expect.poll(() => status()['us'], PATIENT).toEqual([20261125, 'open_auction'])
})

test('in the middle of a session every interval shows its forming bar, and none a bar of the future', async () => {
  await reach('2026-11-25T16:42:30.000Z', 'us', [20261125, 132])
  const passed = Date.parse('2026-11-25T16:42:00Z')
  const minutes = await bars('JPM.US', '1m')
  expect(minutes.at(-1)).toMatchObject({ time: passed, final: true })
  expect(minutes.filter(({ time }) => time > Date.parse('2026-11-25T05:00:00Z')).length).toBe(132)
  const session = (symbol: string) => app.live.minutesOf(symbol)!.bars
  const volume = session('JPM.US').volume.reduce((sum, each) => sum + each, 0)
  for (const [interval, label, share] of [
    ['5m', '16:45', 2],
    ['15m', '16:45', 12],
    ['30m', '17:00', 12],
    ['60m', '17:30', 12],
    ['120m', '18:30', 12],
  ] as const) {
    const shown = await bars('JPM.US', interval)
    const last = session('JPM.US').volume.slice(-share)
    expect(shown.at(-1), interval).toMatchObject({
      time: Date.parse(`2026-11-25T${label}:00Z`),
      close: session('JPM.US').close.at(-1),
      volume: last.reduce((sum, each) => sum + each, 0),
      final: false,
    })
    expect(shown.slice(0, -1).every(({ final }) => final)).toBe(true)
  }
  const close = Date.parse('2026-11-25T21:00:00Z')
  expect((await bars('JPM.US', '1d')).at(-1)).toMatchObject({ time: close, volume, final: false })
  for (const interval of ['1w', '1M']) expect((await bars('AAPL.US', interval)).at(-1)).toMatchObject({ time: close, final: false })
  expect(await told('JPM.US')).toMatchObject({ trade_date: 20261125, origin: 'session', price: session('JPM.US').close.at(-1), volume, time_ms: passed })
  // The row that SQL reads is the same one.
  const row = app.ledger.readTable('stock_realtime_price', 100).rows.find(([symbol]) => symbol === 'JPM.US')!
  const { price, pre_close, change, ret, open, high, low, amount } = await told('JPM.US')
  expect(row.slice(1, 10)).toEqual([price, pre_close, change, ret, open, high, low, volume, amount])
})

test('a page asked for all the time goes on with the session', async () => {
  const last = async () => (await bars('AAPL.US', '1m')).at(-1)!.time
  const before = await last()
  await reach('2026-11-25T16:44:30Z', 'us', [20261125, 134])
  expect((await last()) - before).toBe(120_000)
})

test('what was shown live is what the night stores, of every symbol, interval and page', async () => {
  await reach('2026-11-25T21:00:30Z', 'us', [20261125, 390])
  const codes = ['JPM.US', 'AAPL.US', 'NVDA.US']
  const shown = () =>
    Promise.all(
      codes.flatMap((code) =>
        INTERVALS.map(async (interval) => [code, interval, await bars(code, interval), await bars(code, interval, '&auctionBar=separate&start=20261125')]),
      ),
    )
  const live = await shown()
  expect(await told('JPM.US')).toMatchObject({ origin: 'session', trade_date: 20261125 })
  const outcomes = await fetchForeign(app, 'night', () => {}, never)
  expect(outcomes.map(({ type }) => type)).toEqual(['done', 'done'])
  const [stored] = await app.engine.rows<{ minutes: number }>(
    "select toUInt32(count()) as minutes from fupan.ods_foreign_minute where ts_code = 'JPM.US' and trade_date = 20261125",
  )
  expect(stored!.minutes).toBe(391)
  clock.set((clock.now() + 2000) as EpochMs)
  expect(await shown()).toEqual(live)
})

test('a market that was stopped makes up for what it missed, and brings a day in when it is over', { timeout: 2 * NIGHT_MS }, async () => {
  stop.abort()
  await running
  expect(mark('crypto')).toEqual([20261125, 1260])
  clock.set(Date.parse('2026-11-25T23:50:30Z') as EpochMs)
  start(false)
  await expect.poll(() => mark('crypto'), PATIENT).toEqual([20261125, 1430])
  stop.abort()
  await running
  const stored = async () =>
    (await app.engine.rows<{ last: number }>("select toUInt32(max(trade_date)) as last from fupan.ods_foreign_minute where ts_code = 'BTCUSDT'"))[0]!.last
  expect(await stored()).toBe(20261124)
  await reachAfterNight()
  expect(await stored()).toBe(20261125)
  const minutes = await bars('BTCUSDT', '1m')
  expect(minutes.at(-1)).toMatchObject({ time: Date.parse('2026-11-26T00:03:00Z'), final: true })
  expect(minutes.every(({ time }, i) => i === 0 || time - minutes[i - 1]!.time === 60_000)).toBe(true)
})

/** Start with nights; the first one has nothing of coins to bring in, because their day is not over. */
async function reachAfterNight(): Promise<void> {
  const seen = events.length
  start(true)
  const isOver = () => events.slice(seen).some((event) => event.type === 'message' && event.text.startsWith('The market is closed'))
  await expect.poll(isOver, { timeout: NIGHT_MS }).toBe(true)
  await reach('2026-11-26T00:03:10Z', 'crypto', [20261126, 3])
}

test('while the night of Shanghai is at work the minutes of the other markets go on', { timeout: 2 * NIGHT_MS }, async () => {
  // Its morning is drawn, its minutes are made up for, its day is over.
  await reach('2026-11-26T07:01:00Z', 'crypto', [20261126, 420])
  await expect.poll(() => app.ledger.readTable('sim_session', 1).rows[0]!.slice(2, 4), PATIENT).toEqual([20261126, 240])
  const [seen, before] = [events.length, Date.parse('2026-11-26T09:00:00Z')]
  clock.set((before + 30_000) as EpochMs)
  // The clock goes on with every step of the night.
  let steps = 0
  const isOver = () => {
    for (const event of events.slice(seen + steps)) {
      steps++
      if (event.type === 'run-ended') return true
      if (event.type === 'task-started') clock.set((clock.now() + 60_000) as EpochMs)
    }
    return false
  }
  await expect.poll(isOver, { timeout: NIGHT_MS, interval: 5 }).toBe(true)
  const during = mark('crypto')![1] as number
  expect(during).toBeGreaterThan(545)
  expect(during * 60_000).toBeLessThanOrEqual(clock.now() - Date.parse('2026-11-26T00:00:00Z'))
  await reach('2026-11-26T14:35:10Z', 'crypto', [20261126, 875])
})
