import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { routes } from '#api/routes/index.ts'
import { openApp, type App } from './app.ts'
import { callVerb } from './call-verb.ts'
import { readConfig, type Config } from './config.ts'
import { serveControl } from './control-socket.ts'
import { createLog } from './log.ts'
import { runVerb } from './run-verb.ts'
import { startServer } from './serve-world.ts'
import { systemClock } from './system-clock.ts'

const folder = mkdtempSync(join(tmpdir(), 'fupan-serve-'))
const TOKEN = 'a token of more than sixteen'
let config: Config
let app: App
let server: FastifyInstance
let guarded: FastifyInstance
let control: Awaited<ReturnType<typeof serveControl>>
const quiet = { emit() {}, signal: new AbortController().signal, folder }

beforeAll(async () => {
  config = readConfig({ dataDirectory: folder, port: 0 }, { UV_THREADPOOL_SIZE: '16' })
  const opened = await openApp({ config, world: 'sim', clock: systemClock, log: createLog({ level: 'silent' }), simulated: { size: 12, days: 80 } })
  if (opened.type === 'held') throw new Error('the temporary folder is held')
  app = opened.app
  const { exitCode } = await runVerb(app, 'run', { all: true }, quiet)
  expect(exitCode).toBe(0)
  server = await startServer(app)
  guarded = await startServer({ ...app, config: { ...config, token: { value: TOKEN, from: 'environment', secret: true } } })
  control = await serveControl(app)
  app.ledger.publishAddress({ socket: control.path })
})

afterAll(async () => {
  await control.close()
  await guarded.close()
  await server.close()
  await app.close()
  rmSync(folder, { recursive: true, force: true })
})

const get = (url: string, headers: Record<string, string> = {}) => server.inject({ method: 'GET', url, headers })
const anyCode = async () => (await get('/api/symbols?limit=1')).json<{ rows: { code: string }[] }>().rows[0]!.code

test('every route answers what its schema promises', async () => {
  const symbol = await anyCode()
  const queries: Record<string, string> = {
    '/api/klines': `?symbol=${symbol}&interval=1d`,
    '/api/klines/batch': `?symbols=${symbol}&interval=5m`,
    '/api/realtime': `?symbols=${symbol}`,
    '/api/trades': `?symbol=${symbol}`,
    '/api/depth': `?symbol=${symbol}`,
    '/api/stock': `?symbol=${symbol}`,
    '/api/micro/daily': `?ts_code=${symbol}`,
    '/api/micro/levels': `?ts_code=${symbol}`,
    '/api/micro/level-tests': `?ts_code=${symbol}`,
    '/api/micro/level-scores': `?ts_code=${symbol}`,
    '/api/micro/ticks': `?ts_code=${symbol}&date=20260105`,
  }
  for (const route of routes) {
    const path = route.path.split(' ')[1]!
    const response = await get(path + (queries[path] ?? ''))
    expect(response.statusCode, path).toBe(200)
    const parsed = route.reply.safeParse(response.json())
    expect(parsed.error?.issues ?? [], path).toEqual([])
  }
})

test('/api/depth shows ten levels of a simulated stock after the close, around the quotes before its last recorded trade', async () => {
  const [tick] = await app.engine.rows<{ code: string; at: number; bid: number; ask: number }>(
    `select ts_code as code, toFloat64(at) as at, bid1 / 1000 as bid, ask1 / 1000 as ask from fupan.ods_tick
     where bid1 > 0 and ask1 > 0 and trade_date = (select max(trade_date) from fupan.ods_tick) order by ts_code, at desc limit 1`,
  )
  const { code, at, bid, ask } = tick!
  const depth = (await get(`/api/depth?symbol=${code}`)).json<{ bids: { price: number; volume: number }[]; asks: { price: number; volume: number }[] }>()
  expect(depth).toMatchObject({ source: 'sim', origin: 'drawn', time_ms: at })
  expect([depth.bids.length, depth.asks.length]).toEqual([10, 10])
  expect([depth.bids[0]!.price, depth.asks[0]!.price]).toEqual([bid, ask])
  expect((await get('/api/depth?symbol=999999.SH')).json()).toMatchObject({ code: 'SYMBOL_NOT_FOUND' })
})

test('the OpenAPI document lists every route of the registry', async () => {
  const document = (await get('/api/openapi.json')).json<{ openapi: string; paths: Record<string, object> }>()
  expect(document.openapi).toBe('3.1.0')
  expect(Object.keys(document.paths).toSorted()).toEqual(routes.map(({ path }) => path.split(' ')[1]!).toSorted())
})

test('/api/klines pages back and forth without repeating or skipping a bar', async () => {
  const symbol = await anyCode()
  type Page = { data: { klines: { time: number[] }; next_cursor: string | null; prev_cursor: string | null } }
  const page = async (rest: string) => (await get(`/api/klines?symbol=${symbol}&interval=1d&format=columns&${rest}`)).json<Page>().data
  const whole = (await page('limit=5000')).klines.time
  const seen: number[][] = []
  for (let cursor: string | null | undefined; cursor !== null;) {
    const data: Page['data'] = await page(`limit=13${cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`}`)
    seen.unshift(data.klines.time)
    cursor = data.prev_cursor
  }
  expect(seen.flat()).toEqual(whole)
})

test('/api/klines answers 304 for an unchanged page, 400 for a forged cursor, 404 for an unknown stock, 422 for a turned range', async () => {
  const symbol = await anyCode()
  const first = await get(`/api/klines?symbol=${symbol}&interval=1d`)
  expect((await get(`/api/klines?symbol=${symbol}&interval=1d`, { 'if-none-match': first.headers.etag as string })).statusCode).toBe(304)
  expect((await get(`/api/klines?symbol=${symbol}&interval=1d&cursor=abc.def`)).statusCode).toBe(400)
  expect((await get('/api/klines?symbol=999999.SH&interval=1d')).json()).toMatchObject({ code: 'SYMBOL_NOT_FOUND' })
  expect((await get(`/api/klines?symbol=${symbol}&interval=1d&start=20260201&end=20260101`)).statusCode).toBe(422)
  expect((await get(`/api/klines?symbol=${symbol}&interval=1d&limit=0`)).json()).toMatchObject({ code: 'BAD_PARAM' })
})

test('a page of another origin is refused, a token is asked for where one is set, health is open', async () => {
  expect((await get('/api/status', { origin: 'http://elsewhere.example' })).statusCode).toBe(403)
  const ask = (url: string, headers: Record<string, string> = {}) => guarded.inject({ method: 'GET', url, headers })
  expect((await ask('/api/status')).statusCode).toBe(401)
  expect((await ask('/api/status', { authorization: 'Bearer wrong' })).statusCode).toBe(401)
  expect((await ask('/api/status', { authorization: `Bearer ${TOKEN}` })).statusCode).toBe(200)
  expect((await ask('/healthz')).statusCode).toBe(200)
  expect((await ask('/metrics')).statusCode).toBe(401)
})

test('a verb called while another process would own the world runs in the owner, with the same answer and the same errors', async () => {
  const call = (verb: string, args: unknown) => callVerb({ config, clock: systemClock, world: 'sim', verb, args, ...quiet })
  const here = await runVerb(app, 'query', { sql: 'select count() as n from dwd_daily' }, quiet)
  const there = await call('query', { sql: 'select count() as n from dwd_daily' })
  expect((there.data as { rows: unknown }).rows).toEqual((here.data as { rows: unknown }).rows)
  await expect(call('explain', { target: 'no_such_table' })).rejects.toThrow(/there is no such table/)
  await expect(call('query', { sql: 'drop table ods_daily' })).rejects.toThrow(/Cannot run this query/)
})

test('the night of the simulated market leaves its truth, up to its last day', async () => {
  const rows = await app.engine.rows<{ from: number; to: number }>('select from_date as from, to_date as to from truth.sim_truth_state')
  expect(rows).toEqual([{ from: app.simulatedFrom, to: app.calendar.lastCompleted(app.clock.now()) }])
})

test('ledger tables are readable with a query', async () => {
  const { data } = await runVerb(app, 'query', { sql: 'select api_name, water_mark from meta_etl_watermark order by api_name limit 3' }, quiet)
  expect((data as { rows: unknown[][] }).rows).toHaveLength(3)
})
