import { aShareCalendar } from '#core/a-share-calendar.ts'
import type { Code } from '#core/code.ts'
import { SEGMENT } from '#core/session.ts'
import { clockTime, instantOf } from '#core/shanghai-time.ts'
import type { Tick, TickDay } from '#core/tick.ts'
import { tradeDate, type EpochMs, type TradeDate } from '#core/trade-date.ts'
import { dailyBars } from '#market/daily-bars.ts'
import { tickDay } from '#market/tick-path.ts'
import { createWorld } from '#market/world.ts'
import { admitTicks } from '#micro/admit-ticks.ts'
import { classifySides } from '#micro/classify-sides.ts'
import { FLOW, FLOW_WIDTH } from '#micro/flow-sums.ts'
import { activeNetValue } from '#micro/measures/active-net-value.ts'
import { bigDensity } from '#micro/measures/big-density.ts'
import { orderFlowImbalance } from '#micro/measures/order-flow-imbalance.ts'
import { totalValue } from '#micro/measures/total-value.ts'
import { profileBaseline } from '#stream/baseline.ts'
import { Pipeline } from '#stream/pipeline.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bucketSums, FLOW_BUCKETS } from './flow-buckets.ts'
import { segmentsOfDay } from './tick-segments.ts'

const THRESHOLD = 60_000

interface Print {
  /** Milliseconds after midnight. */
  readonly time: number
  readonly price: number
  readonly volume: number
  readonly vendorSide: number
}

function ticksOf(code: Code, date: TradeDate, prints: readonly Print[]): readonly Tick[] {
  return prints.map(({ time, price, volume, vendorSide }, seq) => {
    const at = instantOf(date, time)
    return {
      code,
      date,
      at,
      seenAt: at,
      seq,
      grain: 'TBT',
      price,
      volume,
      amount: price * volume,
      amountEstimated: false,
      vendorSide,
      tradeCount: NaN,
      bid1: NaN,
      ask1: NaN,
    }
  })
}

function dayOf(ticks: readonly Tick[]): TickDay {
  const column = (name: 'at' | 'volume' | 'amount' | 'vendorSide' | 'tradeCount' | 'bid1' | 'ask1') => Float64Array.from(ticks, (tick) => tick[name])
  const { code, date, grain } = ticks[0]!
  return {
    code,
    date,
    grain,
    length: ticks.length,
    at: column('at'),
    price: Int32Array.from(ticks, ({ price }) => price),
    volume: column('volume'),
    amount: column('amount'),
    amountEstimated: Uint8Array.from(ticks, ({ amountEstimated }) => (amountEstimated ? 1 : 0)),
    vendorSide: column('vendorSide'),
    tradeCount: column('tradeCount'),
    bid1: column('bid1'),
    ask1: column('ask1'),
  }
}

function ticksOfDay(day: TickDay): readonly Tick[] {
  return Array.from({ length: day.length }, (_, seq) => ({
    code: day.code,
    date: day.date,
    at: day.at[seq] as EpochMs,
    seenAt: day.at[seq] as EpochMs,
    seq,
    grain: day.grain,
    price: day.price[seq]!,
    volume: day.volume[seq]!,
    amount: day.amount[seq]!,
    amountEstimated: day.amountEstimated[seq] === 1,
    vendorSide: day.vendorSide[seq]!,
    tradeCount: day.tradeCount[seq]!,
    bid1: day.bid1[seq]!,
    ask1: day.ask1[seq]!,
  }))
}

function classified(raw: TickDay) {
  const { day, segments } = admitTicks(raw, segmentsOfDay(raw))
  return { day, segments, sides: classifySides(day, segments) }
}

/** The end of a bucket in milliseconds after midnight, where continuous trading ends at `pmEnd`. */
function endOf(bucket: number, pmEnd: number): number {
  const end = bucket < 24 ? clockTime('09:30') + (bucket + 1) * 300_000 : clockTime('13:00') + (bucket - 23) * 300_000
  return Math.min(end, pmEnd)
}

/** The slow truth, by the clock on the wall: everything that counts within five minutes of continuous trading before the bucket's end. */
function slowBucket(raw: TickDay, bucket: number, pmEnd: number) {
  const { day, segments, sides } = classified(raw)
  const end = endOf(bucket, pmEnd)
  const sums = { amount: 0, buys: 0, sells: 0, ticks: 0, big: 0 }
  for (let i = 0; i < day.length; i++) {
    if (segments[i] !== SEGMENT.AM && segments[i] !== SEGMENT.PM) continue
    // The session clock stands still over lunch: a print of 13:00:00 happens at the same moment as one of 11:30:00.
    const isAfternoon = day.at[i]! - instantOf(day.date, 0) > clockTime('13:00')
    const stop = isAfternoon ? pmEnd : clockTime('11:30')
    // Late records of a half count at its end.
    const time = Math.min(day.at[i]! - instantOf(day.date, 0), stop)
    if (!(time > end - 300_000 && time <= end) || isAfternoon !== bucket >= 24) continue
    sums.amount += day.amount[i]!
    sums.ticks++
    if (day.amount[i]! >= THRESHOLD * 1000) sums.big++
    if (Number.isNaN(sides.buyFraction[i]!)) continue
    const buys = Math.round(day.amount[i]! * sides.buyFraction[i]!)
    sums.buys += buys
    sums.sells += day.amount[i]! - buys
  }
  return sums
}

function found(sums: Float64Array, bucket: number) {
  const at = bucket * FLOW_WIDTH
  return {
    amount: sums[at + FLOW.totalAmount],
    buys: sums[at + FLOW.buyAmount],
    sells: sums[at + FLOW.sellAmount],
    ticks: sums[at + FLOW.tickCount],
    big: sums[at + FLOW.bigCount],
  }
}

/** A day of prints from the opening to the closing one; many fall on the edges of buckets. */
const prints = fc
  .array(
    fc.record({
      time: fc.oneof(
        fc.integer({ min: clockTime('09:30'), max: clockTime('11:30') + 5999 }),
        fc.integer({ min: clockTime('13:00'), max: clockTime('15:00') + 2999 }),
        fc.nat({ max: 24 }).map((step) => clockTime('09:30') + step * 300_000),
        fc.nat({ max: 24 }).map((step) => clockTime('13:00') + step * 300_000),
        fc.constantFrom(clockTime('09:25'), clockTime('14:57'), clockTime('14:52'), clockTime('14:52') + 1, clockTime('14:57') + 5000),
      ),
      price: fc.integer({ min: 900, max: 1100 }).map((ticks) => ticks * 10),
      volume: fc.integer({ min: 1, max: 200 }).map((lots) => lots * 100),
      vendorSide: fc.constantFrom(1, -1, 0, NaN),
    }),
    { minLength: 1, maxLength: 150 },
  )
  .map((all) => all.toSorted((a, b) => a.time - b.time))

test.each([
  ['a closing call from 14:57', '300027.SZ' as Code, tradeDate(20180115), clockTime('14:57')],
  ['continuous trading to 15:00, as in Shanghai before 2018-08-20', '600977.SH' as Code, tradeDate(20180115), clockTime('15:00')],
])('bucketSums() holds what a plain search by the wall clock finds, with %s', (_name, code, date, pmEnd) => {
  fc.assert(
    fc.property(prints, (all) => {
      const raw = dayOf(ticksOf(code, date, all))
      const sums = bucketSums(classified(raw), THRESHOLD)
      for (let bucket = 0; bucket < FLOW_BUCKETS; bucket++) expect(found(sums, bucket), `bucket ${bucket}`).toEqual(slowBucket(raw, bucket, pmEnd))
    }),
    { numRuns: 150 },
  )
})

test('bucketSums() leaves out the first second and both auctions, and lets the last bucket end at 14:57', () => {
  const print = (clock: string, volume: number): Print => ({ time: clockTime(clock), price: 10_000, volume, vendorSide: 1 })
  const raw = dayOf(
    ticksOf('300027.SZ' as Code, tradeDate(20180115), [
      print('09:25', 100),
      print('09:30', 200),
      print('09:30:01', 300),
      print('09:35', 400),
      print('09:35:01', 500),
      print('11:30', 600),
      print('13:00', 700),
      print('14:52', 800),
      print('14:53', 900),
      print('14:57:02', 1000),
      print('15:00', 5000),
    ]),
  )
  const sums = bucketSums(classified(raw), THRESHOLD)
  const volumes = Array.from({ length: FLOW_BUCKETS }, (_, bucket) => sums[bucket * FLOW_WIDTH + FLOW.totalVolume]!)
  // 13:00:00 is the same moment of the session clock as 11:30:00; 14:53 lies in the five minutes to 14:55 and in those to 14:57.
  expect(Object.fromEntries(volumes.flatMap((volume, bucket) => (volume > 0 ? [[bucket, volume]] : [])))).toEqual({
    0: 700,
    1: 500,
    23: 1300,
    46: 1700,
    47: 1900,
  })
})

const dates = aShareCalendar.dates(tradeDate(20260105), tradeDate(20260227))
const world = createWorld({ seed: 20260701, size: 40, dates })

/** What the live board's five-minute window shows after the last tick up to an instant, read through the whole pipeline. */
function windowAt(ticks: readonly Tick[], until: number) {
  const { code, date } = ticks[0]!
  const live = new Pipeline({ date, detectors: [], baselineOf: () => profileBaseline({ bigTradeThreshold: THRESHOLD }), emit: () => {} })
  live.push(ticks.filter(({ at }) => at <= until))
  const { amount_5m, net_5m, net_ratio_5m, big_density_5m } = live.snapshot(code)!.values
  return { amount_5m, net_5m, net_ratio_5m, big_density_5m }
}

/** The last instant of a bucket under the closing call: that of 11:30 lasts until 13:00:00. */
function momentOf(date: TradeDate, bucket: number): EpochMs {
  return instantOf(date, bucket === 23 ? clockTime('13:00') : endOf(bucket, clockTime('14:57')))
}

function bucketAs5m(sums: Float64Array, bucket: number) {
  const at = bucket * FLOW_WIDTH
  return {
    amount_5m: totalValue.value(sums, at),
    net_5m: activeNetValue.value(sums, at),
    net_ratio_5m: orderFlowImbalance.value(sums, at),
    big_density_5m: bigDensity.value(sums, at),
  }
}

test('bucketSums() equals the board of the pipeline at the end of every bucket of a simulated day, bit for bit', () => {
  for (const stock of world.stocks.slice(0, 3)) {
    const plain = ticksOfDay(tickDay(world, dailyBars(world, stock), dates.length - 1)!)
    const { date, code } = plain[0]!
    // The board moves with the ticks, so every bucket gets one more print exactly at its end.
    const ends = Array.from({ length: FLOW_BUCKETS }, (_, bucket) => momentOf(date, bucket))
    const missing = [...new Set(ends)].filter((end) => !plain.some(({ at }) => at === end))
    const extra = missing.map((at): Tick => ({ ...plain.findLast((tick) => tick.at < at)!, at, seenAt: at, volume: 100, amount: 100 * plain[0]!.price }))
    const ticks = [...plain, ...extra].toSorted((a, b) => a.at - b.at).map((tick, seq) => ({ ...tick, seq }))
    const sums = bucketSums(classified(dayOf(ticks)), THRESHOLD)
    for (let bucket = 0; bucket < FLOW_BUCKETS; bucket++) expect(windowAt(ticks, ends[bucket]!), `${code} bucket ${bucket}`).toEqual(bucketAs5m(sums, bucket))
    expect(bucketAs5m(sums, 20).amount_5m).toBeGreaterThan(0)
  }
})

test('bucketSums() equals the board of the pipeline on untouched simulated days, wherever a record falls on the end of a bucket', () => {
  let compared = 0
  for (const stock of world.stocks.slice(0, 8)) {
    const raw = tickDay(world, dailyBars(world, stock), dates.length - 1)
    if (raw === undefined) continue
    const ticks = ticksOfDay(raw)
    const sums = bucketSums(classified(raw), THRESHOLD)
    for (let bucket = 0; bucket < FLOW_BUCKETS; bucket++) {
      const end = momentOf(raw.date, bucket)
      if (!ticks.some(({ at }) => at === end)) continue
      expect(windowAt(ticks, end), `${raw.code} bucket ${bucket}`).toEqual(bucketAs5m(sums, bucket))
      compared++
    }
  }
  expect(compared).toBeGreaterThan(10)
})
