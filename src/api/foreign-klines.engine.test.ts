import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { marketCalendar, minutesOn } from '#core/market-day.ts'
import { marketOf } from '#core/symbol.ts'
import { tradeDate, type EpochMs } from '#core/trade-date.ts'
import { foldBars } from '#numeric/fold-bars.ts'
import { ForeignWorld } from '#market/foreign-world.ts'
import { foreignSimulator } from '#sources/foreign-simulator.ts'
import { dimForeignSymbol } from '#warehouse/dim/dim_foreign_symbol.ts'
import { dimStock } from '#warehouse/dim/dim_stock.ts'
import type { Engine } from '#warehouse/engine/engine.ts'
import { openEngine } from '#warehouse/engine/open-engine.ts'
import { FrameBuilder } from '#warehouse/frame-builder.ts'
import { Load } from '#warehouse/load.ts'
import { odsForeignDaily } from '#warehouse/ods/ods_foreign_daily.ts'
import { odsForeignMinute } from '#warehouse/ods/ods_foreign_minute.ts'
import { createTables } from '#warehouse/schema.ts'
import { tables } from '#warehouse/tables.ts'
import { routes } from './routes/index.ts'
import { createServer } from './server.ts'

// Clocks go back on 1 November, 26 November is Thanksgiving, the 27th ends at 13:00.
const last = tradeDate(20261127)
const settings = { seed: 3, firstDate: tradeDate(20261026), lastDate: { hk: last, us: last, crypto: last }, profiles: ['hk', 'us', 'crypto'] as const }
const CODES = ['AAPL.US', 'JPM.US', '700.HK', 'BTCUSDT']
const folder = mkdtempSync(join(tmpdir(), 'fupan-foreign-klines-'))
let engine: Engine
let server: FastifyInstance
let now = Date.parse('2026-11-28T12:00:00Z') as EpochMs

beforeAll(async () => {
  engine = await openEngine({ directory: join(folder, 'engine'), threadPoolSize: 16 })
  await createTables(engine, tables)
  server = await createServer({
    context: {
      engine,
      clock: { now: () => now, sleep: () => Promise.resolve() },
      live: {
        state: () => ({ session: 'idle', kind: 'live', date: undefined, isTest: false, ticks: 0, lastEventAt: undefined, speed: '1' }),
        snapshot: () => ({ epoch: '', seq: 0, rows: [] }),
        sessionOf: () => undefined,
        minutesOf: () => undefined,
        tradesOf: () => [],
      },
      barLabel: 'end',
      warehouse: {
        sourceLabel: { zh: '', en: '' },
        simulated: true,
        engineVersion: '',
        lastCompleted: () => last,
        tables: () => [],
        latestRun: () => undefined,
      },
    },
    channels: { join: () => ({ receive() {}, leave() {} }) },
    token: undefined,
    pages: undefined,
    version: '0',
    log: pino({ level: 'silent' }),
    isReady: () => true,
    metrics: () => Promise.resolve(''),
  })
  const source = foreignSimulator(settings)
  const load = new Load(engine, 1)
  for (const [table, dataset] of [
    [dimForeignSymbol, 'dim_foreign_symbol'],
    [odsForeignDaily, 'ods_foreign_daily'],
    [odsForeignMinute, 'ods_foreign_minute'],
  ] as const)
    for await (const { frame } of source.fetch({ dataset, from: settings.firstDate, to: last, codes: CODES })) await load.add(table, frame)
  const builder = new FrameBuilder(dimStock)
  const unknown = Object.fromEntries(Object.keys(dimStock.columns).map((name) => [name, undefined]))
  const share = {
    ts_code: '600700.SH',
    symbol: '600700',
    name: '甲',
    pinyin: 'j',
    exchange: 'SSE',
    board: 'main',
    is_a_share: 1,
    list_status: 'L',
    source: 'sim',
  }
  builder.push({ ...unknown, ...share } as Parameters<typeof builder.push>[0])
  await load.add(dimStock, builder.take())
  await load.publish()
  await load.discard()
}, 60_000)

afterAll(async () => {
  await server.close()
  await engine.close()
  rmSync(folder, { recursive: true, force: true })
})

interface Bar {
  readonly time: number
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
  readonly volume: number
  readonly amount: number
  readonly final: boolean
}

interface Data {
  readonly symbol: string
  readonly timezone: string
  readonly source: string
  readonly klines: readonly Bar[]
  readonly next_cursor: string | null
  readonly prev_cursor: string | null
  readonly latest_time: number
}

const get = (query: string, path = '/api/klines') => server.inject({ method: 'GET', url: `${path}?${query}` })
const page = async (query: string) => {
  const reply = await get(query)
  expect(reply.statusCode, reply.body).toBe(200)
  return reply.json<{ data: Data }>().data
}
const utc = (bars: readonly Bar[]) => bars.map(({ time }) => new Date(time).toISOString().slice(0, 16))

const world = new ForeignWorld(settings)
const generated = (code: string) => {
  const symbol = world.symbols.find((each) => each.code === code)!
  return world.dates(symbol.market).map((_, at) => world.day(symbol, at))
}

test('GET /api/klines answers minutes of every market with its zone, as they were generated', async () => {
  for (const [symbol, zone] of [
    ['AAPL.US', 'America/New_York'],
    ['jpm.us', 'America/New_York'],
    ['00700.HK', 'Asia/Hong_Kong'],
    ['BTCUSDT', 'UTC'],
  ] as const) {
    const data = await page(`symbol=${symbol}&interval=1m&auctionBar=separate&limit=5000`)
    expect([data.timezone, data.source]).toEqual([zone, 'sim'])
    const all = generated(data.symbol)
    const expected = all.flatMap((day) => [...day.close]).slice(-data.klines.length)
    expect(data.klines.map(({ close }) => close)).toEqual(expected)
    expect(data.klines.length).toBe(
      Math.min(
        5000,
        all.reduce((sum, { slot }) => sum + slot.length, 0),
      ),
    )
    expect(data.klines.every(({ final }) => final)).toBe(true)
  }
})

test('GET /api/klines folds minutes by the sessions of the exchange, through the change of clocks and an early close', async () => {
  const friday = await page('symbol=JPM.US&interval=60m&start=2026-10-30&end=2026-10-30')
  expect(utc(friday.klines)).toEqual(['14:30', '15:30', '16:30', '17:30', '18:30', '19:30', '20:00'].map((clock) => `2026-10-30T${clock}`))
  const monday = await page('symbol=JPM.US&interval=60m&start=2026-11-02&end=2026-11-02')
  expect(utc(monday.klines)).toEqual(['15:30', '16:30', '17:30', '18:30', '19:30', '20:30', '21:00'].map((clock) => `2026-11-02T${clock}`))
  const short = await page('symbol=AAPL.US&interval=120m&start=20261127&end=20261127')
  expect(utc(short.klines)).toEqual(['2026-11-27T16:30', '2026-11-27T18:00'])
  const starts = await page('symbol=AAPL.US&interval=120m&start=20261127&end=20261127&label=start')
  expect(utc(starts.klines)).toEqual(['2026-11-27T14:30', '2026-11-27T16:30'])
  const hongKong = await page('symbol=700.HK&interval=2h&start=2026-11-03&end=2026-11-03')
  expect(utc(hongKong.klines)).toEqual(['2026-11-03T03:30', '2026-11-03T06:30', '2026-11-03T08:00'])
  const day = generated('700.HK').find(({ date }) => date === 20261103)!
  const { open, high, low, close, volume } = foldBars(day, [0, 121, 241, 331])
  expect(hongKong.klines.map((bar) => [bar.open, bar.high, bar.low, bar.close, bar.volume])).toEqual(
    [0, 1, 2].map((k) => [open[k], high[k], low[k], close[k], volume[k]]),
  )
})

test('GET /api/klines counts minutes anew after lunch when it is asked to', async () => {
  const clocks = async (more: string) =>
    (await page(`symbol=700.HK&interval=60m&start=2026-11-03&end=2026-11-03${more}`)).klines.map(({ time }) =>
      new Date(time + 8 * 3_600_000).toISOString().slice(11, 16),
    )
  expect(await clocks('')).toEqual(['10:30', '11:30', '13:30', '14:30', '15:30', '16:00'])
  expect(await clocks('&bucketing=segment')).toEqual(['10:30', '11:30', '12:00', '14:00', '15:00', '16:00'])
  expect(await clocks('&bucketing=segment&label=start')).toEqual(['09:30', '10:30', '11:30', '13:00', '14:00', '15:00'])
})

test('GET /api/klines folds the opening auction into the first minute unless it is asked for', async () => {
  const [merged, separate, coin] = [
    await page('symbol=700.HK&interval=1m&start=2026-11-03&limit=2'),
    await page('symbol=700.HK&interval=1m&start=2026-11-03&limit=2&auctionBar=separate'),
    await page('symbol=BTCUSDT&interval=1m&start=2026-11-03&limit=2&auctionBar=separate'),
  ]
  expect(utc(merged.klines)).toEqual(['2026-11-03T01:31', '2026-11-03T01:32'])
  expect(utc(separate.klines)).toEqual(['2026-11-03T01:30', '2026-11-03T01:31'])
  expect(merged.klines[0]!.volume).toBe(separate.klines[0]!.volume + separate.klines[1]!.volume)
  expect(merged.klines[0]!.open).toBe(separate.klines[0]!.open)
  expect(utc(coin.klines)).toEqual(['2026-11-03T00:01', '2026-11-03T00:02'])
})

test('GET /api/klines gives a coin the days of UTC: a date is its labels after midnight up to the next', async () => {
  const hours = await page('symbol=BTCUSDT&interval=60m&start=2026-11-03&end=2026-11-03')
  expect([utc(hours.klines)[0], utc(hours.klines).at(-1), hours.klines.length]).toEqual(['2026-11-03T01:00', '2026-11-04T00:00', 24])
  const starts = await page('symbol=BTCUSDT&interval=60m&start=2026-11-03&end=2026-11-03&label=start')
  expect([utc(starts.klines)[0], utc(starts.klines).at(-1), starts.klines.length]).toEqual(['2026-11-03T00:00', '2026-11-03T23:00', 24])
  const days = await page('symbol=BTCUSDT&interval=1d&limit=3')
  expect(utc(days.klines)).toEqual(['2026-11-26T00:00', '2026-11-27T00:00', '2026-11-28T00:00'])
})

test('GET /api/klines: days, weeks and months are labelled by the close of the exchange, the short day by its own', async () => {
  const days = await page('symbol=JPM.US&interval=1d&limit=3')
  expect(utc(days.klines)).toEqual(['2026-11-24T21:00', '2026-11-25T21:00', '2026-11-27T18:00'])
  const sums = generated('JPM.US').slice(-1)[0]!
  const folded = foldBars(sums, [0, sums.slot.length])
  expect(days.klines[2]).toMatchObject({ open: folded.open[0], high: folded.high[0], low: folded.low[0], close: folded.close[0], volume: folded.volume[0] })
  const weeks = await page('symbol=JPM.US&interval=1w')
  expect(utc(weeks.klines)).toEqual(['2026-10-30T20:00', '2026-11-06T21:00', '2026-11-13T21:00', '2026-11-20T21:00', '2026-11-27T18:00'])
  expect(weeks.klines.every(({ final }) => final)).toBe(true)
  const months = await page('symbol=700.HK&interval=1M')
  expect(utc(months.klines)).toEqual(['2026-10-30T08:00', '2026-11-27T08:00'])
  expect(months.klines.map(({ final }) => final)).toEqual([true, false])
})

test('GET /api/klines pages through hours of every market without repeating or leaving out a bar', async () => {
  for (const symbol of CODES) {
    const whole = (await page(`symbol=${symbol}&interval=30m&limit=5000`)).klines
    const dates = marketCalendar(marketOf(symbol)).dates(settings.firstDate, last)
    expect(whole.length).toBe(dates.reduce((sum, date) => sum + Math.ceil(minutesOn(marketOf(symbol), date) / 30), 0))
    const found: Bar[] = []
    for (let cursor: string | null = '', rounds = 0; cursor !== null && rounds < 100; rounds++) {
      const part: Data = await page(`symbol=${symbol}&interval=30m&limit=97${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`)
      found.unshift(...part.klines)
      cursor = part.prev_cursor
    }
    expect(found).toEqual(whole)
    expect(whole.at(-1)!.time).toBe((await page(`symbol=${symbol}&interval=30m&limit=1`)).latest_time)
  }
})

test('a foreign symbol has no book and no trades here, which is said as of any symbol without them; one nobody knows is refused', async () => {
  expect((await get('symbol=700.hk', '/api/depth')).json()).toEqual({ symbol: '700.HK', source: 'sim', time_ms: null, origin: null, bids: [], asks: [] })
  expect((await get('symbol=JPM.US', '/api/trades')).json()).toMatchObject({ symbol: 'JPM.US', trade_date: null, rows: [], cursor: null })
  for (const path of ['/api/depth', '/api/trades']) expect((await get('symbol=ORCL.US', path)).json()).toMatchObject({ code: 'SYMBOL_NOT_FOUND' })
})

test('GET /api/klines knows no adjustment abroad, and refuses what nobody knows', async () => {
  const [plain, adjusted] = [await page('symbol=JPM.US&interval=1d'), await page('symbol=JPM.US&interval=1d&adjust=qfq')]
  expect(adjusted.klines).toEqual(plain.klines)
  expect((await get('symbol=ORCL.US&interval=1d')).json()).toMatchObject({ code: 'SYMBOL_NOT_FOUND' })
  expect((await get('symbol=AAPL&interval=1d')).json()).toMatchObject({ code: 'BAD_PARAM' })
  const batch = (await get('symbols=JPM.US,700.HK,ORCL.US&interval=1d&limit=2', '/api/klines/batch')).json<{ data: { series: Data[]; unknown: string[] } }>()
    .data
  expect([batch.series.map(({ symbol, timezone }) => [symbol, timezone]), batch.unknown]).toEqual([
    [
      ['JPM.US', 'America/New_York'],
      ['700.HK', 'Asia/Hong_Kong'],
    ],
    ['ORCL.US'],
  ])
})

test('GET /api/realtime has the last day against the close before it, at the close of the exchange', async () => {
  const { rows, unknown } = (await get('symbols=JPM.US,BTCUSDT,ORCL.US', '/api/realtime')).json<{
    rows: readonly Record<string, number | string>[]
    unknown: readonly string[]
  }>()
  expect(unknown).toEqual(['ORCL.US'])
  const days = (await page('symbol=JPM.US&interval=1d&limit=2')).klines
  expect(rows[0]).toMatchObject({
    symbol: 'JPM.US',
    trade_date: 20261127,
    price: days[1]!.close,
    pre_close: days[0]!.close,
    volume: days[1]!.volume,
    origin: 'daily',
  })
  expect(new Date(rows[0]!['time_ms'] as number).toISOString()).toBe('2026-11-27T18:00:00.000Z')
  expect(new Date(rows[1]!['time_ms'] as number).toISOString()).toBe('2026-11-28T00:00:00.000Z')
})

test('GET /api/symbols finds foreign symbols behind A shares, and GET /api/stock says what they are', async () => {
  const found = async (query: string) =>
    (await get(`query=${encodeURIComponent(query)}`, '/api/symbols')).json<{ rows: { code: string; board: string; pinyin: string }[] }>().rows
  expect((await found('aapl')).map(({ code, board }) => [code, board])).toEqual([['AAPL.US', 'us']])
  expect((await found('')).map(({ code }) => code)).toEqual(['600700.SH', '700.HK', 'AAPL.US', 'BTCUSDT', 'JPM.US'])
  expect((await found('霁川'))[0]).toMatchObject({ code: '700.HK', pinyin: 'jckg' })
  const stock = (await get('symbol=700.HK', '/api/stock')).json<Record<string, unknown>>()
  expect(stock).toMatchObject({ code: '700.HK', name: '霁川控股', board: 'hk', simulated: true, quality: null, micro: { date: [] } })
  expect((await get('symbol=1.HK', '/api/stock')).statusCode).toBe(404)
})

test('GET /api/market/status tells the phase of each market by its own clock', async () => {
  const phase = async (market: string, at: string) => {
    now = Date.parse(at) as EpochMs
    return (await get(`market=${market}`, '/api/market/status')).json<Record<string, unknown>>()
  }
  expect(await phase('us', '2026-11-27T17:55:00Z')).toMatchObject({
    market: 'us',
    timezone: 'America/New_York',
    phase: 'close_auction',
    is_open: true,
    trade_date: 20261127,
    calendar_confidence: 'settled',
    halted_count: null,
  })
  expect(await phase('hk', '2026-11-27T04:30:00Z')).toMatchObject({ phase: 'lunch', is_open: false, next_phase: 'afternoon' })
  expect(await phase('crypto', '2026-11-28T04:30:00Z')).toMatchObject({ phase: 'morning', is_open: true, is_trading_day: true })
  expect(await phase('us', '2027-01-04T15:00:00Z')).toMatchObject({ phase: 'morning', calendar_confidence: 'provisional' })
  expect((await get('market=uk', '/api/market/status')).statusCode).toBe(400)
  now = Date.parse('2026-11-28T12:00:00Z') as EpochMs
})

test.each([
  ['/api/klines', 'symbol=700.HK&interval=5m'],
  ['/api/klines/batch', 'symbols=BTCUSDT&interval=1w'],
  ['/api/realtime', 'symbols=700.HK'],
  ['/api/stock', 'symbol=AAPL.US'],
  ['/api/market/status', 'market=hk'],
])('%s?%s answers what its schema promises', async (path, query) => {
  const route = routes.find((each) => each.path === `GET ${path}`)!
  const reply = await get(query, path)
  expect(reply.statusCode).toBe(200)
  expect(route.reply.safeParse(reply.json()).error).toBeUndefined()
})
