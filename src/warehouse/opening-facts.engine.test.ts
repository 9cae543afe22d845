import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { aShareCalendar } from '#core/a-share-calendar.ts'
import { labelAt, labels, numbers } from '#core/frame.ts'
import { clockTime, instantOf } from '#core/shanghai-time.ts'
import { tradeDate, type TradeDate } from '#core/trade-date.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildTable } from './build.ts'
import { dimTradeCal } from './dim/dim_trade_cal.ts'
import { bigTradeThreshold } from './dws/big_trade_threshold.ts'
import { dwdDaily } from './dwd/dwd_daily.ts'
import type { Engine } from './engine/engine.ts'
import { openEngine } from './engine/open-engine.ts'
import { FrameBuilder } from './frame-builder.ts'
import { Load } from './load.ts'
import { odsTick } from './ods/ods_tick.ts'
import { openingFacts } from './opening-facts.ts'
import { createTables } from './schema.ts'
import type { Table } from './table.ts'
import { tables } from './tables.ts'

const folder = mkdtempSync(join(tmpdir(), 'fupan-opening-'))
const date = tradeDate(20260601)
const before = aShareCalendar.dates(aShareCalendar.shift(date, -30), aShareCalendar.previous(date))
let engine: Engine
let version = 0

beforeAll(async () => {
  engine = await openEngine({ directory: join(folder, 'engine'), threadPoolSize: Number(process.env['UV_THREADPOOL_SIZE']) })
  await createTables(engine, tables)
  await buildTable(engine, dimTradeCal, { dates: [date], scope: 'all', version: ++version, progress() {} })
  const daily = new FrameBuilder<Table['columns']>(dwdDaily)
  // Turnover grows by a million a day; the range is 3 % of the close; the last day goes ex-dividend from 10 to 9.
  for (const [nth, day] of before.entries()) daily.push(barOn(day, '000001.SZ', 1e6 * (nth + 1), nth === before.length - 1 ? 9 : 10))
  for (const day of before.slice(-13)) daily.push(barOn(day, '300027.SZ', 2e6, 10))
  daily.push({ ...barOn(date, '000001.SZ', 9e9, 8.8), high: 20, low: 1, close: 20 })
  await loaded(dwdDaily, daily)
  const ticks = new FrameBuilder<Table['columns']>(odsTick)
  for (const [code, grain, source] of [
    ['000001.SZ', 'AGG3S', 'a'],
    ['300027.SZ', 'AGG3S', 'a'],
    ['300027.SZ', 'TBT', 'b'],
  ] as const)
    ticks.push({
      trade_date: date,
      ts_code: code,
      grain,
      source,
      at: instantOf(date, clockTime('10:00')),
      seq: 0,
      price: 10_000,
      volume: 100,
      amount: 1_000_000,
      amount_est: 0,
      vendor_side: 'B',
      trade_count: NaN,
      bid1: NaN,
      ask1: NaN,
    })
  await loaded(odsTick, ticks)
})

afterAll(async () => {
  await engine.close()
  rmSync(folder, { recursive: true, force: true })
})

function barOn(day: TradeDate, code: string, amount: number, reference: number) {
  return {
    trade_date: day,
    ts_code: code,
    open: reference,
    high: reference * 1.02,
    low: reference * 0.99,
    close: reference,
    pre_close: reference,
    ret_1d: 0,
    vol_shares: 1e6,
    amount_cny: amount,
    vwap: NaN,
    adjusted_scale: 0,
    is_bar_valid: 1,
    fix_flags: 0,
  }
}

async function loaded(table: Table, builder: FrameBuilder<Table['columns']>): Promise<void> {
  const load = new Load(engine, ++version)
  await load.add(table, builder.take())
  await load.publish()
}

async function factsOf(code: string): Promise<Record<string, number>> {
  const frame = await openingFacts(engine, aShareCalendar, date, undefined, new AbortController().signal)
  const row = Array.from({ length: frame.length }, (_, i) => i).find((i) => labelAt(labels(frame, 'ts_code'), i) === code)!
  return Object.fromEntries(['adv20', 'atr_pct', 'prev_close', 'threshold'].map((name) => [name, numbers(frame, name)[row]!]))
}

test('openingFacts() takes turnover and range from the twenty days before, and of the day itself the reference price alone', async () => {
  const { adv20, atr_pct, prev_close } = await factsOf('000001.SZ')
  // Days 11 to 30 of the series.
  expect(adv20).toBe(20.5e6)
  // An ex-date is no range: 3 % on every day.
  expect(atr_pct).toBeCloseTo(0.03, 12)
  expect(prev_close).toBe(8.8)
})

test('openingFacts() knows no range from thirteen days, and the last close where the day has no bar', async () => {
  expect(await factsOf('300027.SZ')).toMatchObject({ adv20: 2e6, atr_pct: NaN, prev_close: 10 })
})

test('openingFacts() works thresholds out where none are kept, and takes those of the kind of records the day brings', async () => {
  // No sample: 0.05 % of the mean turnover, at least 100,000.
  expect((await factsOf('000001.SZ'))['threshold']).toBe(100_000)
  const kept = new FrameBuilder<Table['columns']>(bigTradeThreshold)
  const keep = (code: string, grainClass: string, threshold: number) =>
    kept.push({
      trade_date: date,
      ts_code: code,
      grain_class: grainClass,
      p90: NaN,
      p95: NaN,
      threshold,
      method: 'PCT',
      n_days: 20,
      n_trades: 9000,
      param_set_id: 'test',
    })
  keep('000001.SZ', 'TBT', 60_000)
  keep('000001.SZ', 'AGG', 300_000)
  await loaded(bigTradeThreshold, kept)
  // Not every stock of the day has one: all are worked out.
  expect((await factsOf('000001.SZ'))['threshold']).toBe(100_000)
  keep('300027.SZ', 'AGG', 310_000)
  keep('300027.SZ', 'TBT', 70_000)
  await loaded(bigTradeThreshold, kept)
  expect((await factsOf('000001.SZ'))['threshold']).toBe(300_000)
  expect((await factsOf('300027.SZ'))['threshold']).toBe(70_000)
})
