import { spawn } from 'node:child_process'
import { getEventListeners } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { labelAt, labels, numbers, type Frame } from '#core/frame.ts'
import { seededRng } from '#core/rng.ts'
import { clockTime, instantOf } from '#core/shanghai-time.ts'
import { marketOf } from '#core/symbol.ts'
import { tradeDate, type TradeDate } from '#core/trade-date.ts'
import { zoneDate, zoneTimeOfDay } from '#core/zone-time.ts'
import { marketEvents, stockEvents } from '#market/sim-events.ts'
import type { StockCheckpoint } from '#market/stock-walk.ts'
import { createWorld } from '#market/world.ts'
import type { TruthRow } from '#stream/truth-channel.ts'
import { bucketFrame } from '#warehouse/kline-buckets.ts'
import { openApp, type App } from './app.ts'
import { readConfig } from './config.ts'
import { runLiveMarket, type LiveMarketReport } from './live-market.ts'
import type { LiveMarketRequest } from './live-market-args.ts'
import { createLog } from './log.ts'
import { runVerb } from './run-verb.ts'
import { simDay } from './sim-day.ts'
import { startServer } from './serve-world.ts'
import { addProfiles, settingsOf, settleWorld } from './simulated-source.ts'
import { systemClock } from './system-clock.ts'
import { MarketClock } from './test-market-clock.ts'
import type { VerbEvent } from './verb.ts'

const root = join(import.meta.dirname, '..', '..')
const folder = mkdtempSync(join(tmpdir(), 'fupan-live-'))
const never = new AbortController().signal
const fromTheFirst = { earlier: new Map<string, StockCheckpoint>(), signal: never }
const PATIENT = { timeout: 30_000 }
let app: App
let last: TradeDate

beforeAll(async () => {
  app = await openFolder()
  const { exitCode } = await runVerb(app, 'run', { all: true, targets: ['market_klines', 'dwd_stock_label_daily'] }, { emit() {}, signal: never, folder })
  expect(exitCode).toBe(0)
  last = app.calendar.lastCompleted(app.clock.now())
})

afterAll(async () => {
  await app.close()
  rmSync(folder, { recursive: true, force: true })
})

async function openFolder(): Promise<App> {
  const config = readConfig({ dataDirectory: folder }, { UV_THREADPOOL_SIZE: '16' })
  const opened = await openApp({ config, world: 'sim', clock: systemClock, log: createLog({ level: 'silent' }), simulated: { seed: 5, size: 12, days: 40 } })
  if (opened.type === 'held') throw new Error('the temporary folder is held')
  return opened.app
}

const quickly = { action: 'run', test: true, speed: 'max', night: false, folder } as const

function play(rest: Partial<LiveMarketRequest> = {}, of: App = app): Promise<LiveMarketReport> {
  return runLiveMarket(of, { ...quickly, emit() {}, signal: never, ...rest })
}

const STORED = ['sim_session', 'stock_state', 'stock_realtime_price', 'market_status', 'stock_metadata']

/** The tables of the live market, apart from who wrote a row when. */
function stored(of: App, names = STORED): Readonly<Record<string, readonly (readonly unknown[])[]>> {
  const drop = new Set(['updated_at', 'version'])
  return Object.fromEntries(
    names.map((name) => {
      const { columns, rows } = of.ledger.readTable(name, 10_000)
      const cells = rows.map((row) => row.filter((_, k) => !drop.has(columns[k]!)))
      return [name, cells.toSorted((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1))]
    }),
  )
}

test('the minutes of the live market are those the night stores, of every stock and minute', async () => {
  const { seed, size, firstDate } = settleWorld(app.folders.root, app.calendar, app.clock.now())
  for (const date of [app.calendar.back(last, 3), last]) {
    const { minutes } = await simDay(createWorld({ seed, size, dates: app.calendar.dates(firstDate, date) }), fromTheFirst)
    minutes.passed = 240
    const frame = await app.engine.frame(
      'select ts_code, time, open, high, low, close, volume, amount, trades from fupan.market_klines where trade_date = {date:UInt32} order by ts_code, time',
      {
        params: { date },
      },
    )
    const code = labels(frame, 'ts_code')
    const nightly = Map.groupBy(
      Array.from({ length: frame.length }, (_, row) => row),
      (row) => labelAt(code, row)!,
    )
    expect(nightly.size).toBeGreaterThan(9)
    expect(minutes.codes.filter((own) => minutes.of(own) !== undefined)).toEqual([...nightly.keys()].toSorted())
    for (const [own, rows] of nightly) {
      const { bars } = minutes.of(own)!
      expect(rows.length).toBe(bars.slot.length)
      for (const name of ['open', 'high', 'low', 'close', 'volume', 'amount', 'trades'] as const)
        expect([...bars[name]], `${own} ${name}`).toEqual(rows.map((row) => numbers(frame, name)[row]!))
    }
  }
})

test('a played day commits its 241 minutes and leaves the states and prices of its close', async () => {
  const { signal } = new AbortController()
  const report = await play({ from: last, signal })
  // What still listened would keep the day and its ticks for as long as the program runs.
  expect(getEventListeners(signal, 'abort')).toEqual([])
  expect(report).toMatchObject({ ended: 'caught-up', days: 1, minutes: 241, lastBarAt: instantOf(last, clockTime('15:00')) })
  expect(report.ticks).toBeGreaterThan(1000)
  const { sim_session: session, stock_state: states, stock_realtime_price: prices } = stored(app)
  expect(session).toEqual([[1, expect.stringMatching(/^[0-9a-f]{64}$/), last, 240, instantOf(last, clockTime('15:00')), 1]])
  const daily = await app.engine.rows<{ ts_code: string; close: number; vol_shares: number; amount_cny: number; pre_close: number }>(
    'select ts_code, close, vol_shares, amount_cny, pre_close from fupan.dwd_daily where trade_date = {date:UInt32} order by ts_code',
    { params: { date: last } },
  )
  expect(prices!.length).toBe(daily.length)
  for (const [k, { ts_code, close, vol_shares, amount_cny, pre_close }] of daily.entries()) {
    const [symbol, price, preClose, , , , , , volume, amount] = prices![k] as readonly number[]
    expect([symbol, price, preClose, volume, amount]).toEqual([ts_code, close, pre_close, vol_shares, expect.closeTo(amount_cny, 2)])
    expect(states!.find(([own]) => own === ts_code)).toMatchObject({ 1: close })
  }
  expect(await play()).toMatchObject({ ended: 'caught-up', days: 0, minutes: 0 })
})

test('a market stopped at sixty random minutes ends as one nobody stopped', async () => {
  await play({ from: last })
  const whole = stored(app)
  const rng = seededRng(60)
  let stops = 0
  let report = await stoppedAfter(rng.integer(0, 5), { from: last })
  while (report.ended === 'stopped') {
    stops++
    report = await stoppedAfter(stops < 60 ? rng.integer(0, 6) : Infinity)
  }
  expect(stops).toBeGreaterThan(40)
  expect(stored(app)).toEqual(whole)
})

test('it ends at the minute asked for, and the next test goes on after it', async () => {
  const half = await play({ from: last, until: instantOf(last, clockTime('10:30')) })
  expect(half).toMatchObject({ ended: 'until', minutes: 61, days: 0 })
  expect(await play()).toMatchObject({ ended: 'caught-up', minutes: 180, days: 1 })
})

test('/api/depth has ten levels of the instant a live market has come to, the best of them those of its tape, and nothing of what is stored of later', async () => {
  const server = await startServer(app, 0)
  try {
    const [date, time] = [app.calendar.back(last, 2), clockTime('10:30')]
    await play({ from: date, until: instantOf(date, time) })
    expect(app.live.state()).toMatchObject({ kind: 'live', date })
    const seen = await app.engine.rows<{ code: string; seen: number; bid: number; ask: number }>(
      `select ts_code as code, toFloat64(max(at)) as seen, argMax(bid1, at) / 1000 as bid, argMax(ask1, at) / 1000 as ask from fupan.ods_tick
       where trade_date = {date:UInt32} and at <= {until:Int64} group by ts_code`,
      { params: { date, until: instantOf(date, time) } },
    )
    expect(seen.length).toBeGreaterThan(8)
    for (const { code, seen: at, bid, ask } of seen) {
      type Side = readonly { readonly price: number; readonly volume: number | null }[]
      const reply = (await server.inject(`/api/depth?symbol=${code}`)).json<{ source: string; origin: string; time_ms: number; bids: Side; asks: Side }>()
      expect([reply.source, reply.origin, reply.time_ms, reply.bids[0]?.price ?? 0, reply.asks[0]?.price ?? 0]).toEqual(['sim', 'drawn', at, bid, ask])
      expect(reply.bids.length + reply.asks.length).toBeGreaterThan(9)
      expect(reply.bids.every(({ volume }) => volume! > 0)).toBe(true)
      expect(app.live.minutesOf(code)).toMatchObject({ at, bid1: bid, ask1: ask })
    }
    // A stock that does not trade that day shows the last book before it.
    const others = (await app.engine.rows<{ code: string }>('select ts_code as code from fupan.dim_stock')).filter(({ code }) =>
      seen.every((own) => own.code !== code),
    )
    for (const { code } of others) {
      const reply = (await server.inject(`/api/depth?symbol=${code}`)).json<{ time_ms: number | null }>()
      expect(reply.time_ms ?? 0).toBeLessThan(instantOf(date, 0))
    }
  } finally {
    await server.close()
  }
})

test('sim.truth tells the events of a played day as the market passes them, to those who ask for it and while a test runs only', async () => {
  const refused = listener('sim.truth')
  expect(refused.frames.splice(0)).toMatchObject([
    { op: 'err', code: 'E_CHANNEL', detail: expect.stringMatching(/tells what is true .* only while it runs as a test: fupan sim run --test/) },
  ])
  const world = createWorld(settingsOf(settleWorld(app.folders.root, app.calendar, app.clock.now()), app.calendar, last))
  const events = [...marketEvents(world), ...world.stocks.flatMap((stock) => stockEvents(world, stock))]
  // The day of the last ten on which most began, so that some begin during the session where there are such.
  const dates = world.dates.slice(-10)
  const on = (date: TradeDate) => events.filter((event) => event.date === date)
  const date = dates.toSorted(
    (a, b) => on(b).filter(({ startsAt }) => startsAt > 0).length - on(a).filter(({ startsAt }) => startsAt > 0).length || on(b).length - on(a).length,
  )[0]!
  const others = listener('opportunities')
  let truth: ReturnType<typeof listener> | undefined
  await play({
    from: date,
    until: instantOf(date, clockTime('15:00')),
    emit() {
      truth ??= listener('sim.truth')
    },
  })
  const told = truth!.frames.flatMap(({ op, data, marketAt }) =>
    op === 'snap' || op === 'delta' ? [data ?? []].flat().map((row) => ({ ...row, marketAt })) : [],
  )
  const named = (rows: readonly (readonly [unknown, unknown])[]) =>
    rows.map(([kind, entity]) => `${String(kind)} of ${String(entity)}`).toSorted((a, b) => (a < b ? -1 : 1))
  expect(named(told.map(({ row }) => [row['kind'], row['entity']]))).toEqual(named(on(date).map(({ kind, entity }) => [kind, entity])))
  expect(told.length).toBeGreaterThan(0)
  for (const { at, marketAt, row } of told) {
    expect(at).toBe(Math.max(instantOf(date, clockTime('09:25')), Number(row['start_ms'] ?? 0)))
    expect(marketAt, 'nothing before its time').toBeGreaterThanOrEqual(at - 60_000)
  }
  expect(truth!.frames.at(-1)).toMatchObject({ op: 'err', detail: 'the test of the simulated market is over' })
  expect(JSON.stringify(others.frames)).not.toMatch(/sim_event|sim\.truth|is_public/)
  for (const { leave } of [refused, others, truth!]) leave()
})

test('refusals say what to do', async () => {
  await expect(play({ from: tradeDate(20200101) })).rejects.toThrow(/Cannot play from 20200101: it is a market day from \d{8}/)
  const market: App = { ...app, world: 'market' }
  await expect(play({}, market)).rejects.toThrow(/Ask with --world sim/)
  const running = play({ from: last, speed: 60, signal: AbortSignal.timeout(600) })
  await expect(play()).rejects.toThrow(/it is running in this process already/)
  expect((await running).ended).toBe('stopped')
})

test('a full disk ends it with the next step; what was committed is kept, and it goes on afterwards', async () => {
  await play({ from: last, until: instantOf(last, clockTime('10:00')) })
  let transactions = 0
  const full = new Proxy(app.ledger, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name)
      if (name === 'transaction')
        return <T>(work: () => T): T => {
          // One minute, then SQLite's own words and number for a full disk.
          if (++transactions > 1) throw Object.assign(new Error('database or disk is full'), { errcode: 13 })
          return target.transaction(work)
        }
      return typeof value === 'function' ? (value.bind(target) as unknown) : value
    },
  })
  await expect(play({}, { ...app, ledger: full })).rejects.toThrow(
    /Cannot go on: the disk of .* is full. The minute was not written; everything before it is kept/,
  )
  // Any command meets a full disk in the same words.
  const write = () => {
    throw Object.assign(new Error('database or disk is full'), { errcode: 13 })
  }
  const unwritable = new Proxy(app.ledger, { get: write })
  await expect(runVerb({ ...app, ledger: unwritable }, 'sim', { action: 'status' }, { emit() {}, signal: never, folder })).rejects.toThrow(
    /Cannot go on: the disk of .* is full. What was finished before is kept. Free some space and start again/,
  )
  expect(stored(app)['sim_session']![0]![3]).toBe(31)
  expect(await play()).toMatchObject({ ended: 'caught-up', minutes: 209 })
})

test('a day drawn from the checkpoints of the day before is the day drawn from the beginning', async () => {
  const { seed, size, firstDate, digest } = settleWorld(app.folders.root, app.calendar, app.clock.now())
  await play({ from: app.calendar.back(last, 1) })
  const kept = app.ledger.liveMarket.checkpointsBefore<StockCheckpoint>(digest, last)
  const world = createWorld({ seed, size, dates: app.calendar.dates(firstDate, last) })
  expect(world.stocks.filter(({ code }) => kept.get(code) !== undefined).length).toBeGreaterThan(9)
  expect(world.stocks.filter(({ code }) => app.ledger.liveMarket.checkpointsBefore('another world', last).get(code) !== undefined)).toEqual([])
  const after: unknown[] = []
  const afterFresh: unknown[] = []
  const resumed = await simDay(world, { earlier: kept, signal: never, keep: (checkpoints) => after.push(...checkpoints) })
  const fresh = await simDay(world, { ...fromTheFirst, keep: (checkpoints) => afterFresh.push(...checkpoints) })
  for (const day of [resumed, fresh]) day.minutes.passed = 240
  for (const code of fresh.minutes.codes) expect(resumed.minutes.of(code)).toEqual(fresh.minutes.of(code))
  expect(after).toEqual(afterFresh)
})

describe('a market that lives with the clock', () => {
  test('commits each minute after it is over, makes up for what it slept through, and waits when the clock is put back', async () => {
    const clock = new MarketClock(instantOf(app.calendar.next(last), clockTime('09:31:30')))
    const own: App = { ...app, clock }
    const stop = new AbortController()
    const progress: VerbEvent[] = []
    const running = runLiveMarket(own, {
      action: 'run',
      test: false,
      speed: 60,
      night: false,
      folder,
      signal: stop.signal,
      emit: (event) => void progress.push(event),
    })
    try {
      const slots = () => app.ledger.readTable('sim_session', 1).rows[0]?.[3]
      const reach = async (time: string) => clock.set(instantOf(app.calendar.next(last), clockTime(time)))
      await expect.poll(slots, PATIENT).toBe(1)
      await reach('09:32:00.200')
      await quiet()
      expect(slots()).toBe(1)
      expect(listener('sim.truth').frames, 'this is no test').toMatchObject([{ op: 'err', code: 'E_CHANNEL' }])
      await reach('09:32:00.400')
      await expect.poll(slots, PATIENT).toBe(2)
      await reach('10:02:10')
      await expect.poll(slots, PATIENT).toBe(32)
      await reach('09:45:00')
      await quiet()
      expect(slots()).toBe(32)
      await reach('10:03:01')
      await expect.poll(slots, PATIENT).toBe(33)
      await reach('11:45:00')
      await expect.poll(slots, PATIENT).toBe(120)
      await expect.poll(() => stored(app)['market_status']![0], PATIENT).toMatchObject({ 4: 'lunch' })
      expect(own.liveMarket.lag(clock.now())).toBe(0)
      const buckets = (folded: number) =>
        app.engine.rows<{ bars: number }>(
          'select toUInt32(count()) as bars from fupan.market_kline_buckets where trade_date = {date:UInt32} and interval = {interval:String} and is_final = {folded:UInt8}',
          {
            params: { date: app.calendar.next(last), interval: '15m', folded },
          },
        )
      const unfinished = () =>
        app.engine.rows<{ bars: number }>(
          'select toUInt32(count()) as bars from fupan.market_kline_buckets where trade_date = {date:UInt32} and is_final = 0',
          { params: { date: app.calendar.next(last) } },
        )
      const ownStocks = app.ledger.readTable('stock_realtime_price', 100).rows.length
      await expect.poll(async () => (await buckets(1))[0]!.bars, PATIENT).toBe(8 * ownStocks)
      await reach('13:02:30')
      await expect.poll(slots, PATIENT).toBe(122)
      await reach('13:05:01')
      await expect.poll(async () => (await buckets(0))[0]!.bars, PATIENT).toBeGreaterThan(8)
      // Cycle after cycle left only what was not over to the next one: together they are one folding of the whole.
      await reach('13:10:01')
      await expect.poll(() => own.live.runningMinutes!.foldedTo, PATIENT).toBe(130)
      // Every fifth minute from the auction on, each cycle for /metrics.
      await expect.poll(() => own.liveMarket.aggregationSeconds.length, PATIENT).toBe(27)
      expect(own.liveMarket.incompleteBuckets).toBe((await unfinished())[0]!.bars)
      const minutes = own.live.runningMinutes!
      const { bars, stocks } = minutes.together(minutes.codes, 130)
      expect(stocks.length).toBe(minutes.codes.filter((code) => minutes.of(code) !== undefined).length)
      const days = stocks.map(({ code, start, end }) => ({ code, date: minutes.date, source: 'simulator', minutes: 1, start, end }))
      const rowsOf = (frame: Frame) =>
        Array.from({ length: frame.length }, (_, row) => [
          ...['ts_code', 'interval'].map((name) => labelAt(labels(frame, name), row)),
          ...['time', 'open', 'high', 'low', 'close', 'volume', 'amount', 'trades', 'is_final'].map((name) => numbers(frame, name)[row]),
        ]).toSorted((a, b) => (String(a) < String(b) ? -1 : 1))
      const found = await app.engine.frame('select * from fupan.market_kline_buckets where trade_date = {date:UInt32}', {
        params: { date: app.calendar.next(last) },
      })
      expect(rowsOf(found)).toEqual(rowsOf(bucketFrame(bars, days, 130)))
    } finally {
      stop.abort()
    }
    expect((await running).ended).toBe('stopped')
    expect(app.live.runningMinutes).toBeUndefined()
  })
})

test('kill -9 at random moments loses nothing', async () => {
  const rng = seededRng(9)
  await play({ from: last })
  const whole = stored(app)
  await app.close()
  try {
    let killed = 0
    for (let attempt = 0; attempt < 4; attempt++) if ((await runKilled(attempt === 0 ? last : undefined, rng.integer(5, 60))) === 'SIGKILL') killed++
    expect(killed).toBeGreaterThan(2)
    expect(await runKilled(undefined, Infinity)).toBe(0)
  } finally {
    app = await openFolder()
  }
  expect(stored(app)).toEqual(whole)
})

describe('a market with others beside it', () => {
  const MARKETS = ['crypto', 'hk', 'us'] as const

  beforeAll(() => {
    addProfiles(app.folders.root, settleWorld(app.folders.root, app.calendar, app.clock.now()), MARKETS)
  })

  test('plays their minutes as its own time moves, and stopped anywhere leaves the rows of one nobody stopped', async () => {
    const from = app.calendar.back(last, 1)
    await play({ from })
    const whole = stored(app, [...STORED, 'sim_foreign_session'])
    const afternoon = instantOf(last, clockTime('15:00'))
    const [day, minute] = [zoneDate('UTC', afternoon), Math.floor(zoneTimeOfDay('UTC', afternoon) / 60_000)]
    const marks = Object.fromEntries(whole['sim_foreign_session']!.map(([market, , date, slot, at, isVirtual]) => [market, [date, slot, at, isVirtual]]))
    expect(marks['crypto']).toEqual([day, minute, afternoon, 1])
    // New York trades in the night between the two days, if it does; its next session is that of the evening.
    expect(marks['us']![0]).toBeLessThanOrEqual(last)
    const priced = new Set(whole['stock_realtime_price']!.map(([symbol]) => marketOf(symbol as string)))
    expect(priced).toContain('cn')
    expect(priced).toContain('crypto')
    expect(new Set(whole['market_status']!.map(([market]) => market))).toEqual(new Set(['cn', ...MARKETS]))
    const rng = seededRng(61)
    let [stops, report] = [0, await stoppedAfter(rng.integer(0, 40), { from })]
    while (report.ended === 'stopped') report = await stoppedAfter(++stops < 12 ? rng.integer(0, 60) : Infinity)
    expect(stops).toBeGreaterThan(8)
    expect(stored(app, [...STORED, 'sim_foreign_session'])).toEqual(whole)
  })

  test('fails as it does: a minute abroad that cannot be written ends it in words', async () => {
    const full = new Proxy(app.ledger.liveMarket, {
      get(target, name) {
        if (name === 'markForeign') throw Object.assign(new Error('database or disk is full'), { errcode: 13 })
        const value: unknown = Reflect.get(target, name)
        return typeof value === 'function' ? (value.bind(target) as unknown) : value
      },
    })
    const ledger = new Proxy(app.ledger, {
      get(target, name) {
        const value: unknown = name === 'liveMarket' ? full : Reflect.get(target, name)
        return typeof value === 'function' ? (value.bind(target) as unknown) : value
      },
    })
    await play({ from: last, until: instantOf(last, clockTime('10:00')) })
    const before = stored(app, [...STORED, 'sim_foreign_session'])
    await expect(play({}, { ...app, ledger })).rejects.toThrow(/Cannot go on: the disk of .* is full/)
    expect(app.liveMarket.isRunning).toBe(false)
    // Whatever came first: the minute that failed left nothing, those before it are whole.
    expect(stored(app, [...STORED, 'sim_foreign_session'])['sim_foreign_session']).toEqual(before['sim_foreign_session'])
    expect(await play()).toMatchObject({ ended: 'caught-up' })
  })
})

interface Told {
  readonly op: string
  readonly detail?: string
  readonly data?: TruthRow | readonly TruthRow[]
}

/** A page that listens to one channel, and how far the market was at each frame: the last minute that was committed. */
function listener(ch: string) {
  const frames: (Told & { readonly marketAt: number })[] = []
  const send = (frame: string) => void frames.push({ ...(JSON.parse(frame) as Told), marketAt: app.liveMarket.lastBarAt ?? 0 })
  const page = app.live.join({ send, bufferedBytes: () => 0, close() {} })
  page.receive(JSON.stringify({ op: 'sub', id: '1', ch }))
  return { frames, leave: () => page.leave() }
}

/** Play until so many minutes were committed, then stop as Ctrl+C does. */
function stoppedAfter(minutes: number, rest: Partial<LiveMarketRequest> = {}): Promise<LiveMarketReport> {
  const stop = new AbortController()
  let committed = 0
  return play({
    ...rest,
    signal: stop.signal,
    emit(event) {
      if (event.type === 'progress' && event.unit === 'minutes' && ++committed > minutes) stop.abort()
    },
  })
}

/** `fupan sim run --test` in a process of its own, killed after so many lines of progress. Its exit code, or what killed it. */
function runKilled(from: TradeDate | undefined, afterLines: number): Promise<number | string | null> {
  return new Promise((resolve) => {
    const words = [
      'sim',
      'run',
      '--test',
      '--speed',
      'max',
      '--no-night',
      '--json',
      '--port',
      '0',
      '--data-dir',
      folder,
      ...(from === undefined ? [] : ['--from', String(from)]),
    ]
    const child = spawn(process.execPath, ['bin/fupan.mjs', ...words], { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] })
    let lines = 0
    child.stderr.setEncoding('utf8').on('data', (piece: string) => {
      lines += piece.split('\n').length - 1
      if (lines >= afterLines) child.kill('SIGKILL')
    })
    child.on('exit', (code, signal) => resolve(code ?? signal))
  })
}

async function quiet(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve))
}
