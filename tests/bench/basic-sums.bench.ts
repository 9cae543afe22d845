import { seededRng } from '#core/rng.ts'
import { sessionRulesOn, segmentsOf } from '#core/session.ts'
import { instantOf } from '#core/shanghai-time.ts'
import type { Code } from '#core/code.ts'
import type { TickDay } from '#core/tick.ts'
import { tradeDate } from '#core/trade-date.ts'
import { classifySides } from '#micro/classify-sides.ts'
import { bigFrom, flowSums } from '#micro/flow-sums.ts'
import { foldFlows } from '#micro/fold-flows.ts'
import type { Bench } from './bench.ts'

const DAYS = 306
const TICKS = 36_000
const ROUNDS = 5

/** Total value, volume, big buys, big sells and their net, active buys and sells of 11 M single trades in memory. Baseline: a loop that does only that. */
export const basicSums: Bench = {
  name: 'basic-sums',
  about: 'the seven basic sums of 11 M trades, sides known, and with sides classified',
  async *run({ scale }) {
    const days = Array.from({ length: Math.max(1, Math.round(DAYS * scale)) }, (_, i) => syntheticDay(i))
    const classified = days.map((day) => ({ ...day, sides: classifySides(day.day, day.segments) }))
    const from = bigFrom(500_000)
    const [fold, both, plain]: [number[], number[], number[]] = [[], [], []]
    let check = 0
    for (let round = 0; round < ROUNDS; round++) {
      let started = performance.now()
      for (const day of classified) foldFlows(flowSums(), day, { from: 0, to: day.day.length }, from)
      fold.push((performance.now() - started) / 1000)
      started = performance.now()
      for (const day of days) foldFlows(flowSums(), { ...day, sides: classifySides(day.day, day.segments) }, { from: 0, to: day.day.length }, from)
      both.push((performance.now() - started) / 1000)
      started = performance.now()
      for (const { day, sides } of classified) check += plainSums(day, sides.buyFraction, sides.side, from)
      plain.push((performance.now() - started) / 1000)
    }
    const trades = `${((days.length * TICKS) / 1e6).toFixed(1)} M trades`
    const baseline = { name: 'plain loop', readings: plain }
    yield { name: `${trades}, sides known`, unit: 's', readings: fold, budget: scale, baseline, ...(check === 0 ? { note: 'nothing summed' } : {}) }
    yield { name: `${trades}, classified and summed`, unit: 's', readings: both, budget: scale, baseline }
  },
}

function plainSums({ length, amount, volume }: TickDay, buyFraction: Float64Array, side: Int8Array, from: number): number {
  let [value, shares, bigBuy, bigSell, buy, sell] = [0, 0, 0, 0, 0, 0]
  for (let i = 0; i < length; i++) {
    const money = amount[i]!
    value += money
    shares += volume[i]!
    if (money >= from) {
      if (side[i] === 1) bigBuy += money
      else if (side[i] === -1) bigSell += money
    }
    const part = Math.round(money * buyFraction[i]!)
    buy += part
    sell += money - part
  }
  return value + shares + bigBuy - bigSell + buy + sell
}

function syntheticDay(i: number): { readonly day: TickDay; readonly segments: Uint8Array } {
  const rng = seededRng(`trades ${i}`)
  const date = tradeDate(20260105)
  const times = Float64Array.from({ length: TICKS }, (_, row) => 34_200_000 + Math.floor((row * 7_200_000) / TICKS))
  const price = Int32Array.from({ length: TICKS }, () => 10_000 + rng.integer(-5, 5) * 10)
  const volume = Float64Array.from({ length: TICKS }, () => rng.integer(1, 400) * 100)
  const day: TickDay = {
    code: '600000.SH' as Code,
    date,
    grain: 'TBT',
    length: TICKS,
    at: times.map((time) => instantOf(date, time)),
    price,
    volume,
    amount: volume.map((shares, row) => shares * price[row]!),
    amountEstimated: new Uint8Array(TICKS),
    vendorSide: Float64Array.from({ length: TICKS }, () => (rng.next() < 0.5 ? 1 : -1)),
    tradeCount: new Float64Array(TICKS).fill(1),
    bid1: new Float64Array(TICKS).fill(NaN),
    ask1: new Float64Array(TICKS).fill(NaN),
  }
  return { day, segments: segmentsOf(times, sessionRulesOn(date, 'SH', 'main')) }
}
