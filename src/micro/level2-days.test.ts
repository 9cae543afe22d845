import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { readCode, type Code } from '#core/code.ts'
import { SEGMENT, segmentsOf, sessionRulesOn } from '#core/session.ts'
import { clockTime, instantOf, timeOfDay } from '#core/shanghai-time.ts'
import type { Grain, TickDay } from '#core/tick.ts'
import { tradeDate, type EpochMs, type TradeDate } from '#core/trade-date.ts'
import { normalCdf } from '#numeric/normal-distribution.ts'
import { pearson } from '#numeric/pearson.ts'
import { admitTicks } from './admit-ticks.ts'
import { tradeValuePercentiles } from './big-trade-threshold.ts'
import { bulkBars } from './bulk-bars.ts'
import { bulkFlow } from './bulk-volume.ts'
import { classifySides, type ClassifiedDay } from './classify-sides.ts'
import { summarizeDay } from './daily-summary.ts'
import { withQuotesInForce, type QuoteSeries } from './quotes-in-force.ts'

const shared = process.env.FUPAN_SHARED ?? join(import.meta.dirname, '../../../shared')
const hasShared = existsSync(join(shared, 'data/l2'))
const MINUTE = 60_000

/** A real day: the exchange's trades with its own aggressor, its snapshots as quotes, and its own totals. */
interface RealDay {
  readonly code: Code
  readonly date: TradeDate
  /** Milliseconds after midnight, 厘, shares, 厘; side +1/-1, 0 in auctions. */
  readonly trades: readonly { readonly time: number; readonly price: number; readonly volume: number; readonly amount: number; readonly side: number }[]
  readonly quotes: readonly { readonly time: number; readonly bid1: number; readonly ask1: number }[]
}

function columnsOf(file: string): { rows: string[][]; at: (name: string) => number } {
  const [header, ...rows] = gunzipSync(readFileSync(join(shared, 'data/l2', file))).toString().trim().split('\n')
  const names = header!.split(',')
  return { rows: rows.map((row) => row.split(',')), at: (name) => names.indexOf(name) }
}

const milli = (text: string | undefined): number => Math.round(Number(text ?? '') * 1000)

/** 600519 on 2023-02-01: exchange flags, ten-level snapshots. */
function shanghaiDay(): RealDay {
  const trade = columnsOf('600519.SH_20230201/trade.csv.gz')
  const snapshot = columnsOf('600519.SH_20230201/snapshot.csv.gz')
  const [time, price, volume, money, flag] = ['TradTime', 'TradPrice', 'TradVolume', 'TradeMoney', 'TradeBSFlag'].map(trade.at)
  const [stamp, bid, ask] = ['UpdateTime', 'BidPrice1', 'AskPrice1'].map(snapshot.at)
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
    quotes: snapshot.rows.map((row) => ({ time: clockTime(row[stamp!]!), bid1: milli(row[bid!]), ask1: milli(row[ask!]) })),
  }
}

/** 000001 on 2022-09-30: the aggressor is the later (larger) order id. */
function shenzhenDay(): RealDay {
  const trade = columnsOf('000001.SZ_20220930/transactions.csv.gz')
  const snapshot = columnsOf('000001.SZ_20220930/snapshot5.csv.gz')
  const [time, price, volume, buyer, seller] = ['timestamp', 'price', 'volume', 'bid_uid', 'ask_uid'].map(trade.at)
  const [stamp, bid, ask] = ['timestamp', 'bid_price_1', 'ask_price_1'].map(snapshot.at)
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
    quotes: snapshot.rows.map((row) => ({ time: clockTime(row[stamp!]!.slice(11)), bid1: milli(row[bid!]), ask1: milli(row[ask!]) })),
  }
}

interface Row {
  readonly time: number
  readonly price: number
  readonly volume: number
  readonly amount: number
  readonly side: number
}

function tickDay({ code, date }: RealDay, grain: Grain, rows: readonly Row[]): TickDay {
  const column = (read: (row: Row) => number) => Float64Array.from(rows, read)
  return {
    code,
    date,
    grain,
    length: rows.length,
    at: column((row) => instantOf(date, row.time)),
    price: Int32Array.from(rows, (row) => row.price),
    volume: column((row) => row.volume),
    amount: column((row) => row.amount),
    amountEstimated: new Uint8Array(rows.length),
    vendorSide: column((row) => row.side),
    tradeCount: new Float64Array(rows.length).fill(NaN),
    bid1: new Float64Array(rows.length).fill(NaN),
    ask1: new Float64Array(rows.length).fill(NaN),
  }
}

function quoteSeries({ date, quotes }: RealDay): QuoteSeries {
  return {
    at: Float64Array.from(quotes, (quote) => instantOf(date, quote.time)),
    bid1: Float64Array.from(quotes, (quote) => quote.bid1),
    ask1: Float64Array.from(quotes, (quote) => quote.ask1),
  }
}

/** Admit and classify. Flags are forgotten unless kept, quotes joined unless left out. */
function classify(real: RealDay, raw: TickDay, use: { flags: boolean; quotes: boolean }): ClassifiedDay {
  const rules = sessionRulesOn(real.date, raw.code.endsWith('SH') ? 'SH' : 'SZ', 'main')
  const flagged = use.flags ? raw : { ...raw, vendorSide: raw.vendorSide.map(() => NaN) }
  const times = raw.at.map((at) => timeOfDay(at as EpochMs))
  const { day, segments } = admitTicks(use.quotes ? withQuotesInForce(flagged, quoteSeries(real)) : flagged, segmentsOf(times, rules))
  return { day, segments, sides: classifySides(day, segments) }
}

/** The trades between two snapshots as one record stamped with the later one: what a three-second tick list shows. */
function recordsOf(real: RealDay): TickDay {
  const rows: Row[] = []
  let next = 0
  for (const { time } of real.quotes) {
    let [volume, amount, price] = [0, 0, 0]
    for (; next < real.trades.length && real.trades[next]!.time <= time; next++) {
      const trade = real.trades[next]!
      ;[volume, amount, price] = [volume + trade.volume, amount + trade.amount, trade.price]
    }
    if (volume > 0) rows.push({ time, price, volume, amount, side: NaN })
  }
  return tickDay(real, 'AGG3S', rows)
}

/** (buy − sell) ÷ value of each minute of continuous trading. */
function netRatioByMinute({ day, segments, sides }: ClassifiedDay): Map<number, number> {
  const sums = new Map<number, { net: number; value: number }>()
  for (let i = 0; i < day.length; i++) {
    if (segments[i] !== SEGMENT.AM && segments[i] !== SEGMENT.PM) continue
    const minute = Math.ceil(timeOfDay(day.at[i] as EpochMs) / MINUTE)
    const sum = sums.get(minute) ?? { net: 0, value: 0 }
    sum.value += day.amount[i]!
    if (!Number.isNaN(sides.buyFraction[i]!)) sum.net += (2 * sides.buyFraction[i]! - 1) * day.amount[i]!
    sums.set(minute, sum)
  }
  return new Map(Array.from(sums, ([minute, { net, value }]) => [minute, net / value]))
}

/** Correlation of two series of minutes over the minutes both have. */
function correlationOf(a: Map<number, number>, b: Map<number, number>): number {
  const shared = Array.from(a.keys()).filter((minute) => b.has(minute))
  return pearson(Float64Array.from(shared, (minute) => a.get(minute)!), Float64Array.from(shared, (minute) => b.get(minute)!))
}

/** Share of the value of continuous trading whose decided side is the true one. */
function accuracyByValue(decided: ClassifiedDay, truth: ClassifiedDay): number {
  let [right, total] = [0, 0]
  for (let i = 0; i < truth.day.length; i++) {
    if (truth.segments[i] !== SEGMENT.AM && truth.segments[i] !== SEGMENT.PM) continue
    total += truth.day.amount[i]!
    if (decided.sides.side[i] === truth.sides.side[i]) right += truth.day.amount[i]!
  }
  return right / total
}

const summary = (classified: ClassifiedDay, dailyAmount: number) =>
  summarizeDay(classified, { threshold: { threshold: 200_000, method: 'FIXED' }, dailyAmount })

const bars = {
  '600519.SH': { load: shanghaiDay, value: 6_244_678_924.61, volume: 3_397_389, quoteRule: 0.86, split: 0.88, truth: -0.0605, daily: -0.0736, p95: [371_000, 4_240_000] },
  '000001.SZ': { load: shenzhenDay, value: 638_906_947.77, volume: 53_723_019, quoteRule: 0.96, split: 0.98, truth: -0.0627, daily: -0.0765, p95: [58_000, 583_000] },
} as const

describe.skipIf(!hasShared).each(Object.keys(bars) as (keyof typeof bars)[])('%s on a real Level-2 day (needs FUPAN_SHARED)', (name) => {
  const expected = bars[name]
  test('report', () => {
    const real = expected.load()
    const trades = tickDay(real, 'TBT', real.trades)
    const truth = classify(real, trades, { flags: true, quotes: false })
    const quoted = classify(real, trades, { flags: false, quotes: true })
    const ticked = classify(real, trades, { flags: false, quotes: false })
    const split = classify(real, recordsOf(real), { flags: false, quotes: true })
    const s = summary(truth, expected.value), sp = summary(split, expected.value)
    const p95 = (c: ClassifiedDay) => tradeValuePercentiles(c.day.amount.filter((_, i) => c.segments[i] === SEGMENT.AM || c.segments[i] === SEGMENT.PM)).p95 / 1000
    console.log(name, s.values.total_value, s.values.total_volume, sp.values.total_value, sp.values.total_volume, 'q', accuracyByValue(quoted, truth), 't', accuracyByValue(ticked, truth),
      'corr', correlationOf(netRatioByMinute(split), netRatioByMinute(truth)), 'ofi', s.values.order_flow_imbalance, sp.values.order_flow_imbalance, p95(truth), p95(split), s.sideMethods, sp.sideMethods, sp.quality, bulkFlow({priceChange:new Float64Array(0),volume:new Float64Array(0)}, bulkBars(split.day, split.segments), 1, normalCdf))
    expect(1).toBe(1)
  })
})
