import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { aShareCalendar } from '#core/a-share-calendar.ts'
import { frameOf, labelAt, labels, numbers, toLabels, type Frame } from '#core/frame.ts'
import { seededRng } from '#core/rng.ts'
import { tradeDate, type TradeDate } from '#core/trade-date.ts'
import { dailyBars } from '#market/daily-bars.ts'
import { tickFrame } from '#market/tick-frame.ts'
import { tickDay } from '#market/tick-path.ts'
import { createWorld } from '#market/world.ts'
import { admitTicks } from '#micro/admit-ticks.ts'
import { classifySides } from '#micro/classify-sides.ts'
import { FLOW_WIDTH } from '#micro/flow-sums.ts'
import { orderFlowImbalance } from '#micro/measures/order-flow-imbalance.ts'
import { tickCount } from '#micro/measures/tick-count.ts'
import { totalValue } from '#micro/measures/total-value.ts'
import { buildTable } from './build.ts'
import { dimTradeCal } from './dim/dim_trade_cal.ts'
import { dwsFlowBucket } from './dws/dws_flow_bucket.ts'
import { dwsIntradayBaseline } from './dws/dws_intraday_baseline.ts'
import { stockMicrostructureDaily } from './dws/stock_microstructure_daily.ts'
import type { Engine } from './engine/engine.ts'
import { openEngine } from './engine/open-engine.ts'
import { bucketSums, FLOW_BUCKETS } from './flow-buckets.ts'
import { intradayBaselineOn } from './intraday-baseline.ts'
import { Load } from './load.ts'
import { odsTick } from './ods/ods_tick.ts'
import { createTables } from './schema.ts'
import type { Table } from './table.ts'
import { tables } from './tables.ts'
import { segmentsOfDay } from './tick-segments.ts'

const folder = mkdtempSync(join(tmpdir(), 'fupan-baseline-'))
let engine: Engine
let version = 0

beforeAll(async () => {
  engine = await openEngine({ directory: join(folder, 'engine'), threadPoolSize: Number(process.env['UV_THREADPOOL_SIZE']) })
  await createTables(engine, tables)
  await built(dimTradeCal, [tradeDate(20260601)])
  await loaded(dwsFlowBucket, flowFrame(history))
})

afterAll(async () => {
  await engine.close()
  rmSync(folder, { recursive: true, force: true })
})

async function built(table: Table, days: readonly TradeDate[]): Promise<void> {
  const result = await buildTable(engine, table, { dates: days, scope: 'all', version: ++version, progress() {} })
  expect(result.type === 'audit-failed' ? result.audits.filter(({ offending }) => offending > 0) : 'published').toBe('published')
}

async function loaded(table: Table, frame: Frame): Promise<void> {
  const load = new Load(engine, ++version)
  await load.add(table, frame)
  await load.publish()
}

interface FlowRow {
  readonly date: TradeDate
  readonly code: string
  readonly bucket: number
  readonly netRatio: number
  readonly bigDensity: number
}

function flowFrame(rows: readonly FlowRow[]): Frame {
  const float = (of: (row: FlowRow) => number) => Float64Array.from(rows, of)
  return frameOf({
    trade_date: Uint32Array.from(rows, ({ date }) => date),
    ts_code: toLabels(rows.map(({ code }) => code)),
    bucket: Uint32Array.from(rows, ({ bucket }) => bucket),
    amount: float(() => 1e6),
    net_value: float(({ netRatio }) => netRatio * 1e6),
    net_ratio: float(({ netRatio }) => netRatio),
    big_count: Uint32Array.from(rows, () => 1),
    tick_count: Uint32Array.from(rows, () => 10),
    big_density: float(({ bigDensity }) => bigDensity),
  })
}

/** Forty market days; the stocks trade on some of them, one only four times in any twenty. */
const days = aShareCalendar.dates(tradeDate(20260401), tradeDate(20260601))
const history: readonly FlowRow[] = (() => {
  const rng = seededRng(7)
  const often = { '000001.SZ': 1, '300027.SZ': 0.6, '600519.SH': 0.35, '688981.SH': 0.15 }
  return days.flatMap((date) =>
    Object.entries(often).flatMap(([code, share]) =>
      [0, 1, 23, 47].flatMap((bucket) =>
        rng.next() < share ? [{ date, code, bucket, netRatio: Math.max(-1, Math.min(1, rng.normal() * 0.2)), bigDensity: rng.next() * 0.4 }] : [],
      ),
    ),
  )
})()

interface BaselineRow {
  readonly code: string
  readonly bucket: number
  readonly mean: number
  readonly sigma: number
  readonly density: number
  readonly days: number
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** The slow truth: search the rows of the twenty market days before, stock by stock and bucket by bucket. */
function slowBaseline(rows: readonly FlowRow[], date: TradeDate): readonly BaselineRow[] {
  const before = new Set(Array.from({ length: 20 }, (_, i) => aShareCalendar.shift(date, -1 - i)))
  const grouped = Map.groupBy(
    rows.filter((row) => before.has(row.date)),
    ({ code, bucket }) => `${code} ${String(bucket).padStart(2, '0')}`,
  )
  return [...grouped]
    .filter(([, seen]) => seen.length >= 5)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, seen]) => {
      const ratios = seen.map(({ netRatio }) => netRatio)
      const middle = median(ratios)
      const deviation = median(ratios.map((ratio) => Math.abs(ratio - middle)))
      const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
      return {
        code: seen[0]!.code,
        bucket: seen[0]!.bucket,
        mean: mean(ratios),
        sigma: Math.max(0.05, 1.4826 * deviation),
        density: mean(seen.map((row) => row.bigDensity)),
        days: seen.length,
      }
    })
}

function rowsOf(frame: Frame): readonly BaselineRow[] {
  const code = labels(frame, 'ts_code')
  const [bucket, mean, sigma, density, count] = ['bucket', 'net_ratio_mean', 'net_ratio_sigma', 'big_density_mean', 'n_days'].map((name) =>
    numbers(frame, name),
  )
  return Array.from({ length: frame.length }, (_, row) => ({
    code: labelAt(code, row)!,
    bucket: bucket![row]!,
    mean: mean![row]!,
    sigma: sigma![row]!,
    density: density![row]!,
    days: count![row]!,
  }))
}

function close(expected: readonly BaselineRow[]) {
  return expected.map(({ mean, sigma, density, ...rest }) => ({
    ...rest,
    mean: expect.closeTo(mean, 12),
    sigma: expect.closeTo(sigma, 12),
    density: expect.closeTo(density, 12),
  }))
}

test('intradayBaselineOn() is what a plain search of the twenty market days before finds', async () => {
  let rows = 0
  for (const date of [days[4]!, days[5]!, days[12]!, days[20]!, days[28]!, days.at(-1)!]) {
    const expected = slowBaseline(history, date)
    expect(rowsOf(await intradayBaselineOn(engine, date)), `${date}`).toEqual(close(expected))
    rows += expected.length
  }
  expect(rows).toBeGreaterThan(40)
  // Four days are not enough: the stock that trades every day has its fifth before the sixth.
  expect(await intradayBaselineOn(engine, days[4]!)).toMatchObject({ length: 0 })
  expect(rowsOf(await intradayBaselineOn(engine, days[5]!)).map(({ code, bucket }) => `${code} ${bucket}`)).toContain('000001.SZ 47')
})

test('intradayBaselineOn() knows the next session day, which has neither bars nor ticks', async () => {
  const next = aShareCalendar.next(days.at(-1)!)
  const expected = slowBaseline(history, next)
  expect(expected.length).toBeGreaterThan(8)
  expect(rowsOf(await intradayBaselineOn(engine, next))).toEqual(close(expected))
  expect(rowsOf(await intradayBaselineOn(engine, next, ['300027.SZ']))).toEqual(close(expected.filter(({ code }) => code === '300027.SZ')))
})

test('intradayBaselineOn() gives a sleepy stock no narrower spread than 0.05', async () => {
  const expected = aShareCalendar
    .dates(tradeDate(20250106), tradeDate(20250114))
    .map((date): FlowRow => ({ date, code: '600000.SH', bucket: 3, netRatio: 0.1, bigDensity: 0 }))
  await loaded(dwsFlowBucket, flowFrame(expected))
  expect(rowsOf(await intradayBaselineOn(engine, tradeDate(20250115)))).toEqual([
    { code: '600000.SH', bucket: 3, mean: expect.closeTo(0.1, 12), sigma: 0.05, density: 0, days: 7 },
  ])
})

async function stored(among: readonly TradeDate[]): Promise<string> {
  const columns = Object.keys(dwsIntradayBaseline.columns).join(', ')
  return JSON.stringify(
    await engine.rows(`select ${columns} from fupan.dws_intraday_baseline where trade_date in (${among.join(', ')}) order by trade_date, ts_code, bucket`),
  )
}

test('dws_intraday_baseline built day by day equals the table built at once and the rows computed on demand, bit for bit', async () => {
  // From the first to the last of them more than twenty days lie.
  const some = [...days.slice(3, 8), ...days.slice(30, 34)]
  await built(dwsIntradayBaseline, days.slice(3, 34))
  const whole = await stored(some)
  const shuffled = some.toSorted((a, b) => (a % 7) - (b % 7))
  await engine.exec('truncate table fupan.dws_intraday_baseline')
  for (const date of shuffled) await built(dwsIntradayBaseline, [date])
  expect(await stored(some)).toBe(whole)
  await built(dwsIntradayBaseline, days.slice(3, 34))
  expect(await stored(some)).toBe(whole)
  for (const date of [days[10]!, days[33]!]) {
    const kept = await engine.frame(
      'select ts_code, bucket, net_ratio_mean, net_ratio_sigma, big_density_mean, n_days from fupan.dws_intraday_baseline where trade_date = {date:UInt32} order by ts_code, bucket',
      { params: { date } },
    )
    expect(kept.length).toBeGreaterThan(0)
    expect(rowsOf(await intradayBaselineOn(engine, date))).toEqual(rowsOf(kept))
  }
})

test('intradayBaselineOn() never sees the day itself or a later one', async () => {
  const date = days[25]!
  const before = rowsOf(await intradayBaselineOn(engine, date))
  expect(before.length).toBeGreaterThan(8)
  await loaded(dwsFlowBucket, flowFrame(history.filter((row) => row.date >= date).map((row) => ({ ...row, netRatio: -1, bigDensity: 1 }))))
  expect(rowsOf(await intradayBaselineOn(engine, date))).toEqual(before)
  expect(rowsOf(await intradayBaselineOn(engine, aShareCalendar.next(date)))).not.toEqual(before)
  await loaded(dwsFlowBucket, flowFrame(history))
})

test('dws_flow_bucket holds the sums of bucketSums() for the stocks of the daily microstructure, with the thresholds kept there', async () => {
  const dates = aShareCalendar.dates(tradeDate(20260601), tradeDate(20260630))
  const world = createWorld({ seed: 3, size: 12, dates })
  const date = dates.at(-1)!
  const raw = world.stocks.map((stock) => tickDay(world, dailyBars(world, stock), dates.length - 1)).filter((day) => day !== undefined)
  expect(raw.length).toBeGreaterThan(6)
  await loaded(odsTick, tickFrame(raw, 'simulator'))
  // The last stock has ticks but no row: its day did not add up, or it is not worked on.
  const kept = raw.slice(0, -1)
  const thresholds = new Map(kept.map(({ code }, i) => [code, 50_000 + 20_000 * i]))
  await loaded(stockMicrostructureDaily, microstructureFrame(date, thresholds))
  await built(dwsFlowBucket, [date])
  const frame = await engine.frame('select * from fupan.dws_flow_bucket where trade_date = {date:UInt32} order by ts_code, bucket', { params: { date } })
  const code = labels(frame, 'ts_code')
  const [bucket, amount, ratio, records] = ['bucket', 'amount', 'net_ratio', 'tick_count'].map((name) => numbers(frame, name))
  const found = Array.from({ length: frame.length }, (_, row) => [labelAt(code, row), bucket![row], amount![row], ratio![row], records![row]])
  const expected = kept.flatMap((day) => {
    const { day: admitted, segments } = admitTicks(day, segmentsOfDay(day))
    const sums = bucketSums({ day: admitted, segments, sides: classifySides(admitted, segments) }, thresholds.get(day.code)!)
    return Array.from({ length: FLOW_BUCKETS }, (_, b) => b * FLOW_WIDTH)
      .filter((at) => tickCount.value(sums, at) > 0)
      .map((at) => [day.code, at / FLOW_WIDTH, totalValue.value(sums, at), orderFlowImbalance.value(sums, at), tickCount.value(sums, at)])
  })
  expect(found).toEqual(expected)
  const columns = Object.keys(dwsFlowBucket.columns).join(', ')
  const dump = () => engine.rows(`select ${columns} from fupan.dws_flow_bucket where trade_date = ${date} order by ts_code, bucket`)
  const once = await dump()
  await built(dwsFlowBucket, [date])
  expect(await dump()).toEqual(once)
})

function microstructureFrame(date: TradeDate, thresholds: ReadonlyMap<string, number>): Frame {
  const codes = [...thresholds.keys()]
  const text = (value: string) => toLabels(codes.map(() => value))
  const zero = new Float64Array(codes.length)
  return frameOf({
    trade_date: new Uint32Array(codes.length).fill(date),
    ts_code: toLabels(codes),
    total_value: zero,
    total_volume: zero,
    tick_count: new Uint32Array(codes.length),
    side_methods: text('{}'),
    ah_volume: zero,
    ah_value: zero,
    threshold: Float64Array.from(thresholds.values()),
    threshold_method: text('ADV'),
    grain: text('AGG3S'),
    source: text('simulator'),
    quality: text('OK'),
    param_set_id: text('test'),
  })
}
