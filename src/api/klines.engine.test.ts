import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliDecompress, gunzip, zstdDecompress } from 'node:zlib'
import type { FastifyInstance } from 'fastify'
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { aShareCalendar } from '#core/a-share-calendar.ts'
import { SESSION_SHAPES, slotEnd } from '#core/kline-interval.ts'
import { clockTime, dateOf, instantOf } from '#core/shanghai-time.ts'
import { tradeDate, weekday, type EpochMs, type TradeDate } from '#core/trade-date.ts'
import type { LiveDay } from '#stream/forming-bars.ts'
import type { TapeTrade } from '#stream/trade-ring.ts'
import { engineTypeOf } from '#warehouse/column.ts'
import { dimStock } from '#warehouse/dim/dim_stock.ts'
import { dwdAdjFactor } from '#warehouse/dwd/dwd_adj_factor.ts'
import { dwdDaily } from '#warehouse/dwd/dwd_daily.ts'
import { marketKlines } from '#warehouse/dws/market_klines.ts'
import type { Engine } from '#warehouse/engine/engine.ts'
import { openEngine } from '#warehouse/engine/open-engine.ts'
import { FrameBuilder } from '#warehouse/frame-builder.ts'
import { Load } from '#warehouse/load.ts'
import { odsQuote } from '#warehouse/ods/ods_quote.ts'
import { odsTick } from '#warehouse/ods/ods_tick.ts'
import { createTables } from '#warehouse/schema.ts'
import type { Columns, Table } from '#warehouse/table.ts'
import { tables } from '#warehouse/tables.ts'
import { KlineStore } from './kline-store.ts'
import type { RouteContext } from './route.ts'
import { routes } from './routes/index.ts'
import { createServer } from './server.ts'

const SYMBOL = '600000.SH'
/** 2026-03-02 is a Monday. */
const days = aShareCalendar.dates(tradeDate(20260302), tradeDate(20260430))
const EX_DATE = days[12]!
const minuteDays = days.slice(-4, -1)
const fiveMinuteDay = days.at(-5)!

const folder = mkdtempSync(join(tmpdir(), 'fupan-klines-'))
let engine: Engine
let server: FastifyInstance
let version = 0
let now = instantOf(days.at(-1)!, clockTime('18:00'))
let live: LiveDay | undefined
/** The day a market lives through, where one does. */
let lived: TradeDate | undefined
let isTest = false
let tape: readonly TapeTrade[] = []
let barLabel: 'end' | 'start' = 'end'
let lastCompleted: TradeDate = days.at(-2)!

const context = (): RouteContext => ({
  engine,
  clock: { now: () => now, sleep: () => Promise.resolve() },
  live: {
    state: () => ({ session: lived === undefined ? 'idle' : 'running', kind: 'live', date: lived, isTest, ticks: 0, lastEventAt: undefined, speed: '1' }),
    snapshot: () => ({ epoch: '', seq: 0, rows: [] }),
    sessionOf: (code) => (code === SYMBOL && live !== undefined ? 'run' : undefined),
    minutesOf: (code) => (code === SYMBOL ? live : undefined),
    tradesOf: (code, before, limit) => (code === SYMBOL ? tape.filter(({ seq }) => seq < before).slice(0, limit) : []),
  },
  warehouse: {
    sourceLabel: { zh: '', en: '' },
    simulated: true,
    engineVersion: '',
    lastCompleted: () => lastCompleted,
    tables: () => [],
    latestRun: () => undefined,
  },
  get barLabel() {
    return barLabel
  },
})

const empty = (table: Table) =>
  Object.fromEntries(
    Object.entries(table.columns).map(([name, column]) => [name, column.nullable ? undefined : engineTypeOf(column).includes('String') ? '' : 0]),
  )

/** Rows go in through the door of every publication; the watch looks again after half a second of the clock. */
async function put<C extends Columns>(table: Table<C>, rows: readonly Partial<Record<keyof C, number | string>>[]): Promise<void> {
  const builder = new FrameBuilder(table)
  for (const row of rows) builder.push({ ...empty(table), ...row })
  const load = new Load(engine, ++version)
  await load.add(table, builder.take())
  await load.publish()
  await load.discard()
  now = (now + 1000) as EpochMs
}

/** A price path anyone can compute: day i, minute m. */
const priceOf = (i: number, m: number) => 1000 + 10 * i + Math.round(8 * Math.sin(m / 9))

function dailyRow(date: TradeDate, i: number) {
  return {
    trade_date: date,
    ts_code: SYMBOL,
    open: 10 + i / 10,
    high: 10.5 + i / 10,
    low: 9.5 + i / 10,
    close: 10.2 + i / 10,
    pre_close: 10.1 + i / 10,
    vol_shares: 1000 + i,
    amount_cny: 10_000 + i,
    adjusted_scale: 0,
    is_bar_valid: 1,
    fix_flags: 0,
  }
}

function minuteRow(date: TradeDate, slot: number, change: Record<string, number | string> = {}) {
  const i = days.indexOf(date)
  const [open, close] = [priceOf(i, slot - 1) / 100, priceOf(i, slot) / 100]
  return {
    trade_date: date,
    ts_code: SYMBOL,
    interval: '1m',
    time: instantOf(date, slotEnd(SESSION_SHAPES.cn, slot)),
    open,
    high: Math.max(open, close) + 0.01,
    low: Math.min(open, close) - 0.01,
    close,
    volume: slot % 7 === 3 ? 0 : 100 + slot,
    amount: slot % 7 === 3 ? 0 : (100 + slot) * close,
    is_final: 1,
    auction_merged: 0,
    source: 'sim',
    ...change,
  }
}

const slots = Array.from({ length: 241 }, (_, slot) => slot)

beforeAll(async () => {
  engine = await openEngine({ directory: join(folder, 'engine'), threadPoolSize: 16 })
  await createTables(engine, tables)
  server = await createServer({
    context: context(),
    channels: { join: () => ({ receive() {}, leave() {} }) },
    token: undefined,
    pages: undefined,
    version: '0',
    log: pino({ level: 'silent' }),
    isReady: () => true,
    metrics: () => Promise.resolve(''),
  })
  expect((await get(`symbol=${SYMBOL}&interval=1d`)).statusCode, 'an empty warehouse').toBe(503)
  expect((await get(`symbol=${SYMBOL}&interval=1d`)).headers['retry-after']).toBe('1')
  await put(
    dimStock,
    [SYMBOL, '600001.SH'].map((code) => ({ ts_code: code, name: code })),
  )
  await put(
    dwdDaily,
    days.slice(0, -1).map((date, i) => dailyRow(date, i)),
  )
  await put(
    dwdAdjFactor,
    days.slice(0, -1).map((date) => ({ trade_date: date, ts_code: SYMBOL, adj_factor: date < EX_DATE ? 3 : 4.5, origin: 'vendor', is_filled: 0 })),
  )
  await put(marketKlines, [
    ...minuteDays.flatMap((date) => slots.map((slot) => minuteRow(date, slot))),
    ...slots.filter((slot) => slot > 0 && slot % 5 === 0).map((slot) => minuteRow(fiveMinuteDay, slot, { interval: '5m', volume: 50, auction_merged: 1 })),
  ])
}, 60_000)

afterAll(async () => {
  await server.close()
  await engine.close()
  rmSync(folder, { recursive: true, force: true })
})

beforeEach(() => {
  live = undefined
  lastCompleted = days.at(-2)!
})

interface Bar {
  readonly time: number
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
  readonly volume: number
  readonly amount: number | null
  readonly final: boolean
}

interface Data {
  readonly interval: string
  readonly count: number
  readonly klines: readonly Bar[]
  readonly next_cursor: string | null
  readonly prev_cursor: string | null
  readonly latest_time: number | null
}

const get = (query: string, headers: Record<string, string> = {}, path = '/api/klines') => server.inject({ method: 'GET', url: `${path}?${query}`, headers })

async function data(query: string): Promise<Data> {
  const response = await get(`symbol=${SYMBOL}&${query}`)
  expect(response.statusCode, response.body).toBe(200)
  return response.json<{ data: Data }>().data
}

const bars = async (query: string) => (await data(query)).klines
const clockOf = (time: number) => new Date(time + 8 * 3_600_000).toISOString().slice(11, 16)

describe('intervals and labels', () => {
  test('/api/klines answers every interval and alias, one day of it as spec simulator §17.3 counts', async () => {
    const [date] = minuteDays
    for (const [interval, count] of [
      ['1m', 240],
      ['5m', 48],
      ['15m', 16],
      ['30m', 8],
      ['60m', 4],
      ['120m', 2],
      ['1d', 1],
    ] as const)
      expect(await bars(`interval=${interval}&start=${date}&end=${date}&limit=5000`), interval).toHaveLength(count)
    for (const [alias, interval] of [
      ['1h', '60m'],
      ['2h', '120m'],
      ['D', '1d'],
      ['W', '1w'],
      ['M', '1M'],
    ] as const)
      expect((await data(`interval=${alias}&limit=3`)).interval).toBe(interval)
    expect((await bars(`interval=60m&start=${date}&end=${date}`)).map(({ time }) => clockOf(time))).toEqual(['10:30', '11:30', '14:00', '15:00'])
    expect((await bars(`interval=60m&start=${date}&end=${date}&label=start`)).map(({ time }) => clockOf(time))).toEqual(['09:30', '10:30', '13:00', '14:00'])
  })

  test('/api/klines merges the auction into 09:31 unless it is asked for apart, and other intervals do not care', async () => {
    const [date] = minuteDays
    const merged = await bars(`interval=1m&start=${date}&end=${date}&limit=5000`)
    const separate = await bars(`interval=1m&start=${date}&end=${date}&auctionBar=separate&limit=5000`)
    expect([merged.length, separate.length, clockOf(merged[0]!.time), clockOf(separate[0]!.time)]).toEqual([240, 241, '09:31', '09:30'])
    expect([merged[0]!.open, merged[0]!.volume]).toEqual([separate[0]!.open, separate[0]!.volume + separate[1]!.volume])
    expect(await bars(`interval=5m&start=${date}&end=${date}&auctionBar=separate`)).toEqual(await bars(`interval=5m&start=${date}&end=${date}`))
    const labels = (await bars(`interval=1m&start=${date}&end=${date}&auctionBar=separate&label=start&limit=5000`)).map(({ time }) => time)
    expect([clockOf(labels[0]!), clockOf(labels[1]!), new Set(labels).size]).toEqual(['09:25', '09:30', 241])
  })

  test('/api/klines folds minutes as an obvious filter does, and uses a 5-minute file where nothing is finer', async () => {
    const [date] = minuteDays
    const found = await bars(`interval=30m&start=${date}&end=${date}`)
    for (let j = 0; j < 8; j++) {
      const own = slots.filter((slot) => (slot > 30 * j || (j === 0 && slot === 0)) && slot <= 30 * (j + 1)).map((slot) => minuteRow(date!, slot))
      const traded = own.filter((row) => row.volume > 0)
      expect(found[j]).toEqual({
        time: instantOf(date!, slotEnd(SESSION_SHAPES.cn, 30 * (j + 1))),
        open: traded[0]!.open,
        high: Math.max(...traded.map((row) => row.high)),
        low: Math.min(...traded.map((row) => row.low)),
        close: traded.at(-1)!.close,
        volume: own.reduce((sum, row) => sum + row.volume, 0),
        amount: expect.closeTo(
          own.reduce((sum, row) => sum + row.amount, 0),
          6,
        ),
        final: true,
      })
    }
    expect(await bars(`interval=15m&start=${fiveMinuteDay}&end=${fiveMinuteDay}`)).toHaveLength(16)
    expect(await bars(`interval=1m&start=${fiveMinuteDay}&end=${fiveMinuteDay}`)).toEqual([])
  })

  test('/api/klines labels bars as the settings say where the request does not', async () => {
    const [date] = [minuteDays[0]!]
    barLabel = 'start'
    expect((await bars(`interval=60m&start=${date}&end=${date}`)).map(({ time }) => clockOf(time))).toEqual(['09:30', '10:30', '13:00', '14:00'])
    expect((await bars(`interval=60m&start=${date}&end=${date}&label=end`)).map(({ time }) => clockOf(time))).toEqual(['10:30', '11:30', '14:00', '15:00'])
    barLabel = 'end'
  })

  test('/api/klines counts minutes per segment as it does per day where no bar spans the break, and refuses another way of counting', async () => {
    const date = minuteDays[0]!
    for (const interval of ['5m', '30m', '120m'])
      expect(await bars(`interval=${interval}&start=${date}&end=${date}&bucketing=segment`), interval).toEqual(
        await bars(`interval=${interval}&start=${date}&end=${date}`),
      )
    expect((await get(`symbol=${SYMBOL}&interval=5m&bucketing=hour`)).json()).toMatchObject({
      code: 'BAD_PARAM',
      details: { parameters: [{ parameter: 'bucketing' }] },
    })
  })

  test('/api/klines labels weeks and months by their last trading day so far', async () => {
    const weeks = await bars('interval=1w')
    const lastOf = new Map<string, TradeDate>()
    for (const date of days.slice(0, -1)) lastOf.set(String(Math.floor((instantOf(date, 0) + 8 * 3_600_000 - 4 * 86_400_000) / (7 * 86_400_000))), date)
    expect(weeks.map(({ time }) => dateOf(time as EpochMs))).toEqual([...lastOf.values()])
    // The last day is a Thursday before a holiday; a day earlier the week is not over.
    expect([weekday(days.at(-2)!), weeks.at(-1)!.final, weeks.at(-2)!.final]).toEqual([3, false, true])
    lastCompleted = days.at(-1)!
    expect((await bars('interval=1w')).at(-1)!.final).toBe(true)
    expect((await bars('interval=1M')).map(({ time }) => dateOf(time as EpochMs))).toEqual([20260331, days.at(-2)!])
  })
})

describe('which bars', () => {
  test('/api/klines gives the latest, the last up to end, or the first from start, both bounds included, at every interval and label', async () => {
    for (const interval of ['1m', '5m', '60m', '1d', '1w'])
      for (const label of ['end', 'start']) {
        const whole = await bars(`interval=${interval}&limit=5000&label=${label}`)
        const times = whole.map(({ time }) => time)
        const [a, b] = [times[Math.floor(times.length / 3)]!, times[Math.floor((times.length * 2) / 3)]!]
        const ask = async (rest: string) => (await bars(`interval=${interval}&label=${label}&${rest}`)).map(({ time }) => time)
        expect(await ask('limit=5')).toEqual(times.slice(-5))
        expect(await ask(`limit=3&end=${b}`)).toEqual(times.filter((time) => time <= b).slice(-3))
        expect(await ask(`limit=3&end=${b - 1}`)).toEqual(times.filter((time) => time < b).slice(-3))
        expect(await ask(`limit=3&start=${a}`)).toEqual(times.filter((time) => time >= a).slice(0, 3))
        expect(await ask(`limit=5000&start=${a + 1}&end=${b}`)).toEqual(times.filter((time) => time > a && time <= b))
      }
    const [date] = minuteDays
    const iso = new Date(instantOf(date!, clockTime('10:00'))).toISOString()
    expect((await bars(`interval=5m&start=${iso}&limit=1`)).map(({ time }) => clockOf(time))).toEqual(['10:00'])
    const dashed = `${String(date).slice(0, 4)}-${String(date).slice(4, 6)}-${String(date).slice(6)}`
    expect(await bars(`interval=5m&start=${dashed}&end=${dashed}`)).toEqual(await bars(`interval=5m&start=${date}&end=${date}`))
  })

  test('/api/klines says the label of the newest bar, whatever page is asked for', async () => {
    for (const interval of ['1m', '60m', '1d', '1w']) {
      const newest = (await bars(`interval=${interval}&limit=1`))[0]!.time
      expect((await data(`interval=${interval}&limit=1&end=${newest - 1}`)).latest_time).toBe(newest)
    }
  })

  test('/api/klines gives columns and chosen fields with the same numbers', async () => {
    const rows = await bars('interval=1d&limit=4')
    const columns = (await data('interval=1d&limit=4&format=columns')) as unknown as { klines: Record<string, unknown[]> }
    for (const field of ['time', 'open', 'high', 'low', 'close', 'volume', 'amount', 'final'] as const)
      expect(columns.klines[field]).toEqual(rows.map((row) => row[field]))
    const some = (await data('interval=1d&limit=2&fields=close,time')).klines
    expect(some.map((row) => Object.keys(row))).toEqual([
      ['time', 'close'],
      ['time', 'close'],
    ])
    expect(Object.keys((await data('interval=1d&limit=2&fields=volume&format=columns')).klines)).toEqual(['volume'])
  })
})

describe('paging', () => {
  const walk = async (query: string, side: 'next_cursor' | 'prev_cursor', between?: () => Promise<void>) => {
    const pages: number[][] = []
    for (let cursor: string | null | undefined; cursor !== null;) {
      const page: Data = cursor === undefined ? await data(query) : await data(`${query.replace(/&(?:start|end)=\d+/g, '')}&cursor=${cursor}`)
      pages.push(page.klines.map(({ time }) => time))
      cursor = page[side]
      await between?.()
    }
    return side === 'next_cursor' ? pages.flat() : pages.toReversed().flat()
  }

  test('/api/klines pages back and forth at every interval without repeating or skipping a bar', async () => {
    for (const [interval, limit] of [
      ['1m', 170],
      ['5m', 37],
      ['60m', 3],
      ['120m', 1],
      ['1d', 7],
      ['1w', 2],
      ['1M', 1],
    ] as const) {
      const times = (await bars(`interval=${interval}&limit=5000`)).map(({ time }) => time)
      expect(await walk(`interval=${interval}&limit=${limit}`, 'prev_cursor'), interval).toEqual(times)
      expect(await walk(`interval=${interval}&limit=${limit}&start=20260101`, 'next_cursor'), interval).toEqual(times)
    }
  })

  test('/api/klines pages within two bounds, from either end', async () => {
    const times = (await bars('interval=5m&limit=5000')).map(({ time }) => time)
    const [a, b] = [times[10]!, times[90]!]
    expect(await walk(`interval=5m&limit=17&start=${a}&end=${b}`, 'next_cursor')).toEqual(times.slice(10, 91))
    const last = await data(`interval=5m&limit=81&start=${a}&end=${b}`)
    expect([last.next_cursor, last.prev_cursor]).toEqual([null, null])
    const alone = await data(`interval=5m&limit=4&end=${b}`)
    expect((await data(`interval=5m&limit=2&cursor=${alone.next_cursor}`)).klines.map(({ time }) => time)).toEqual(times.slice(91, 93))
  })

  test('/api/klines repeats and skips nothing while bars arrive, and a week that grew is not sent twice', async () => {
    const before = (await bars('interval=1d&limit=5000')).map(({ time }) => time)
    const weeks = await data('interval=1w&limit=2')
    let arrived = false
    const found = await walk('interval=1d&limit=9', 'prev_cursor', async () => {
      if (arrived) return
      arrived = true
      await put(dwdDaily, [dailyRow(days.at(-1)!, days.length - 1)])
      lastCompleted = days.at(-1)!
    })
    expect(found).toEqual(before)
    const after = (await bars('interval=1d&limit=5000')).map(({ time }) => time)
    expect(after).toEqual([...before, instantOf(days.at(-1)!, clockTime('15:00'))])
    const older = await data(`interval=1w&limit=2&cursor=${weeks.prev_cursor}`)
    const again = await data(`interval=1w&limit=2&cursor=${older.next_cursor}`)
    expect(again.klines.map(({ time }) => dateOf(time as EpochMs))).toEqual([dateOf(weeks.klines[0]!.time as EpochMs), days.at(-1)!])
    expect(again.next_cursor).toBeNull()
  })
})

test('/api/klines goes on after a week whose missing day arrived meanwhile, and does not send it again', async () => {
  const other = '600002.SH'
  const row = (date: TradeDate) => ({ ...dailyRow(date, 0), ts_code: other })
  await put(
    dwdDaily,
    [...days.slice(0, 3), ...days.slice(5, 10)].map((date) => row(date)),
  )
  const ask = async (rest: string) => (await get(`symbol=${other}&interval=1w&limit=1&${rest}`)).json<{ data: Data }>().data
  const first = await ask('start=20260101')
  await put(dwdDaily, [row(days[3]!)])
  const second = await ask(`cursor=${first.next_cursor}`)
  expect([first, second].map(({ klines }) => klines.map(({ time }) => dateOf(time as EpochMs)))).toEqual([[days[2]], [days[9]]])
})

describe('adjustment', () => {
  const factorOn = (time: number) => (dateOf(time as EpochMs) < EX_DATE ? 3 : 4.5)

  test('/api/klines scales prices by the factor, forward relative to the latest or to asof, volume only when asked, amounts never', async () => {
    const raw = await bars('interval=1d&limit=5000')
    const expectScaled = (found: readonly Bar[], scaleOf: (time: number) => number, isVolume = false) => {
      for (const [i, bar] of found.entries()) {
        const scale = scaleOf(bar.time)
        expect(bar.close).toBeCloseTo(raw[i]!.close * scale, 10)
        expect(bar.open).toBeCloseTo(raw[i]!.open * scale, 10)
        expect(bar.volume).toBeCloseTo(isVolume ? raw[i]!.volume / scale : raw[i]!.volume, 8)
        expect(bar.amount).toBe(raw[i]!.amount)
      }
    }
    expectScaled(await bars('interval=1d&limit=5000&adjust=hfq'), factorOn)
    expectScaled(await bars('interval=1d&limit=5000&adjust=qfq'), (time) => factorOn(time) / 4.5)
    expectScaled(await bars('interval=1d&limit=5000&adjust=qfq&adjustVolume=true'), (time) => factorOn(time) / 4.5, true)
    expectScaled(await bars(`interval=1d&limit=5000&adjust=qfq&asof=${days[3]}`), (time) => factorOn(time) / 3)
  })

  test('/api/klines folds adjusted days into weeks, and adjusts minutes by the factor of their day', async () => {
    const daily = await bars('interval=1d&limit=5000&adjust=hfq')
    const week = (await bars('interval=1w&limit=5000&adjust=hfq')).find(({ time }) => time >= instantOf(EX_DATE, 0))!
    const own = daily.filter(({ time }) => time <= week.time && time > week.time - 5 * 86_400_000)
    expect(new Set(own.map(({ time }) => factorOn(time))).size, 'the week spans the ex-date').toBe(2)
    expect([week.open, week.high, week.low, week.close]).toEqual([
      own[0]!.open,
      Math.max(...own.map(({ high }) => high)),
      Math.min(...own.map(({ low }) => low)),
      own.at(-1)!.close,
    ])
    const [plain, adjusted] = [await bars('interval=5m&limit=3'), await bars('interval=5m&limit=3&adjust=hfq')]
    expect(adjusted.map(({ close }) => close)).toEqual(plain.map(({ close }) => close * 4.5))
  })

  test('/api/klines keeps the scale of the first page on the pages after it when a new factor arrives', async () => {
    const first = await data('interval=1d&limit=5&adjust=qfq')
    await put(dwdAdjFactor, [{ trade_date: days.at(-1)!, ts_code: SYMBOL, adj_factor: 9, origin: 'vendor', is_filled: 0 }])
    const raw = await bars('interval=1d&limit=10')
    const second = await data(`interval=1d&limit=5&adjust=qfq&cursor=${first.prev_cursor}`)
    expect(second.klines.map(({ close }) => close)).toEqual(raw.slice(0, 5).map(({ close }) => close))
    expect((await bars('interval=1d&limit=10&adjust=qfq')).slice(0, 5).map(({ close }) => close)).toEqual(raw.slice(0, 5).map(({ close }) => close / 2))
  })
})

describe('caching', () => {
  test('/api/klines answers 304 to the tag it gave, another body to another question', async () => {
    const first = await get(`symbol=${SYMBOL}&interval=1d`)
    const etag = first.headers.etag as string
    expect((await get(`symbol=${SYMBOL}&interval=1d`, { 'if-none-match': etag })).statusCode).toBe(304)
    expect((await get(`symbol=${SYMBOL}&interval=1d`, { 'if-none-match': `"other", ${etag}` })).statusCode).toBe(304)
    expect((await get(`symbol=${SYMBOL}&interval=1d&limit=3`, { 'if-none-match': etag })).statusCode).toBe(200)
    expect((await get(`symbol=${SYMBOL.toLowerCase()}&interval=D`)).headers.etag).toBe(etag)
  })

  test('/api/klines lets old closed ranges be kept, recent ones be asked about, forming ones for a second', async () => {
    const control = async (query: string) => (await get(`symbol=${SYMBOL}&${query}`)).headers['cache-control']
    expect(await control(`interval=1d&end=${days[9]}&limit=3`)).toBe('private, max-age=86400, immutable')
    expect(await control(`interval=1d&end=${days[9]}&limit=3&adjust=hfq`)).toBe('private, max-age=86400, immutable')
    expect(await control(`interval=1d&end=${days[9]}&limit=3&adjust=qfq`)).toBe('private, no-cache')
    expect(await control(`interval=1d&end=${days[9]}&limit=3&adjust=qfq&asof=${days[9]}`)).toBe('private, max-age=86400, immutable')
    expect(await control(`interval=5m&end=${minuteDays[0]}&limit=3`)).toBe('private, no-cache')
    expect(await control('interval=1w')).toBe('private, max-age=1')
    lastCompleted = days.at(-1)!
    expect(await control('interval=1d')).toBe('private, no-cache')
  })

  test('/api/klines answers in br, zstd or gzip above one KiB, the same bytes inside', async () => {
    const plain = await get(`symbol=${SYMBOL}&interval=5m`)
    const decode = { br: promisify(brotliDecompress), zstd: promisify(zstdDecompress), gzip: promisify(gunzip) }
    for (const coding of ['br', 'zstd', 'gzip'] as const) {
      const coded = await get(`symbol=${SYMBOL}&interval=5m`, { 'accept-encoding': `${coding};q=0.8, identity;q=0.1` })
      expect([coded.headers['content-encoding'], coded.headers.vary]).toEqual([coding, 'Accept-Encoding'])
      expect((await decode[coding](coded.rawPayload)).toString()).toBe(plain.body)
      expect(coded.rawPayload.length).toBeLessThan(plain.rawPayload.length / 3)
    }
    expect((await get(`symbol=${SYMBOL}&interval=5m`, { 'accept-encoding': 'gzip, deflate, br' })).headers['content-encoding']).toBe('br')
    expect((await get(`symbol=${SYMBOL}&interval=5m`, { 'accept-encoding': 'br;q=0' })).headers['content-encoding']).toBeUndefined()
    expect((await get(`symbol=${SYMBOL}&interval=5m&limit=2`, { 'accept-encoding': 'br' })).headers['content-encoding']).toBeUndefined()
  })

  test('a corrected minute changes every coarser bar it lies in, and no other', async () => {
    const date = minuteDays[1]!
    const asked = ['1m', '5m', '15m', '30m', '60m', '120m']
    const read = () => Promise.all(asked.map((interval) => bars(`interval=${interval}&start=${date}&end=${date}`)))
    const before = await read()
    await put(marketKlines, [minuteRow(date, 100, { high: 99, volume: 1_000_000 })])
    for (const [i, after] of (await read()).entries()) {
      const changed = after.filter((bar, k) => JSON.stringify(bar) !== JSON.stringify(before[i]![k]))
      expect(
        changed.map(({ high }) => high),
        asked[i],
      ).toEqual([99])
      expect(changed[0]!.time).toBe(instantOf(date, slotEnd(SESSION_SHAPES.cn, Math.ceil(100 / parseInt(asked[i]!)) * parseInt(asked[i]!))))
    }
  })
})

describe('refusals', () => {
  const refusal = async (query: string, path?: string) => {
    const response = await get(query, {}, path)
    const body = response.json<{ code: string; message: string; details: unknown; request_id: string }>()
    expect(Object.keys(body)).toEqual(['code', 'message', 'details', 'request_id'])
    return [response.statusCode, body.code, body.message] as const
  }

  test('/api/klines names the parameter it cannot read', async () => {
    for (const [query, parameter] of [
      ['interval=1d', 'symbol'],
      ['symbol=nobody&interval=1d', 'symbol'],
      [`symbol=${SYMBOL}`, 'interval'],
      [`symbol=${SYMBOL}&interval=3m`, 'interval'],
      [`symbol=${SYMBOL}&interval=1d&limit=0`, 'limit'],
      [`symbol=${SYMBOL}&interval=1d&limit=5001`, 'limit'],
      [`symbol=${SYMBOL}&interval=1d&start=yesterday`, 'start'],
      [`symbol=${SYMBOL}&interval=1d&end=2026-03-02T10:00:00`, 'end'],
      [`symbol=${SYMBOL}&interval=1d&adjust=both`, 'adjust'],
      [`symbol=${SYMBOL}&interval=1d&label=middle`, 'label'],
      [`symbol=${SYMBOL}&interval=1d&fields=time,vwap`, 'fields'],
      [`symbol=${SYMBOL}&interval=1d&asof=20261301`, 'asof'],
      [`symbol=${SYMBOL}&interval=1d&cursor=abc.def`, 'cursor'],
    ] as const) {
      const [status, code, message] = await refusal(query)
      expect([status, code], query).toEqual([400, 'BAD_PARAM'])
      expect(message).toContain(parameter)
    }
  })

  test.each([
    ['/api/depth', '', 'symbol', 'is missing'],
    ['/api/klines', `symbol=${SYMBOL}&symbol=${SYMBOL}&interval=1d`, 'symbol', 'must be given once; found 2 times'],
    ['/api/trades', `symbol=${SYMBOL}&limit=0`, 'limit', 'must be at least 1; found "0"'],
    ['/api/trades', `symbol=${SYMBOL}&limit=5001`, 'limit', 'must be at most 5000; found "5001"'],
    ['/api/trades', `symbol=${SYMBOL}&limit=many`, 'limit', 'must be a number; found "many"'],
    ['/api/trades', `symbol=${SYMBOL}&limit=1.5`, 'limit', 'must be a whole number; found "1.5"'],
    ['/api/depth', `symbol=${'1'.repeat(90)}`, 'symbol', `must be at most 20 characters; found "${'1'.repeat(39)}…`],
    ['/api/symbols', `query=${'a'.repeat(33)}`, 'query', `must be at most 32 characters; found "${'a'.repeat(33)}"`],
    ['/api/market/status', 'market=tokyo', 'market', 'must be one of cn, hk, us, crypto; found "tokyo"'],
    ['/api/realtime', 'symbols=abc', 'symbols', 'Cannot read a symbol: it is 600519.SH, 700.HK, AAPL.US or BTCUSDT, found "abc"'],
    ['/api/stream', 'ch=', 'ch', 'must not be empty; found ""'],
  ])('%s?%s says in words what is wrong with which parameter', async (path, query, parameter, message) => {
    const response = await get(query, {}, path)
    expect(response.statusCode).toBe(400)
    expect(response.json()).toMatchObject({
      code: 'BAD_PARAM',
      message: `Cannot read the request: ${parameter}: ${message}`,
      details: { parameters: [{ parameter, message }] },
    })
  })

  test('a path that is none and a method no route has are refused in the shape of every refusal, where no pages are served too', async () => {
    for (const [method, url] of [
      ['GET', '/api/nothing?x=1'],
      ['GET', '/api/depth/'],
      ['POST', '/api/depth'],
      ['GET', '/somewhere'],
    ] as const) {
      const response = await server.inject({ method, url })
      expect([response.statusCode, response.json<{ code: string; request_id: string }>()]).toMatchObject([404, { code: 'NOT_FOUND', details: {} }])
      expect(response.json<{ message: string }>().message).toBe(`Cannot find ${method} ${url.split('?')[0]}. The routes are listed in /api/openapi.json`)
    }
  })

  test('/api/klines tells an unknown stock, a turned range and an empty range apart', async () => {
    expect((await refusal('symbol=601999.SH&interval=1d')).slice(0, 2)).toEqual([404, 'SYMBOL_NOT_FOUND'])
    expect((await refusal(`symbol=${SYMBOL}&interval=1d&start=20260401&end=20260301`)).slice(0, 2)).toEqual([422, 'BAD_RANGE'])
    expect(await bars('interval=1d&start=20240101&end=20240201')).toEqual([])
    const known = await get('symbol=600001.SH&interval=5m')
    expect([known.statusCode, known.json<{ data: Data }>().data.klines]).toEqual([200, []])
  })

  test('/api/klines refuses cursors of others and expired ones', async () => {
    const { prev_cursor: cursor } = await data('interval=1d&limit=3')
    const body = (rest: string) => refusal(`symbol=${SYMBOL}&${rest}`)
    expect((await body(`interval=1w&cursor=${cursor}`)).slice(0, 2)).toEqual([400, 'BAD_PARAM'])
    expect((await body(`interval=1d&adjust=hfq&cursor=${cursor}`)).slice(0, 2)).toEqual([400, 'BAD_PARAM'])
    expect((await body(`interval=1d&start=20260301&cursor=${cursor}`)).slice(0, 2)).toEqual([400, 'BAD_PARAM'])
    const [sealed, mac] = cursor!.split('.') as [string, string]
    const forged = Buffer.from(JSON.stringify({ ...JSON.parse(Buffer.from(sealed, 'base64url').toString()), time: 1 })).toString('base64url')
    expect((await body(`interval=1d&cursor=${forged}.${mac}`)).slice(0, 2)).toEqual([400, 'BAD_PARAM'])
    const foreign = Buffer.from(JSON.stringify({ ...JSON.parse(Buffer.from(sealed, 'base64url').toString()), k: 'another' })).toString('base64url')
    expect((await body(`interval=1d&cursor=${foreign}.${mac}`)).slice(0, 2)).toEqual([409, 'CURSOR_EXPIRED'])
    now = (now + 5 * 86_400_000) as EpochMs
    expect((await body(`interval=1d&cursor=${cursor}`)).slice(0, 2)).toEqual([409, 'CURSOR_EXPIRED'])
  })

  test('KlineStore refuses to let more wait than it was told, and answers the same question once', async () => {
    const store = new KlineStore(context(), 1)
    const ask = (limit: number, interval: '1d' | '5m' = '5m') =>
      store.page({
        symbol: SYMBOL,
        interval,
        limit,
        adjust: 'none',
        adjustVolume: 'false',
        label: 'end',
        auctionBar: 'merge',
        bucketing: 'day',
        format: 'rows',
      })
    await ask(1, '1d')
    const [first, same, other] = await Promise.allSettled([ask(5), ask(5), ask(6)])
    expect([first.status, same.status, other.status]).toEqual(['fulfilled', 'fulfilled', 'rejected'])
    expect((other as PromiseRejectedResult).reason).toMatchObject({ status: 429, code: 'RATE_LIMITED' })
    await expect(ask(6)).resolves.toBeDefined()
  })

  test('/api/klines/batch answers up to fifty stocks in the order asked and names those it does not know', async () => {
    const response = await get(`symbols=${SYMBOL},601999.SH,600001.SH&interval=1d&limit=3`, {}, '/api/klines/batch')
    const { count, series, unknown } = response.json<{ data: { count: number; series: (Data & { symbol: string })[]; unknown: string[] } }>().data
    expect([count, series.map(({ symbol }) => symbol), unknown]).toEqual([2, [SYMBOL, '600001.SH'], ['601999.SH']])
    expect(series[0]!.klines).toEqual(await bars('interval=1d&limit=3'))
    expect(
      (
        await refusal(
          `symbols=${SYMBOL},600001.SH,600002.SH,600003.SH,600004.SH,600005.SH,600006.SH,600007.SH,600008.SH,600009.SH,600010.SH&interval=1d&limit=5000`,
          '/api/klines/batch',
        )
      ).slice(0, 2),
    ).toEqual([422, 'RANGE_TOO_LARGE'])
    const many = Array.from({ length: 51 }, (_, i) => `${600000 + i}.SH`).join(',')
    expect((await refusal(`symbols=${many}&interval=1d`, '/api/klines/batch')).slice(0, 2)).toEqual([400, 'BAD_PARAM'])
  })
})

describe('a running session', () => {
  const today = aShareCalendar.next(days.at(-1)!)
  const liveDay = (minutes: number): LiveDay => {
    const column = (value: (slot: number) => number) => Float64Array.from({ length: minutes + 1 }, (_, slot) => value(slot))
    return {
      date: today,
      passed: minutes - 1,
      at: instantOf(today, slotEnd(SESSION_SHAPES.cn, minutes)),
      bid1: 20,
      ask1: 20.01,
      previousClose: 19,
      bars: {
        slot: Int32Array.from({ length: minutes + 1 }, (_, slot) => slot),
        open: column(() => 20),
        high: column((slot) => 20 + slot),
        low: column(() => 19),
        close: column(() => 20),
        volume: column(() => 10),
        amount: column(() => 200),
        trades: column(() => 1),
      },
    }
  }

  test('/api/klines shows the session behind the warehouse, its bar forming, for a second at most', async () => {
    live = liveDay(7)
    now = (now + 1000) as EpochMs
    const response = await get(`symbol=${SYMBOL}&interval=5m&limit=3`)
    const { klines, latest_time: latest } = response.json<{ data: Data }>().data
    expect(klines.map(({ time, final, volume }) => [clockOf(time), final, volume]).slice(1)).toEqual([
      ['09:35', true, 60],
      ['09:40', false, 20],
    ])
    expect([dateOf(klines[0]!.time as EpochMs), latest, response.headers['cache-control']]).toEqual([minuteDays.at(-1), klines[2]!.time, 'private, max-age=1'])
    const [day] = await bars('interval=1d&limit=1')
    expect(day).toMatchObject({ time: instantOf(today, clockTime('15:00')), open: 20, high: 27, close: 20, volume: 80, final: false })
    // A simulated session may run when the clock says that its day is over: its day, week and month are not.
    lastCompleted = today
    now = (now + 1000) as EpochMs
    for (const interval of ['1d', '1w', '1M']) expect((await bars(`interval=${interval}&limit=1`))[0], interval).toMatchObject({ final: false })
    live = { ...liveDay(7), passed: 240 }
    now = (now + 1000) as EpochMs
    expect((await bars('interval=1d&limit=2')).map(({ final }) => final)).toEqual([true, true])
    lastCompleted = days.at(-2)!
    now = (now + 1000) as EpochMs
    live = liveDay(11)
    now = (now + 600) as EpochMs
    expect((await bars('interval=5m&limit=1')).map(({ time }) => clockOf(time))).toEqual(['09:45'])
  })

  test('/api/klines of a test that plays a stored day shows its bars so far and nothing that is stored of it or later', async () => {
    const dates = async (query: string) => (await bars(query)).map(({ time }) => dateOf(time as EpochMs))
    const whole = await dates('interval=1d&limit=500')
    try {
      ;[lived, isTest] = [minuteDays[1]!, true]
      const before = days.filter((day) => day < lived!)
      now = (now + 1000) as EpochMs
      expect(await dates('interval=1d&limit=500'), 'before its first trade').toEqual(before)
      expect((await dates('interval=5m&limit=500')).at(-1)).toBe(before.at(-1))
      live = { ...liveDay(7), date: lived }
      now = (now + 1000) as EpochMs
      expect(await dates('interval=1d&limit=500')).toEqual([...before, lived])
      for (const interval of ['1d', '1w', '1M', '60m', '1m'])
        expect((await bars(`interval=${interval}&limit=2`)).map(({ final }) => final).at(-1), interval).toBe(false)
      expect((await bars('interval=1d&limit=1'))[0]).toMatchObject({ open: 20, high: 27, close: 20, volume: 80 })
      expect((await bars('interval=5m&limit=2')).map(({ time }) => clockOf(time))).toEqual(['09:35', '09:40'])
      const ends = await get(`symbol=${SYMBOL}&interval=1d&start=${instantOf(lived, 0)}&limit=10`)
      expect(ends.json<{ data: Data }>().data).toMatchObject({ count: 1, next_cursor: null })
      // What it is adjusted by is what was known that day.
      lived = days[11]!
      live = { ...liveDay(7), date: lived }
      now = (now + 1000) as EpochMs
      const scaled = (await bars('interval=1d&limit=5&adjust=qfq')).map(({ close }) => close)
      expect(scaled).toEqual((await bars('interval=1d&limit=5')).map(({ close }) => close))
    } finally {
      ;[lived, live, isTest] = [undefined, undefined, false]
      now = (now + 1000) as EpochMs
    }
    expect(await dates('interval=1d&limit=500')).toEqual(whole)
  })

  test('/api/realtime answers from the session, else from the last daily bar', async () => {
    live = liveDay(7)
    const response = await get(`symbols=${SYMBOL},601999.SH`, {}, '/api/realtime')
    const { rows, unknown } = response.json<{ rows: Record<string, unknown>[]; unknown: string[] }>()
    expect(rows).toMatchObject([{ symbol: SYMBOL, trade_date: today, price: 20, pre_close: 19, change: 1, high: 27, bid1: 20, origin: 'session' }])
    expect(unknown).toEqual(['601999.SH'])
    live = undefined
    const [row] = (await get(`symbols=${SYMBOL}`, {}, '/api/realtime')).json<{ rows: Record<string, unknown>[] }>().rows
    expect(row).toMatchObject({ trade_date: days.at(-1), origin: 'daily', bid1: null })
  })

  test('/api/market/status tells the phase of the day', async () => {
    now = instantOf(today, clockTime('10:00'))
    expect((await get('', {}, '/api/market/status')).json()).toMatchObject({
      market: 'cn',
      trade_date: today,
      is_open: true,
      phase: 'morning',
      next_phase: 'lunch',
    })
  })
})

test.each([
  ['/api/klines', 'interval=5m'],
  ['/api/klines', 'interval=1d&format=columns'],
  ['/api/klines/batch', 'interval=1w'],
  ['/api/realtime', ''],
  ['/api/trades', ''],
  ['/api/depth', ''],
  ['/api/market/status', ''],
])('%s?%s answers what its schema promises', async (path, query) => {
  const route = routes.find((each) => each.path === `GET ${path}`)!
  const response = await get(`symbol=${SYMBOL}&symbols=${SYMBOL}&${query}`, {}, path)
  expect(response.statusCode).toBe(200)
  expect(route.reply.safeParse(response.json()).error?.issues ?? []).toEqual([])
})

describe('trades and depth', () => {
  const tick = (seq: number, source: string, grain: string) => ({
    trade_date: minuteDays[0]!,
    ts_code: SYMBOL,
    grain,
    source,
    at: instantOf(minuteDays[0]!, clockTime('10:00')) + 1000 * seq,
    seq,
    price: 10_000 + seq,
    volume: 100,
    amount: 1_000_000,
    amount_est: 0,
    vendor_side: seq % 2 === 0 ? 'B' : 'S',
    bid1: 9990,
    ask1: 10_010,
  })

  test('/api/trades goes from the newest to the oldest trade of one source, page by page', async () => {
    await put(odsTick, [...Array.from({ length: 7 }, (_, seq) => tick(seq, 'zz', 'TBT')), ...Array.from({ length: 3 }, (_, seq) => tick(seq, 'aa', 'AGG3S'))])
    const seen: number[] = []
    for (let cursor: string | null | undefined; cursor !== null;) {
      const reply = (await get(`symbol=${SYMBOL}&limit=3${cursor === undefined ? '' : `&cursor=${cursor}`}`, {}, '/api/trades')).json<{
        source: string
        rows: { seq: number; price: number; side: string }[]
        cursor: string | null
      }>()
      expect(reply.source).toBe('zz')
      seen.push(...reply.rows.map(({ seq }) => seq))
      cursor = reply.cursor
    }
    expect(seen).toEqual([6, 5, 4, 3, 2, 1, 0])
    const [newest] = (await get(`symbol=${SYMBOL}&limit=1`, {}, '/api/trades')).json<{ rows: object[] }>().rows
    expect(newest).toEqual({ seq: 6, time: tick(6, '', '').at, price: 10.006, volume: 100, amount: 1000, side: 'B', trades: null })
    expect((await get('symbol=600001.SH', {}, '/api/trades')).json()).toMatchObject({ trade_date: null, rows: [], cursor: null })
    expect((await get('symbol=601999.SH', {}, '/api/trades')).statusCode).toBe(404)
    expect((await get(`symbol=${SYMBOL}&cursor=nonsense`, {}, '/api/trades')).json()).toMatchObject({ code: 'BAD_PARAM' })
  })

  test('/api/depth shows the latest book: the quotes of the last trade, a recorded picture, the running session', async () => {
    const depth = async () => (await get(`symbol=${SYMBOL}`, {}, '/api/depth')).json<Record<string, unknown>>()
    expect(await depth()).toMatchObject({ origin: 'tick', bids: [{ price: 9.99, volume: null }], asks: [{ price: 10.01, volume: null }] })
    await put(odsQuote, [
      {
        trade_date: minuteDays[1]!,
        ts_code: SYMBOL,
        source: 'l2',
        at: instantOf(minuteDays[1]!, clockTime('10:00')),
        seq: 0,
        bid1: 10_000,
        bid_volume1: 300,
        bid2: 9990,
        bid_volume2: 500,
        ask1: 0,
      },
    ])
    expect(await depth()).toMatchObject({
      origin: 'quote',
      bids: [
        { price: 10, volume: 300 },
        { price: 9.99, volume: 500 },
      ],
      asks: [],
    })
    expect((await get('symbol=601999.SH', {}, '/api/depth')).statusCode).toBe(404)
    expect((await get('symbol=600001.SH', {}, '/api/depth')).json()).toMatchObject({ origin: null, bids: [], asks: [] })
  })

  const sessionOf = (date: TradeDate, at: number): LiveDay => {
    const one = (value: number) => Float64Array.of(value)
    const bars = { slot: Int32Array.of(1), open: one(10), high: one(10), low: one(10), close: one(10), volume: one(10), amount: one(100), trades: one(1) }
    return { date, passed: 1, at: at as EpochMs, bid1: 10.5, ask1: 10.51, previousClose: 10, bars }
  }
  const trades = async (query = '') =>
    (await get(`symbol=${SYMBOL}${query}`, {}, '/api/trades')).json<{
      trade_date: number
      source: string
      rows: { seq: number; time: number; side: string | null; trades: number | null }[]
      cursor: string | null
    }>()

  test('/api/trades and /api/depth of a running session come from its tape, page by page, and go back to the record when it is over', async () => {
    const today = aShareCalendar.next(days.at(-1)!)
    const at = (seq: number) => instantOf(today, clockTime('09:31')) + 1000 * seq
    tape = [4, 3, 2, 1, 0].map((seq) => ({
      seq,
      at: at(seq) as EpochMs,
      price: 10.5,
      volume: 100,
      amount: 1050,
      side: [1, -1, 0, NaN][seq % 4]!,
      tradeCount: NaN,
    }))
    live = sessionOf(today, at(4))
    const first = await trades('&limit=3')
    expect([first.trade_date, first.source, first.rows.map(({ seq, side }) => [seq, side])]).toEqual([
      today,
      'session',
      [
        [4, 'B'],
        [3, null],
        [2, 'M'],
      ],
    ])
    const rest = await trades(`&limit=3&cursor=${first.cursor}`)
    expect([rest.rows.map(({ seq }) => seq), rest.cursor]).toEqual([[1, 0], null])
    expect((await trades(`&date=${minuteDays[0]}`)).source, 'another day').toBe('zz')
    expect((await get(`symbol=${SYMBOL}`, {}, '/api/depth')).json()).toMatchObject({ origin: 'session', time_ms: at(4), bids: [{ price: 10.5, volume: null }] })
    live = undefined
    expect([(await trades()).source, (await trades(`&cursor=${first.cursor}`)).rows]).toEqual(['zz', []])
    tape = []
  })

  test('/api/trades, /api/depth and /api/realtime of a market that lives through a stored day know nothing of what is later', async () => {
    const realtime = async () => (await get(`symbols=${SYMBOL}`, {}, '/api/realtime')).json<{ rows: { trade_date: number; origin: string }[] }>().rows[0]
    const depth = async () => (await get(`symbol=${SYMBOL}`, {}, '/api/depth')).json<{ time_ms: number | null; origin: string | null }>()
    try {
      // Ticks of the first of these days and a picture of the second are stored, and bars of all days.
      lived = minuteDays[0]!
      expect([(await trades()).rows, (await depth()).time_ms], 'before its first trade').toEqual([[], null])
      expect((await trades(`&date=${lived}`)).rows).toEqual([])
      expect(await realtime()).toMatchObject({ trade_date: days.at(-5), origin: 'daily' })
      live = sessionOf(lived, tick(3, '', '').at)
      expect((await trades()).rows.map(({ seq }) => seq)).toEqual([3, 2, 1, 0])
      expect(await depth()).toMatchObject({ origin: 'session', time_ms: live.at })
      expect(await realtime()).toMatchObject({ trade_date: lived, origin: 'session' })
      expect((await trades(`&date=${minuteDays[1]}`)).rows, 'a later day').toEqual([])
    } finally {
      ;[lived, live] = [undefined, undefined]
    }
    expect(await realtime()).toMatchObject({ trade_date: days.at(-1), origin: 'daily' })
    expect((await depth()).origin).toBe('quote')
  })

  test('/api/trades and /api/depth of a replay show nothing the session has not come to', async () => {
    live = sessionOf(minuteDays[0]!, tick(3, '', '').at)
    expect((await trades('&limit=2')).rows.map(({ seq }) => seq)).toEqual([3, 2])
    live = sessionOf(minuteDays[1]!, instantOf(minuteDays[1]!, clockTime('09:59')))
    expect((await get(`symbol=${SYMBOL}`, {}, '/api/depth')).json()).toMatchObject({ origin: 'session', bids: [{ price: 10.5 }] })
    live = sessionOf(minuteDays[1]!, instantOf(minuteDays[1]!, clockTime('10:01')))
    expect((await get(`symbol=${SYMBOL}`, {}, '/api/depth')).json()).toMatchObject({ origin: 'session', time_ms: live.at })
    live = undefined
  })
})
