import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { frameOf, toLabels, type Frame } from '#core/frame.ts'
import { clockTime, formatClock, instantOf, timeOfDay } from '#core/shanghai-time.ts'
import { formatDate, tradeDate, type EpochMs } from '#core/trade-date.ts'
import { openFile } from '#imports/decode-file.ts'
import { buildTable } from './build.ts'
import { marketKlines } from './dws/market_klines.ts'
import type { Engine } from './engine/engine.ts'
import { openEngine } from './engine/open-engine.ts'
import { fileSlot } from './kline-file-bars.ts'
import { Load } from './load.ts'
import { odsMinuteBar } from './ods/ods_minute_bar.ts'
import { odsTick } from './ods/ods_tick.ts'
import { createTables } from './schema.ts'
import type { Table } from './table.ts'
import { findTable, tables } from './tables.ts'

const folder = mkdtempSync(join(tmpdir(), 'fupan-kline-days-'))
const date = tradeDate(20260601)
let engine: Engine
let version = 0

beforeAll(async () => {
  engine = await openEngine({ directory: join(folder, 'engine'), threadPoolSize: 16 })
  await createTables(engine, tables)
  await engine.exec(
    `insert into fupan.dwd_daily (trade_date, ts_code, open, high, low, close, pre_close, vol_shares, amount_cny, adjusted_scale, is_bar_valid, ver)
     values (${date}, '600000.SH', 10, 10, 10, 10, 9.9, 1, 1, 0, 1, 1), (${date}, '600002.SH', 10, 10, 10, 10, 7, 1, 1, 1, 1, 1)`,
  )
})

afterAll(async () => {
  await engine.close()
  rmSync(folder, { recursive: true, force: true })
})

async function load(table: Table, frame: Frame): Promise<void> {
  const rows = new Load(engine, ++version)
  await rows.add(table, frame)
  await rows.publish()
  await rows.discard()
}

type Trade = readonly [clock: string, price: number, volume: number]

function ticks(code: string, trades: readonly Trade[], source = 'a'): Frame {
  const count = trades.length
  return frameOf({
    trade_date: new Uint32Array(count).fill(date),
    ts_code: toLabels(trades.map(() => code)),
    grain: toLabels(trades.map(() => 'TBT')),
    source: toLabels(trades.map(() => source)),
    at: Float64Array.from(trades, ([clock]) => instantOf(date, clockTime(clock))),
    seq: Uint32Array.from(trades, (_, seq) => seq),
    price: Int32Array.from(trades, ([, price]) => Math.round(price * 1000)),
    volume: Float64Array.from(trades, ([, , volume]) => volume),
    amount: Float64Array.from(trades, ([, price, volume]) => Math.round(price * volume * 1000)),
    amount_est: new Uint8Array(count),
    vendor_side: toLabels(trades.map(() => undefined)),
    trade_count: new Float64Array(count).fill(1),
    bid1: new Float64Array(count).fill(NaN),
    ask1: new Float64Array(count).fill(NaN),
  })
}

type FileBar = readonly [clock: string, minutes: number, open: number, high: number, low: number, close: number, volume: number]

function file(code: string, bars: readonly FileBar[]): Frame {
  const column = (at: number) => Float64Array.from(bars, (bar) => bar[at] as number)
  return frameOf({
    trade_date: new Uint32Array(bars.length).fill(date),
    ts_code: toLabels(bars.map(() => code)),
    minutes: Uint32Array.from(bars, ([, minutes]) => minutes),
    at: Float64Array.from(bars, ([clock]) => instantOf(date, clockTime(clock))),
    open: column(2),
    high: column(3),
    low: column(4),
    close: column(5),
    volume: column(6),
    amount: column(6),
    source: toLabels(bars.map(() => 'minute_file')),
  })
}

interface Row {
  readonly interval: string
  readonly time: number
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
  readonly volume: number
  readonly amount: number | null
  readonly trades: number | null
  readonly auction_merged: number
  readonly source: string
}

async function built(code: string): Promise<readonly Row[]> {
  const result = await buildTable(engine, marketKlines, { dates: [date], scope: 'all', version: ++version, progress() {} })
  expect(result.type).toBe('published')
  return engine.rows<Row>(`select * except (ver, is_deleted) from fupan.market_klines where ts_code = '${code}' order by interval, time`)
}

const clockOf = (row: Row | undefined) => formatClock(timeOfDay(row!.time as EpochMs)).slice(0, 5)
const at = (rows: readonly Row[], clock: string) => rows.find((row) => clockOf(row) === clock)

test('market_klines has 241 slots from ticks, trades placed as spec simulator §17.7 says, flat minutes in between', async () => {
  await load(
    odsTick,
    ticks('600000.SH', [
      ['09:20:00', 8, 5],
      ['09:25:00', 10, 1000],
      ['10:00:00', 10.1, 10],
      ['10:00:00.001', 10.2, 20],
      ['11:30:02.310', 10.3, 30],
      ['13:00:00', 10.05, 40],
      ['13:00:30', 10.08, 50],
      ['15:00:03', 10.4, 60],
      ['15:10:00', 10.4, 70],
    ]),
  )
  const rows = await built('600000.SH')
  expect([rows.length, clockOf(rows[0]), clockOf(rows[240])]).toEqual([241, '09:30', '15:00'])
  expect(at(rows, '09:30')).toMatchObject({ interval: '1m', open: 10, close: 10, volume: 1000, amount: 10_000, trades: 1, auction_merged: 0, source: 'a' })
  expect(at(rows, '10:00')).toMatchObject({ close: 10.1, volume: 10 })
  expect(at(rows, '10:01')).toMatchObject({ open: 10.2, volume: 20 })
  expect(at(rows, '10:02')).toMatchObject({ open: 10.2, high: 10.2, low: 10.2, close: 10.2, volume: 0, amount: 0, trades: 0 })
  expect(at(rows, '11:30')).toMatchObject({ close: 10.3, volume: 30 })
  expect(at(rows, '13:01')).toMatchObject({ open: 10.05, high: 10.08, low: 10.05, close: 10.08, volume: 90, trades: 2 })
  expect([at(rows, '14:58')!.volume, at(rows, '14:59')!.volume, at(rows, '15:00')]).toMatchObject([0, 0, { close: 10.4, volume: 60 }])
  expect(rows.reduce((sum, row) => sum + row.volume, 0)).toBe(1210)
})

test('market_klines is flat at the reference price before the first trade, and has no minutes where no price is known', async () => {
  await load(odsTick, ticks('600000.SH', [['10:30:30', 10, 100]]))
  const rows = await built('600000.SH')
  expect([rows.length, clockOf(rows[0]), rows[0]!.close, at(rows, '10:31')!.close, rows[0]!.auction_merged]).toEqual([240, '09:31', 9.9, 10, 1])
  await load(odsTick, ticks('600001.SH', [['10:30:30', 10, 100]]))
  expect([(await built('600001.SH')).length, clockOf((await built('600001.SH'))[0])]).toEqual([180, '10:31'])
  // A forward-adjusted reference price is on another scale.
  await load(odsTick, ticks('600002.SH', [['10:30:30', 10, 100]]))
  expect(clockOf((await built('600002.SH'))[0])).toBe('10:31')
})

test('market_klines takes a minute file where there are no ticks, its finest length, filled up to its last bar', async () => {
  await load(
    odsMinuteBar,
    file('600003.SH', [
      ['09:30', 1, 5, 5, 5, 5, 10],
      ['09:31', 1, NaN, 5.2, 5.1, 5.2, 20],
      ['09:33', 1, 5.3, 5.3, 5.2, 5.2, 30],
      ['12:00', 1, 9, 9, 9, 9, 99],
      ['13:00', 1, 5.2, 5.2, 5.2, 5.2, 1],
      ['13:01', 1, 5.4, 5.4, 5.4, 5.4, 2],
      ['09:35', 5, 5, 5.3, 5, 5.2, 60],
    ]),
  )
  const rows = await built('600003.SH')
  expect(new Set(rows.map(({ interval }) => interval))).toEqual(new Set(['1m']))
  expect([rows.length, rows[0]!.volume, at(rows, '09:31'), at(rows, '09:32'), at(rows, '13:01')]).toMatchObject([
    122,
    10,
    { open: 5.1, volume: 20, auction_merged: 0, source: 'minute_file', trades: null },
    { close: 5.2, volume: 0 },
    { open: 5.2, high: 5.4, close: 5.4, volume: 3 },
  ])
  await load(
    odsMinuteBar,
    file('600004.SH', [
      ['09:45', 15, 5, 5, 5, 5, 10],
      ['10:00', 15, 5, 6, 5, 6, 20],
    ]),
  )
  expect((await built('600004.SH')).map((row) => [row.interval, clockOf(row), row.close, row.auction_merged])).toEqual([
    ['15m', '09:45', 5, 1],
    ['15m', '10:00', 6, 1],
  ])
})

test('market_klines lets ticks replace a minute file when they arrive, and a corrected tick its minute', async () => {
  await load(odsTick, ticks('600004.SH', [['09:25:00', 5, 7]]))
  const first = await built('600004.SH')
  expect([first.length, first[0]!.interval, first[0]!.volume]).toEqual([241, '1m', 7])
  await load(odsTick, ticks('600004.SH', [['09:25:00', 6, 8]]))
  expect((await built('600004.SH')).map(({ close }) => close)).toEqual(first.map(() => 6))
})

test('fileSlot() places end labels, also those at the edges of a session', () => {
  expect(['09:25', '09:30', '09:31', '11:30', '11:31', '13:00', '13:01', '15:00', '15:05'].map((clock) => fileSlot(clockTime(clock)))).toEqual([
    0,
    0,
    1,
    120,
    undefined,
    121,
    121,
    240,
    undefined,
  ])
})

const shared = join(process.env['FUPAN_SHARED'] ?? join(import.meta.dirname, '../../../shared'), 'data')
const hasShared = existsSync(shared)

async function imported(path: string): Promise<void> {
  const open = await openFile({ path: join(shared, path), today: tradeDate(20260926) })
  for await (const { frames } of open.decoded) for (const { table, frame } of frames) await load(findTable(table)!, frame)
}

test.skipIf(!hasShared)(
  'market_klines of recorded ticks gives the open, high, low and close of the vendor’s daily bars, and their volume (needs FUPAN_SHARED)',
  async () => {
    const recorded = [20180115, 20180116, 20180117, 20180118, 20180119].map(tradeDate)
    for (const day of recorded) await imported(`ticks_l1/300027.SZ/${formatDate(day)}.csv.gz`)
    await imported('ticks_l1/300027.SZ/dayk_bfq.csv.gz')
    const result = await buildTable(engine, marketKlines, { dates: recorded, scope: 'all', version: ++version, progress() {} })
    expect(result).toMatchObject({ type: 'published', audits: [{ offending: 0 }, { offending: 0 }, { offending: 0 }] })
    const days = await engine.rows<Record<string, number>>(
      `select k.ts_code as code, k.trade_date as date, k.slots as slots, k.o as o, k.h as h, k.l as l, k.c as c, k.v / (d.vol * 100) as volume_ratio, d.open as open, d.high as high, d.low as low, d.close as close
     from (select ts_code, trade_date, count() as slots, argMin(open, time) as o, maxIf(high, volume > 0) as h, minIf(low, volume > 0) as l, argMax(close, time) as c, sum(volume) as v
           from fupan.market_klines where trade_date between 20180115 and 20180119 group by ts_code, trade_date) as k
     inner join fupan.ods_daily as d on d.ts_code = k.ts_code and d.trade_date = k.trade_date order by code, date`,
    )
    expect(days).toHaveLength(5)
    for (const { slots, o, h, l, c, open, high, low, close, volume_ratio: ratio, ...key } of days) {
      expect({ ...key, slots, o, h, l, c }).toEqual({ ...key, slots: 241, o: open, h: high, l: low, c: close })
      expect(ratio).toBeGreaterThan(0.998)
      expect(ratio).toBeLessThan(1.002)
    }
  },
)

test.skipIf(!hasShared)('market_klines of a recorded minute file keeps its 241 bars a day and their prices (needs FUPAN_SHARED)', async () => {
  await imported('minute/600519_1min_202603.csv.gz')
  const result = await buildTable(engine, marketKlines, {
    dates: [20260323, 20260324, 20260325].map(tradeDate),
    codes: ['600519.SH'],
    scope: 'all',
    version: ++version,
    progress() {},
  })
  expect(result.type).toBe('published')
  const [differences] = await engine.rows<Record<string, number>>(
    `select toUInt32(count()) as bars, toUInt32(countIf(abs(k.close - o.close) > 1e-9 or abs(k.high - o.high) > 1e-9 or k.volume != o.volume)) as different
     from fupan.market_klines as k inner join fupan.ods_minute_bar as o on o.ts_code = k.ts_code and o.at = k.time and o.minutes = 1 where k.ts_code = '600519.SH'`,
  )
  expect(differences).toEqual({ bars: 723, different: 0 })
})
