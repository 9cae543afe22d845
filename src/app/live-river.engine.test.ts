import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { aShareCalendar } from '#core/a-share-calendar.ts'
import { clockTime, instantOf } from '#core/shanghai-time.ts'
import { tradeDate, type TradeDate } from '#core/trade-date.ts'
import type { OpportunityEvent } from '#opportunity/event.ts'
import { foldAll } from '#opportunity/fold.ts'
import { dwsFlowBucket } from '#warehouse/dws/dws_flow_bucket.ts'
import { dwdDaily } from '#warehouse/dwd/dwd_daily.ts'
import { FrameBuilder } from '#warehouse/frame-builder.ts'
import { Load } from '#warehouse/load.ts'
import { odsTick } from '#warehouse/ods/ods_tick.ts'
import type { Table } from '#warehouse/table.ts'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openApp, type App } from './app.ts'
import { readConfig } from './config.ts'
import { createLog } from './log.ts'
import { recordArrival } from './record-arrival.ts'
import { runVerb } from './run-verb.ts'
import { startServer } from './serve-world.ts'
import { systemClock } from './system-clock.ts'

const recordedDay = resolve(process.env.FUPAN_SHARED ?? '../shared', 'data/ticks_l1/300027.SZ')
const hasShared = existsSync(recordedDay)

const folder = mkdtempSync(join(tmpdir(), 'fupan-live-'))
const date = tradeDate(20260601)
let app: App
let server: FastifyInstance
let address: string

beforeAll(async () => {
  const config = readConfig({ dataDirectory: join(folder, 'data') }, { UV_THREADPOOL_SIZE: '16' }, folder)
  const opened = await openApp({ config, world: 'market', clock: systemClock, log: createLog({ level: 'silent' }) })
  if (opened.type === 'held') throw new Error('the temporary folder is held')
  app = opened.app
  await loadSession()
  server = await startServer(app, 0)
  address = `127.0.0.1:${(server.server.address() as { port: number }).port}`
})

afterAll(async () => {
  await server.close()
  await app.close()
  rmSync(folder, { recursive: true, force: true })
})

async function loaded(table: Table, builder: FrameBuilder<Table['columns']>, dates: readonly TradeDate[]): Promise<void> {
  const version = app.ledger.nextVersion()
  const load = new Load(app.engine, version)
  await load.add(table, builder.take())
  await load.publish()
  await recordArrival(app.engine, app.ledger, table, version, 'test', dates)
}

/**
 * Three stocks over twenty quiet days, then a session: small trades of both sides, and for six minutes large ones of one side.
 * Each stock has its turn, so that the session holds one opportunity after the other.
 */
async function loadSession(): Promise<void> {
  const before = aShareCalendar.dates(aShareCalendar.shift(date, -20), aShareCalendar.previous(date))
  const daily = new FrameBuilder<Table['columns']>(dwdDaily)
  const ticks = new FrameBuilder<Table['columns']>(odsTick)
  for (const [nth, [code, side]] of (
    [
      ['000001.SZ', 'B'],
      ['300027.SZ', 'S'],
      ['600519.SH', 'B'],
    ] as const
  ).entries()) {
    for (const day of before) {
      daily.push({
        trade_date: day,
        ts_code: code,
        open: 10,
        high: 10.2,
        low: 9.9,
        close: 10,
        pre_close: 10,
        ret_1d: 0,
        vol_shares: 1e7,
        amount_cny: 1e8,
        vwap: 10,
        adjusted_scale: 0,
        is_bar_valid: 1,
        fix_flags: 0,
      })
    }
    const burst = clockTime('10:00') + nth * 20 * 60_000
    let seq = 0
    for (let time = clockTime('09:30'); time < clockTime('11:20'); time += 3000) {
      const isBurst = time >= burst && time < burst + 360_000
      const volume = isBurst ? 40_000 : 2000
      ticks.push({
        trade_date: date,
        ts_code: code,
        grain: 'AGG3S',
        source: 'test',
        at: instantOf(date, time),
        seq,
        price: 10_000,
        volume,
        amount: volume * 10_000,
        amount_est: 0,
        vendor_side: isBurst ? side : seq % 2 === 0 ? 'B' : 'S',
        trade_count: NaN,
        bid1: NaN,
        ask1: NaN,
      })
      seq++
    }
  }
  expect(await runVerb(app, 'run', { targets: ['dim_trade_cal'], date }, { emit() {}, signal: new AbortController().signal, folder })).toMatchObject({
    exitCode: 0,
  })
  await loaded(dwdDaily, daily, before)
  await loaded(odsTick, ticks, [date])
}

interface Reply {
  readonly ended: string
  readonly ticks: number
  readonly events: number
  readonly comparedWith: object
  readonly opportunities: readonly Row[]
}

interface Row {
  readonly id: string
  readonly state: string
  readonly confidence: number
}

async function replayed(args: object = { date }): Promise<Reply> {
  const { exitCode, data } = await runVerb(app, 'replay', args, { emit() {}, signal: new AbortController().signal, folder })
  expect(exitCode).toBe(0)
  return data as Reply
}

/** The events of the sessions of a day as the ledger kept them, earlier sessions first. A run is named `replay:day:when it began`. */
function sessionsOn(day: TradeDate): readonly (readonly string[])[] {
  const runs = [...Map.groupBy(app.ledger.opportunities.on(day), ({ run }) => run)]
  return runs
    .toSorted(([a], [b]) => Number(a.split(':')[2]) - Number(b.split(':')[2]))
    .map(([, records]) => records.toSorted((a, b) => a.channelSeq - b.channelSeq).map(({ payload }) => payload))
}

test('replay gives the same events every time, and keeps each session in the ledger', async () => {
  const first = await replayed()
  expect(first).toMatchObject({ ended: 'done', ticks: 6600, comparedWith: { own: 0, profile: 3, unknown: 0 } })
  expect(first.opportunities.map(({ id }) => id).toSorted()).toEqual(['20260601-000001.SZ-long-1', '20260601-300027.SZ-short-1', '20260601-600519.SH-long-1'])
  expect((await replayed()).opportunities).toEqual(first.opportunities)
  const [one, two] = sessionsOn(date)
  expect(one!.length).toBe(first.events)
  expect(two).toEqual(one)
  const kept = app.ledger.opportunities.of(app.ledger.opportunities.on(date)[0]!.oppId)
  expect(kept[0]).toMatchObject({ seq: 0, type: 'discovered', toState: 'discovered' })
  expect(kept.at(-1)).toMatchObject({ type: 'ended', toState: 'ended' })
  const states = await runVerb(app, 'query', { sql: 'select state, events from opportunity' }, { emit() {}, signal: new AbortController().signal, folder })
  expect((states.data as { rows: unknown[][] }).rows.map(([state]) => state)).toEqual(Array.from({ length: 6 }, () => 'ended'))
})

test('replay at a pace gives the events of full speed', async () => {
  await replayed({ date, speed: 20_000, codes: ['000001.SZ'] })
  await replayed({ date, codes: ['000001.SZ'] })
  const sessions = sessionsOn(date)
  expect(sessions.at(-2)!.length).toBeGreaterThan(3)
  expect(sessions.at(-2)).toEqual(sessions.at(-1))
})

test('replay of a day played before goes on after its history changed: the new session is another record', async () => {
  const before = await replayed()
  const builder = new FrameBuilder<Table['columns']>(dwsFlowBucket)
  const days = aShareCalendar.dates(aShareCalendar.shift(date, -6), aShareCalendar.previous(date))
  for (const [nth, day] of days.entries())
    for (let bucket = 0; bucket < 48; bucket++)
      builder.push({
        trade_date: day,
        ts_code: '000001.SZ',
        bucket,
        amount: 1e6,
        net_value: 0,
        net_ratio: nth % 2 === 0 ? 0.5 : 0.9,
        big_count: 1,
        tick_count: 10,
        big_density: 0.1,
      })
  await loaded(dwsFlowBucket, builder, days)
  const after = await replayed()
  expect(after.comparedWith).toEqual({ own: 1, profile: 2, unknown: 0 })
  // One who always buys is no news.
  expect(after.opportunities.map(({ id }) => id)).not.toEqual(before.opportunities.map(({ id }) => id))
  await app.engine.exec('truncate table fupan.dws_flow_bucket')
  expect((await replayed()).opportunities).toEqual(before.opportunities)
})

test('play ends the session that runs before another begins, whoever asks at the same time', async () => {
  const play = () => app.live.play({ date, kind: 'replay', speed: 1, signal: new AbortController().signal })
  const [first, second] = [play(), play()]
  const last = app.live.play({ date, kind: 'replay', speed: 'max', signal: new AbortController().signal })
  expect(await first).toMatchObject({ ended: 'stopped' })
  expect(await second).toMatchObject({ ended: 'stopped' })
  expect(await last).toMatchObject({ ended: 'done', ticks: 6600, stocks: 3 })
  expect(app.live.state()).toMatchObject({ session: 'ended', ticks: 6600 })
  const slow = play()
  while (app.live.state().session !== 'running') await new Promise((resolve) => setTimeout(resolve, 10))
  await app.live.stop('test')
  expect(await slow).toMatchObject({ ended: 'stopped' })
  expect(app.live.state().session).toBe('ended')
})

test.skipIf(!hasShared)('replay of a recorded day gives the same events twice (needs FUPAN_SHARED)', { timeout: 120_000 }, async () => {
  const context = { emit() {}, signal: new AbortController().signal, folder }
  const files = ['dayk_bfq.csv.gz', '2018-01-15.csv.gz'].map((name) => join(recordedDay, name))
  expect(await runVerb(app, 'import', { paths: files }, context)).toMatchObject({ exitCode: 0 })
  expect(await runVerb(app, 'run', { targets: ['dwd_daily'], from: 20171201, to: 20180115 }, context)).toMatchObject({ exitCode: 0 })
  const day = tradeDate(20180115)
  const first = await replayed({ date: day, codes: ['300027.SZ'] })
  expect(first).toMatchObject({ ended: 'done', ticks: 3366, comparedWith: { own: 0, profile: 1, unknown: 0 } })
  expect(first.events).toBeGreaterThan(0)
  expect(await replayed({ date: day, codes: ['300027.SZ'] })).toMatchObject({ ticks: 3366, events: first.events })
  const [one, two] = sessionsOn(day)
  expect(two).toEqual(one)
  for (const { reason, price } of one!
    .map((text) => JSON.parse(text) as OpportunityEvent)
    .flatMap((event) => (event.type === 'discovered' ? [event.finding] : []))) {
    expect(reason.zh).toMatch(/标准差/)
    expect(reason.en).toMatch(/σ/)
    expect(Object.values(price).every(Number.isFinite)).toBe(true)
  }
})

// ---- the socket ----------------------------------------------------------------------------------------------------------

interface Frame {
  readonly op: string
  readonly id?: string
  readonly ch?: string
  readonly epoch?: string
  readonly seq?: number
  readonly mode?: string
  readonly code?: string
  readonly data?: readonly Row[] | { readonly type: string; readonly opp: Row }
}

/** A page: what it was sent so far, and a way to wait for more. */
class Page {
  readonly frames: Frame[] = []
  readonly #socket: WebSocket
  #wake: () => void = () => {}
  closed: number | undefined

  private constructor(socket: WebSocket) {
    this.#socket = socket
    socket.addEventListener('message', ({ data }) => {
      this.frames.push(JSON.parse(String(data)) as Frame)
      this.#wake()
    })
    socket.addEventListener('close', ({ code }) => {
      this.closed = code
      this.#wake()
    })
  }

  static async open(): Promise<Page> {
    const socket = new WebSocket(`ws://${address}/ws`)
    const page = new Page(socket)
    await new Promise((resolve, reject) => {
      socket.addEventListener('open', resolve, { once: true })
      socket.addEventListener('error', reject, { once: true })
    })
    return page
  }

  say(message: object | string | Uint8Array): void {
    this.#socket.send(typeof message === 'string' || message instanceof Uint8Array ? message : JSON.stringify(message))
  }

  /** Wait until the frames satisfy the condition; rejects when they do not within five seconds. */
  async until(condition: (frames: readonly Frame[]) => boolean): Promise<void> {
    const deadline = Date.now() + 5000
    while (!condition(this.frames)) {
      if (Date.now() > deadline) throw new Error(`waited in vain; got ${JSON.stringify(this.frames.slice(-5))}, closed ${this.closed}`)
      await new Promise<void>((resolve) => {
        this.#wake = resolve
        setTimeout(resolve, 100)
      })
    }
  }

  /** The deltas of an epoch. */
  deltas(epoch: string): readonly Frame[] {
    return this.frames.filter((frame) => frame.op === 'delta' && frame.epoch === epoch)
  }

  async close(): Promise<void> {
    this.#socket.close()
    await this.until(() => this.closed !== undefined)
  }
}

async function listed(): Promise<{ readonly epoch: string; readonly seq: number; readonly session: string; readonly rows: readonly Row[] }> {
  return (await (await fetch(`http://${address}/api/opportunities`)).json()) as Awaited<ReturnType<typeof listed>>
}

const isOf = (op: string) => (frames: readonly Frame[]) => frames.some((frame) => frame.op === op)

test('the socket sends a snapshot, then every change without a hole, and the last of them are what REST lists', async () => {
  const page = await Page.open()
  page.say({ op: 'sub', id: '1', ch: 'opportunities' })
  await page.until(isOf('snap'))
  expect(page.frames[0]).toMatchObject({ op: 'ack', id: '1', ch: 'opportunities', mode: 'snapshot' })
  const { events } = await replayed()
  const { epoch, seq, rows, session } = await listed()
  expect(session).toBe('ended')
  expect(seq).toBe(events)
  await page.until(() => page.deltas(epoch).at(-1)?.seq === seq)
  // The new session begins with an empty snapshot and its numbers at 1.
  expect(page.frames.filter((frame) => frame.op === 'snap' && frame.epoch === epoch)).toEqual([{ op: 'snap', ch: 'opportunities', epoch, seq: 0, data: [] }])
  expect(page.deltas(epoch).map((frame) => frame.seq)).toEqual(Array.from({ length: events }, (_, i) => i + 1))
  const latest = new Map(page.deltas(epoch).map(({ data }) => [(data as { opp: Row }).opp.id, (data as { opp: Row }).opp]))
  expect([...latest.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1))).toEqual(rows.toSorted((a, b) => (a.id < b.id ? -1 : 1)))
  // And they are what the events in the ledger add up to.
  const folded = foldAll(
    sessionsOn(date)
      .at(-1)!
      .map((text) => JSON.parse(text) as OpportunityEvent),
  )
  expect([...folded.values()].map(({ id, state, confidence }) => [id, state, confidence])).toEqual(
    [...latest.values()].map(({ id, state, confidence }) => [id, state, confidence]),
  )
  await page.close()
})

test('the socket resumes a page from the number it saw last, and sends a snapshot when it cannot', async () => {
  const { events } = await replayed()
  const { epoch, rows } = await listed()
  const page = await Page.open()
  page.say({ op: 'sub', id: 'back', ch: 'opportunities', since: { epoch, seq: events - 3 } })
  await page.until(() => page.deltas(epoch).length === 3)
  expect(page.frames[0]).toMatchObject({ op: 'ack', id: 'back', seq: events, mode: 'resume' })
  expect(page.deltas(epoch).map(({ seq }) => seq)).toEqual([events - 2, events - 1, events])
  expect(page.frames.some(({ op }) => op === 'snap')).toBe(false)
  for (const since of [
    { epoch: 'another log', seq: 1 },
    { epoch, seq: events + 1 },
  ]) {
    const other = await Page.open()
    other.say({ op: 'sub', id: 'lost', ch: 'opportunities', since })
    await other.until(isOf('snap'))
    expect(other.frames[0]).toMatchObject({ op: 'ack', mode: 'snapshot' })
    expect(other.frames[1]!.data).toEqual(rows)
    await other.close()
  }
  await page.close()
})

test('the socket keeps what a page filters through the next session', async () => {
  const page = await Page.open()
  page.say({ op: 'sub', id: '1', ch: 'opportunities', filter: { min_conf: 0.5 } })
  await page.until(isOf('snap'))
  await replayed()
  const { epoch, seq } = await listed()
  page.say({ op: 'sub', id: 'end', ch: 'opportunities', since: { epoch, seq } })
  await page.until((frames) => frames.some(({ id }) => id === 'end'))
  const seen = page.deltas(epoch)
  expect(seen.length).toBeGreaterThan(0)
  expect(seen.length).toBeLessThan(seq)
  expect(seen.every(({ data }) => (data as { opp: Row }).opp.confidence >= 0.5)).toBe(true)
  await page.close()
})

test('the socket sends nothing more after unsub', async () => {
  const page = await Page.open()
  page.say({ op: 'sub', id: '1', ch: 'opportunities' })
  await page.until(isOf('snap'))
  page.say({ op: 'unsub', ch: 'opportunities' })
  page.say('what?')
  await page.until(isOf('err'))
  const before = page.frames.length
  await replayed()
  expect(page.frames.length).toBe(before)
  await page.close()
})

test('the socket answers what it cannot read or does not have, and goes on', async () => {
  const page = await Page.open()
  for (const message of ['not json', '{"op":"sub"}', '{"op":"dance"}', '[]', '{"op":"sub","id":"1","ch":"opportunities","since":{"epoch":"e","seq":-1}}']) {
    const before = page.frames.length
    page.say(message)
    await page.until((frames) => frames.length > before)
    expect(page.frames.at(-1), message).toMatchObject({ op: 'err', code: 'E_MESSAGE' })
  }
  page.say({ op: 'sub', id: '7', ch: 'rumours' })
  await page.until((frames) => frames.some(({ id }) => id === '7'))
  expect(page.frames.at(-1)).toMatchObject({ op: 'err', id: '7', code: 'E_CHANNEL' })
  page.say({ op: 'pong' })
  page.say({ op: 'sub', id: '8', ch: 'opportunities' })
  await page.until(isOf('snap'))
  await page.close()
})

test('the socket lets go of a page that talks too much or in bytes, and of no other', async () => {
  const [calm, loud, binary] = await Promise.all([Page.open(), Page.open(), Page.open()])
  for (let i = 0; i < 30; i++) loud.say({ op: 'pong' })
  binary.say(new Uint8Array([1, 2, 3]))
  await loud.until(() => loud.closed !== undefined)
  await binary.until(() => binary.closed !== undefined)
  expect([loud.closed, binary.closed]).toEqual([1008, 1003])
  calm.say({ op: 'sub', id: '1', ch: 'opportunities' })
  await calm.until(isOf('snap'))
  expect(calm.closed).toBeUndefined()
  await calm.close()
})
