import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { aShareCalendar } from '#core/a-share-calendar.ts'
import type { Code } from '#core/code.ts'
import { type Frame } from '#core/frame.ts'
import { SEGMENT } from '#core/session.ts'
import type { Tick, TickDay } from '#core/tick.ts'
import { tradeDate, type EpochMs, type TradeDate } from '#core/trade-date.ts'
import { detectors } from '#detectors/index.ts'
import { dailyBars, type DailyBars } from '#market/daily-bars.ts'
import { flowPlan } from '#market/flow-plan.ts'
import { plantedFlow } from '#market/planted-flow.ts'
import { tickDay } from '#market/tick-path.ts'
import { createWorld } from '#market/world.ts'
import { admitTicks } from '#micro/admit-ticks.ts'
import { bigTradeThreshold, tradeValuePercentiles } from '#micro/big-trade-threshold.ts'
import { classifySides, type ClassifiedDay } from '#micro/classify-sides.ts'
import { FLOW_WIDTH } from '#micro/flow-sums.ts'
import { activeNetValue } from '#micro/measures/active-net-value.ts'
import { bigCount } from '#micro/measures/big-count.ts'
import { bigDensity } from '#micro/measures/big-density.ts'
import { orderFlowImbalance } from '#micro/measures/order-flow-imbalance.ts'
import { tickCount } from '#micro/measures/tick-count.ts'
import { totalValue } from '#micro/measures/total-value.ts'
import { BUCKETS, profileBaseline, type Baseline } from '#stream/baseline.ts'
import { Pipeline } from '#stream/pipeline.ts'
import { bigTradeThreshold as thresholdTable } from '#warehouse/dws/big_trade_threshold.ts'
import { dwsFlowBucket } from '#warehouse/dws/dws_flow_bucket.ts'
import { dwdDaily } from '#warehouse/dwd/dwd_daily.ts'
import { dimTradeCal } from '#warehouse/dim/dim_trade_cal.ts'
import { buildTable } from '#warehouse/build.ts'
import type { Engine } from '#warehouse/engine/engine.ts'
import { openEngine } from '#warehouse/engine/open-engine.ts'
import { bucketSums } from '#warehouse/flow-buckets.ts'
import { FrameBuilder } from '#warehouse/frame-builder.ts'
import { Load } from '#warehouse/load.ts'
import { createTables } from '#warehouse/schema.ts'
import type { Table } from '#warehouse/table.ts'
import { tables } from '#warehouse/tables.ts'
import { segmentsOfDay } from '#warehouse/tick-segments.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { baselinesFor, type Baselines } from './baselines.ts'

/** Twenty days until the big-trade threshold is the percentile of the stock's own trades, twenty more for densities measured with it. */
const WARM_UP = 40
const JUDGED = 15
const folder = mkdtempSync(join(tmpdir(), 'fupan-baselines-'))
const dates = aShareCalendar.dates(tradeDate(20250901), tradeDate(20260327))
const world = createWorld({ seed: 20260701, size: 100, dates })
/** The stocks somebody buys in, and as many that are left alone. */
const buyers = world.stocks.filter((stock) => flowPlan(world, stock).side === 1)
const others = world.stocks.filter((stock) => flowPlan(world, stock).side === 0).slice(0, buyers.length)
const planted = new Set(plantedFlow(world).flatMap(({ code, date, side }) => (side === 'buy' ? [`${code} ${date}`] : [])))
const ticks = new Map<string, TickDay>()
const judged = dates.slice(-JUDGED)
let engine: Engine
let version = 0

beforeAll(async () => {
  engine = await openEngine({ directory: join(folder, 'engine'), threadPoolSize: Number(process.env['UV_THREADPOOL_SIZE']) })
  await createTables(engine, tables)
  await buildTable(engine, dimTradeCal, { dates: [dates[0]!], scope: 'all', version: ++version, progress() {} })
  const [daily, thresholds, flow] = [new FrameBuilder(dwdDaily), new FrameBuilder(thresholdTable), new FrameBuilder(dwsFlowBucket)]
  for (const stock of [...buyers, ...others]) recordStock(dailyBars(world, stock), daily, thresholds, flow)
  await loaded(dwdDaily, daily.take())
  await loaded(thresholdTable, thresholds.take())
  await loaded(dwsFlowBucket, flow.take())
})

afterAll(async () => {
  await engine.close()
  rmSync(folder, { recursive: true, force: true })
})

async function loaded(table: Table, frame: Frame): Promise<void> {
  const load = new Load(engine, ++version)
  await load.add(table, frame)
  await load.publish()
}

/** What the nights before left behind of one stock: daily bars, thresholds from the days before each day, five-minute flows. */
function recordStock(
  bars: DailyBars,
  daily: FrameBuilder<(typeof dwdDaily)['columns']>,
  thresholds: FrameBuilder<(typeof thresholdTable)['columns']>,
  flow: FrameBuilder<(typeof dwsFlowBucket)['columns']>,
): void {
  const { code } = bars.stock
  const sample: number[][] = []
  for (let day = dates.length - JUDGED - WARM_UP; day < dates.length; day++) {
    const raw = tickDay(world, bars, day)
    if (raw === undefined) continue
    const date = dates[day]!
    const before = Array.from({ length: 20 }, (_, i) => bars.amount[day - 1 - i]! / 1000).filter((amount) => amount > 0)
    const { p90, p95 } = tradeValuePercentiles(Float64Array.from(sample.flat()))
    const { threshold, method } = bigTradeThreshold({
      p90,
      p95,
      days: sample.length,
      trades: sample.flat().length,
      dailyBars: before.length,
      meanAmount: before.reduce((sum, amount) => sum + amount, 0) / before.length,
    })
    thresholds.push({
      trade_date: date,
      ts_code: code,
      grain_class: 'AGG',
      p90,
      p95,
      threshold,
      method,
      n_days: sample.length,
      n_trades: sample.flat().length,
      param_set_id: 'test',
    })
    const yuan = (milli: number) => milli / 1000
    daily.push({
      trade_date: date,
      ts_code: code,
      open: yuan(bars.open[day]!),
      high: yuan(bars.high[day]!),
      low: yuan(bars.low[day]!),
      close: yuan(bars.close[day]!),
      pre_close: yuan(bars.preClose[day]!),
      ret_1d: NaN,
      vol_shares: bars.volume[day]!,
      amount_cny: yuan(bars.amount[day]!),
      vwap: NaN,
      adjusted_scale: 0,
      is_bar_valid: 1,
      fix_flags: 0,
    })
    ticks.set(`${code} ${date}`, raw)
    const classified = classifiedOf(raw)
    pushFlow(flow, code, date, bucketSums(classified, threshold))
    sample.push([...classified.day.amount].filter((_, i) => classified.segments[i] === SEGMENT.AM || classified.segments[i] === SEGMENT.PM).map(yuan))
  }
}

function classifiedOf(raw: TickDay): ClassifiedDay {
  const { day, segments } = admitTicks(raw, segmentsOfDay(raw))
  return { day, segments, sides: classifySides(day, segments) }
}

function pushFlow(flow: FrameBuilder<(typeof dwsFlowBucket)['columns']>, code: string, date: TradeDate, sums: Float64Array): void {
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    const at = bucket * FLOW_WIDTH
    if (tickCount.value(sums, at) === 0) continue
    flow.push({
      trade_date: date,
      ts_code: code,
      bucket,
      amount: totalValue.value(sums, at),
      net_value: activeNetValue.value(sums, at),
      net_ratio: orderFlowImbalance.value(sums, at),
      big_count: bigCount.value(sums, at),
      tick_count: tickCount.value(sums, at),
      big_density: bigDensity.value(sums, at),
    })
  }
}

function baselinesOn(date: TradeDate, codes?: readonly string[]): Promise<Baselines> {
  return baselinesFor({ engine, calendar: aShareCalendar }, date, codes, new AbortController().signal)
}

/** How many longs the live pipeline discovers in one stock-day. */
function longsIn(raw: TickDay, baseline: Baseline): number {
  let longs = 0
  const live = new Pipeline({
    date: raw.date,
    detectors,
    baselineOf: () => baseline,
    emit: ({ type, direction }) => (longs += type === 'discovered' && direction === 'long' ? 1 : 0),
  })
  const all = Array.from({ length: raw.length }, (_, seq): Tick => ({
    code: raw.code,
    date: raw.date,
    at: raw.at[seq] as EpochMs,
    seenAt: raw.at[seq] as EpochMs,
    seq,
    grain: raw.grain,
    price: raw.price[seq]!,
    volume: raw.volume[seq]!,
    amount: raw.amount[seq]!,
    amountEstimated: false,
    vendorSide: raw.vendorSide[seq]!,
    tradeCount: raw.tradeCount[seq]!,
    bid1: raw.bid1[seq]!,
    ask1: raw.ask1[seq]!,
  }))
  live.push(all)
  live.endSession()
  return longs
}

test('baselinesFor() compares a stock with its own previous days, and one without five of them with the market-wide profile', async () => {
  const date = judged.at(-1)!
  const { baselineOf, known } = await baselinesOn(date)
  expect(known).toEqual({ own: buyers.length + others.length, profile: 0, unknown: 0 })
  const own = baselineOf(buyers[0]!.code)
  expect(own.kind).toBe('own')
  expect(own.netRatioSigma.every((sigma) => sigma >= 0.05)).toBe(true)
  expect(new Set(own.netRatioMean).size).toBeGreaterThan(BUCKETS / 2)
  expect(own.adv20).toBeGreaterThan(0)
  expect(baselineOf('600519.SH' as Code)).toEqual(profileBaseline())
  const early = await baselinesOn(dates.at(-JUDGED - WARM_UP + 3)!)
  expect(early.known).toMatchObject({ own: 0 })
  expect(early.baselineOf(buyers[0]!.code)).toMatchObject({ kind: 'profile', netRatioSigma: profileBaseline().netRatioSigma })
})

test('baselinesFor() takes each five minutes from the table of the day before the open, and those without history from the profile', async () => {
  const date = judged[0]!
  const { code } = others[0]!
  await engine.exec(`alter table fupan.dws_flow_bucket delete where ts_code = '${code}' and bucket in (7, 8)`, { settings: { mutations_sync: 1 } })
  const { baselineOf } = await baselinesOn(date, [code])
  await buildTable(
    engine,
    tables.find(({ name }) => name === 'dws_intraday_baseline')!,
    { dates: [date], scope: 'all', version: ++version, progress() {} },
  )
  const rows = await engine.rows<{ bucket: number; net_ratio_mean: number; net_ratio_sigma: number; big_density_mean: number }>(
    `select bucket, net_ratio_mean, net_ratio_sigma, big_density_mean from fupan.dws_intraday_baseline where ts_code = '${code}' and trade_date = ${date} order by bucket`,
  )
  const profile = profileBaseline()
  expect(rows.length).toBe(BUCKETS - 2)
  const found = baselineOf(code)
  expect(found.kind).toBe('own')
  for (const row of rows)
    expect([found.netRatioMean[row.bucket], found.netRatioSigma[row.bucket], found.bigDensityMean[row.bucket]]).toEqual([
      row.net_ratio_mean,
      row.net_ratio_sigma,
      row.big_density_mean,
    ])
  for (const bucket of [7, 8])
    expect([found.netRatioMean[bucket], found.netRatioSigma[bucket], found.bigDensityMean[bucket]]).toEqual([
      profile.netRatioMean[bucket],
      profile.netRatioSigma[bucket],
      profile.bigDensityMean[bucket],
    ])
})

// Measured over four worlds (seeds 20260701, 1, 2, 3), stock-days with a long: planted 5/16, 13/14, 22/26, 37/38; others 19/163, 30/196, 23/181, 41/226.
test('money_anomaly with the baselines of the warehouse finds longs on more of the days on which buying was planted than of the others', async () => {
  const tally = { planted: { days: 0, found: 0 }, quiet: { days: 0, found: 0 } }
  for (const date of judged) {
    const { baselineOf } = await baselinesOn(date)
    for (const { code } of [...buyers, ...others]) {
      const raw = ticks.get(`${code} ${date}`)
      if (raw === undefined) continue
      const group = planted.has(`${code} ${date}`) ? tally.planted : tally.quiet
      group.days++
      if (longsIn(raw, baselineOf(code)) > 0) group.found++
    }
  }
  expect(tally.planted.days).toBeGreaterThan(10)
  expect(tally.quiet.days).toBeGreaterThan(80)
  const [on, off] = [tally.planted.found / tally.planted.days, tally.quiet.found / tally.quiet.days]
  expect(on, JSON.stringify(tally)).toBeGreaterThan(2 * off)
})
