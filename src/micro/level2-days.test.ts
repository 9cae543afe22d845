import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { exchangeOf, readCode, type Code } from '#core/code.ts'
import { SEGMENT, segmentsOf, sessionRulesOn } from '#core/session.ts'
import { clockTime, instantOf, timeOfDay } from '#core/shanghai-time.ts'
import type { TickDay } from '#core/tick.ts'
import { tradeDate, type EpochMs, type TradeDate } from '#core/trade-date.ts'
import { pearson } from '#numeric/pearson.ts'
import { admitTicks } from './admit-ticks.ts'
import { tradeValuePercentiles } from './big-trade-threshold.ts'
import { classifySides, type ClassifiedDay } from './classify-sides.ts'
import { summarizeDay } from './daily-summary.ts'
import { withQuotesInForce } from './quotes-in-force.ts'
import { differenceSnapshots, type SnapshotSeries } from './snapshot-differences.ts'

const shared = process.env.FUPAN_SHARED ?? join(import.meta.dirname, '../../../shared')
const hasShared = existsSync(join(shared, 'data/l2'))
const MINUTE = 60_000

/** One exchange trade: milliseconds after midnight, 厘, shares, 厘; side +1/-1 of the aggressor, 0 in the auctions of a feed that flags them. */
interface Trade {
  readonly time: number
  readonly price: number
  readonly volume: number
  readonly amount: number
  readonly side: number
}

/** One exchange snapshot: milliseconds after midnight, 厘, and the day's shares and 厘 so far. */
interface Snapshot {
  readonly time: number
  readonly last: number
  readonly bid1: number
  readonly ask1: number
  readonly cumVolume: number
  readonly cumAmount: number
}

interface RealDay {
  readonly code: Code
  readonly date: TradeDate
  readonly trades: readonly Trade[]
  readonly snapshots: readonly Snapshot[]
}

function columnsOf(file: string): { rows: string[][]; at: (name: string) => number } {
  const [header, ...rows] = gunzipSync(readFileSync(join(shared, 'data/l2', file)))
    .toString()
    .trim()
    .split('\n')
  const names = header!.split(',')
  return { rows: rows.map((row) => row.split(',')), at: (name) => names.indexOf(name) }
}

const milli = (text: string | undefined): number => Math.round(Number(text ?? '') * 1000)

/** 600519 on 2023-02-01: exchange flags, ten-level snapshots. */
function shanghaiDay(): RealDay {
  const trade = columnsOf('600519.SH_20230201/trade.csv.gz')
  const snapshot = columnsOf('600519.SH_20230201/snapshot.csv.gz')
  const [time, price, volume, money, flag] = ['TradTime', 'TradPrice', 'TradVolume', 'TradeMoney', 'TradeBSFlag'].map(trade.at)
  const [stamp, last, bid, ask, shares, turnover] = ['UpdateTime', 'LastPrice', 'BidPrice1', 'AskPrice1', 'TradVolume', 'Turnover'].map(snapshot.at)
  return {
    code: readCode('600519.SH'),
    date: tradeDate(20230201),
    trades: trade.rows.map((row) => ({
      time: clockTime(row[time!]!),
      price: milli(row[price!]),
      volume: Number(row[volume!]),
      amount: milli(row[money!]),
      side: row[flag!] === 'B' ? 1 : row[flag!] === 'S' ? -1 : 0,
    })),
    snapshots: snapshot.rows.map((row) => ({
      time: clockTime(row[stamp!]!),
      last: milli(row[last!]),
      bid1: milli(row[bid!]),
      ask1: milli(row[ask!]),
      cumVolume: Number(row[shares!]),
      cumAmount: milli(row[turnover!]),
    })),
  }
}

/** 000001 on 2022-09-30: the aggressor is the later (larger) order id; snapshots give each interval's shares and fen. */
function shenzhenDay(): RealDay {
  const trade = columnsOf('000001.SZ_20220930/transactions.csv.gz')
  const snapshot = columnsOf('000001.SZ_20220930/snapshot5.csv.gz')
  const [time, price, volume, buyer, seller] = ['timestamp', 'price', 'volume', 'bid_uid', 'ask_uid'].map(trade.at)
  const [stamp, last, bid, ask, shares, fen] = ['timestamp', 'close', 'bid_price_1', 'ask_price_1', 'volume', 'amount'].map(snapshot.at)
  let [cumVolume, cumAmount] = [0, 0]
  return {
    code: readCode('000001.SZ'),
    date: tradeDate(20220930),
    trades: trade.rows.map((row) => ({
      time: clockTime(row[time!]!.slice(11)),
      price: milli(row[price!]),
      volume: Number(row[volume!]),
      amount: milli(row[price!]) * Number(row[volume!]),
      side: Number(row[buyer!]) > Number(row[seller!]) ? 1 : -1,
    })),
    snapshots: snapshot.rows.map((row) => ({
      time: clockTime(row[stamp!]!.slice(11)),
      last: milli(row[last!]),
      bid1: milli(row[bid!]),
      ask1: milli(row[ask!]),
      cumVolume: (cumVolume += Number(row[shares!])),
      cumAmount: (cumAmount += Number(row[fen!]) * 10),
    })),
  }
}

function tradesOf({ code, date, trades }: RealDay): TickDay {
  const column = (read: (trade: Trade) => number) => Float64Array.from(trades, read)
  return {
    code,
    date,
    grain: 'TBT',
    length: trades.length,
    at: column((trade) => instantOf(date, trade.time)),
    price: Int32Array.from(trades, (trade) => trade.price),
    volume: column((trade) => trade.volume),
    amount: column((trade) => trade.amount),
    amountEstimated: new Uint8Array(trades.length),
    vendorSide: column((trade) => trade.side),
    tradeCount: new Float64Array(trades.length).fill(NaN),
    bid1: new Float64Array(trades.length).fill(NaN),
    ask1: new Float64Array(trades.length).fill(NaN),
  }
}

function snapshotsOf({ code, date, snapshots }: RealDay): SnapshotSeries {
  const column = (read: (snapshot: Snapshot) => number) => Float64Array.from(snapshots, read)
  return {
    code,
    date,
    length: snapshots.length,
    at: column((snapshot) => instantOf(date, snapshot.time)),
    last: Int32Array.from(snapshots, (snapshot) => snapshot.last),
    bid1: column((snapshot) => snapshot.bid1),
    ask1: column((snapshot) => snapshot.ask1),
    cumVolume: column((snapshot) => snapshot.cumVolume),
    cumAmount: column((snapshot) => snapshot.cumAmount),
  }
}

function classify(raw: TickDay): ClassifiedDay {
  const rules = sessionRulesOn(raw.date, exchangeOf(raw.code), 'main')
  const times = raw.at.map((at) => timeOfDay(at as EpochMs))
  const { day, segments } = admitTicks(raw, segmentsOf(times, rules))
  return { day, segments, sides: classifySides(day, segments) }
}

const withoutFlags = (day: TickDay): TickDay => ({ ...day, vendorSide: day.vendorSide.map(() => NaN) })

const isContinuous = ({ segments }: ClassifiedDay, i: number): boolean => segments[i] === SEGMENT.AM || segments[i] === SEGMENT.PM

/** Share of the value of continuous trading whose decided side is the aggressor's. */
function accuracyByValue(decided: ClassifiedDay, truth: ClassifiedDay): number {
  let [right, total] = [0, 0]
  for (let i = 0; i < truth.day.length; i++) {
    if (!isContinuous(truth, i)) continue
    total += truth.day.amount[i]!
    if (decided.sides.side[i] === truth.sides.side[i]) right += truth.day.amount[i]!
  }
  return right / total
}

/** The aggressors' own net value of each record, 厘: the trades that make up its volume, counted off in order. */
function trueNets({ trades }: RealDay, { day }: ClassifiedDay): Float64Array {
  let [next, traded, sofar] = [0, 0, 0]
  return day.volume.map((volume) => {
    sofar += volume
    let net = 0
    for (; next < trades.length && traded < sofar; next++) {
      net += trades[next]!.side * trades[next]!.amount
      traded += trades[next]!.volume
    }
    return net
  })
}

/** Correlation over the minutes of continuous trading of the split's and the aggressors' (buy − sell) ÷ value. */
function minuteCorrelation(split: ClassifiedDay, nets: Float64Array): number {
  const minutes = new Map<number, { value: number; split: number; truth: number }>()
  for (let i = 0; i < split.day.length; i++) {
    if (!isContinuous(split, i) || Number.isNaN(split.sides.buyFraction[i]!)) continue
    const label = Math.ceil(timeOfDay(split.day.at[i] as EpochMs) / MINUTE)
    const sum = minutes.get(label) ?? { value: 0, split: 0, truth: 0 }
    sum.value += split.day.amount[i]!
    sum.split += (2 * split.sides.buyFraction[i]! - 1) * split.day.amount[i]!
    sum.truth += nets[i]!
    minutes.set(label, sum)
  }
  const sums = [...minutes.values()]
  expect(sums.length).toBeGreaterThan(200)
  return pearson(
    Float64Array.from(sums, (sum) => sum.split / sum.value),
    Float64Array.from(sums, (sum) => sum.truth / sum.value),
  )
}

const valuesOf = (classified: ClassifiedDay, dailyAmount: number) =>
  summarizeDay(classified, { threshold: { threshold: 200_000, method: 'FIXED' }, dailyAmount }).values

/** Net active value over the value of continuous trading: the table of spec §3 leaves the auctions out. */
function continuousImbalance(classified: ClassifiedDay): number {
  const { active_net_value: net, total_value: total, auction_value: auction } = valuesOf(classified, NaN)
  return net / (total - auction)
}

/** P95 of the value of the records of continuous trading, CNY. */
function p95(classified: ClassifiedDay): number {
  return tradeValuePercentiles(classified.day.amount.filter((_, i) => isContinuous(classified, i))).p95 / 1000
}

/** The exchange's totals (data/README.md) and the measurements of spec microstructure §3 and §14.5. */
const days = [
  {
    name: '600519.SH 2023-02-01',
    load: shanghaiDay,
    totals: { value: 6_244_678_924.61, volume: 3_397_389 },
    accuracy: { atLeast: 0.86, quote: 0.866, tick: 0.862 },
    correlation: { atLeast: 0.88 },
    imbalance: { truth: -0.0605, split: -0.0736 },
    p95: { trade: 371_000, record: 4_240_000 },
  },
  {
    name: '000001.SZ 2022-09-30',
    load: shenzhenDay,
    totals: { value: 638_906_947.77, volume: 53_723_019 },
    accuracy: { atLeast: 0.96, quote: 0.966, tick: 0.955 },
    correlation: { atLeast: 0.98 },
    imbalance: { truth: -0.0627, split: -0.0765 },
    p95: { trade: 58_000, record: 583_000 },
  },
] as const

describe.skipIf(!hasShared).each(days)('the Level-2 day $name (needs FUPAN_SHARED)', (known) => {
  const real = hasShared ? known.load() : undefined
  const truth = real && classify(tradesOf(real))
  const records = real && classify(differenceSnapshots(snapshotsOf(real)).day)

  test('summarizeDay() of trades and of snapshot differences equals the exchange to the fen', () => {
    for (const classified of [truth!, records!]) {
      const { quality, values } = summarizeDay(classified, { threshold: { threshold: 200_000, method: 'FIXED' }, dailyAmount: known.totals.value })
      expect([values.total_value, values.total_volume, values.cov, quality]).toEqual([known.totals.value, known.totals.volume, 1, 'OK'])
      const parts = [values.active_buy_value, values.active_sell_value, values.neutral_value, values.auction_value]
      expect(parts.reduce((sum, part) => sum + Math.round(part * 1000), 0)).toBe(Math.round(known.totals.value * 1000))
    }
  })

  test('classifySides() finds the aggressor of single trades from quotes as often as published', () => {
    const trades = withoutFlags(tradesOf(real!))
    const byQuote = accuracyByValue(classify(withQuotesInForce(trades, snapshotsOf(real!))), truth!)
    expect(byQuote).toBeGreaterThanOrEqual(known.accuracy.atLeast)
    expect(byQuote).toBeCloseTo(known.accuracy.quote, 3)
    expect(accuracyByValue(classify(trades), truth!)).toBeCloseTo(known.accuracy.tick, 3)
  })

  test('classifySides() splits three-second records so that minutes follow the aggressors', () => {
    expect(minuteCorrelation(records!, trueNets(real!, records!))).toBeGreaterThanOrEqual(known.correlation.atLeast)
  })

  test('summarizeDay() has the published daily imbalance, of the aggressors and of the split', () => {
    expect(continuousImbalance(truth!)).toBeCloseTo(known.imbalance.truth, 4)
    // The published split used the earlier snapshot's book however old it was.
    expect(continuousImbalance(classify(differenceSnapshots(snapshotsOf(real!), Infinity).day))).toBeCloseTo(known.imbalance.split, 3)
    expect(continuousImbalance(records!)).toBeCloseTo(known.imbalance.split, 2)
  })

  test('tradeValuePercentiles() differ tenfold between single trades and three-second records', () => {
    expect(Math.abs(p95(truth!) / known.p95.trade - 1)).toBeLessThan(0.01)
    expect(Math.abs(p95(records!) / known.p95.record - 1)).toBeLessThan(0.01)
  })
})
