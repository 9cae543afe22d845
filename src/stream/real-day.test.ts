import type { Code } from '#core/code.ts'
import { SEGMENT, segmentsOf, sessionRulesOn } from '#core/session.ts'
import { clockTime, instantOf } from '#core/shanghai-time.ts'
import type { Tick, TickDay } from '#core/tick.ts'
import type { TradeDate } from '#core/trade-date.ts'
import { detectors } from '#detectors/index.ts'
import { classifySides } from '#micro/classify-sides.ts'
import { bigFrom, flowSums } from '#micro/flow-sums.ts'
import { foldFlows } from '#micro/fold-flows.ts'
import { measures } from '#micro/measures/index.ts'
import type { OpportunityEvent } from '#opportunity/event.ts'
import { foldAll } from '#opportunity/fold.ts'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { BUCKETS, profileBaseline } from './baseline.ts'
import { Pipeline } from './pipeline.ts'
import { replay } from './replay.ts'

const code = '300027.SZ' as Code
const date = 20180115 as TradeDate
const file = join(process.env.FUPAN_SHARED ?? '../shared', 'data/ticks_l1/300027.SZ/2018-01-15.csv.gz')
const hasShared = existsSync(file)

/** A recorded day: 3-second aggregates, newest first, volume in lots, the vendor's own side. */
function readDay(): readonly Tick[] {
  const rows = gunzipSync(readFileSync(file)).toString().trim().split('\n').slice(1).toReversed()
  return rows.map((row, seq) => {
    const [clock, price, lots, turnover, direction] = row.split(',')
    const at = instantOf(date, clockTime(clock!))
    return {
      code,
      date,
      at,
      seenAt: at,
      seq,
      grain: 'AGG3S',
      price: Math.round(Number(price) * 1000),
      volume: Number(lots) * 100,
      amount: Number(turnover) * 1000,
      amountEstimated: false,
      vendorSide: Number(direction),
      tradeCount: NaN,
      bid1: NaN,
      ask1: NaN,
    }
  })
}

function dayOf(ticks: readonly Tick[]): TickDay {
  const column = (name: 'at' | 'volume' | 'amount' | 'vendorSide') => Float64Array.from(ticks, (tick) => tick[name])
  const unknown = new Float64Array(ticks.length).fill(NaN)
  return {
    code,
    date,
    grain: 'AGG3S',
    length: ticks.length,
    at: column('at'),
    price: Int32Array.from(ticks, ({ price }) => price),
    volume: column('volume'),
    amount: column('amount'),
    amountEstimated: new Uint8Array(ticks.length),
    vendorSide: column('vendorSide'),
    tradeCount: unknown,
    bid1: unknown,
    ask1: unknown,
  }
}

/** Narrower than the profile, as a stock's own history is, so that a quiet day still says something. */
const baseline = {
  ...profileBaseline({ adv20: 1e8, atrPct: 0.03, prevClose: 9.22, limitUp: 10.14, limitDown: 8.3 }),
  netRatioSigma: new Float64Array(BUCKETS).fill(0.15),
  kind: 'own' as const,
}

function pipeline(emit: (event: OpportunityEvent) => void, reports?: unknown[]): Pipeline {
  return new Pipeline({ date, detectors, baselineOf: () => baseline, emit, report: (report) => reports?.push(report) })
}

async function* batches(ticks: readonly Tick[], size: number): AsyncGenerator<readonly Tick[]> {
  for (let i = 0; i < ticks.length; i += size) yield ticks.slice(i, i + size)
}

const clock = { now: () => 0 as never, sleep: () => Promise.resolve() }

async function emittedBy(ticks: readonly Tick[], size: number): Promise<string[]> {
  const events: string[] = []
  const target = pipeline((event) => events.push(JSON.stringify(event)))
  await replay(batches(ticks, size), target, { clock, speed: 'max' })
  target.endSession()
  return events
}

test.skipIf(!hasShared)('Pipeline ends a recorded day with the snapshot a nightly fold gives, bit for bit (needs FUPAN_SHARED)', () => {
  const ticks = readDay()
  const reports: unknown[] = []
  const live = pipeline(() => {}, reports)
  live.push(ticks)
  // Two odd lots of that day are printed with 0 lots: no trade in shares, and said so.
  const trades = ticks.filter(({ volume }) => volume > 0)
  expect(reports).toMatchObject([{ type: 'not-a-trade' }, { type: 'not-a-trade' }])
  expect(live.state().intake).toMatchObject({ accepted: 3366, 'not-a-trade': 2, gap: 0 })
  const day = dayOf(trades)
  const segments = segmentsOf(
    day.at.map((at) => at - instantOf(date, 0)),
    sessionRulesOn(date, 'SZ', 'chinext'),
  )
  const sums = foldFlows(flowSums(), { day, segments, sides: classifySides(day, segments) }, { from: 0, to: day.length }, bigFrom(baseline.bigTradeThreshold))
  const nightly = Object.fromEntries(measures.map((measure) => [measure.name, measure.value(sums, 0)]))
  const { values, seq } = live.snapshot(code)!
  expect(seq).toBe(ticks.length - 1)
  expect([values.cum_amount, values.cum_volume, values.vwap_day, values.order_flow_imbalance_day, values.big_net_day]).toEqual([
    nightly['total_value'],
    nightly['total_volume'],
    nightly['vwap'],
    nightly['order_flow_imbalance'],
    nightly['big_net_value'],
  ])
  expect(values.cum_volume).toBe(ticks.reduce((sum, { volume }) => sum + volume, 0))
  expect(values.last).toBe(9.08)
  expect(segments.at(-1)).toBe(SEGMENT.CLOSE_PRINT)
})

test.skipIf(!hasShared)('Pipeline keeps the law "replay = live": a recorded day emits the same events whatever the batches (needs FUPAN_SHARED)', async () => {
  const ticks = readDay()
  const whole = await emittedBy(ticks, ticks.length)
  expect(whole.length).toBeGreaterThan(3)
  for (const size of [1, 7, 500]) expect(await emittedBy(ticks, size)).toEqual(whole)
  const opportunities = [...foldAll(whole.map((text) => JSON.parse(text) as OpportunityEvent)).values()]
  expect(opportunities.every(({ state }) => state === 'ended')).toBe(true)
})

test.skipIf(!hasShared)('Pipeline continues from a checkpoint as if it had never stopped (needs FUPAN_SHARED)', () => {
  const ticks = readDay()
  const whole: string[] = []
  const uninterrupted = pipeline((event) => whole.push(JSON.stringify(event)))
  uninterrupted.push(ticks)
  uninterrupted.endSession()
  for (const cut of [1, 500, 1234, 2000, 2900]) {
    const events: string[] = []
    const before = pipeline((event) => events.push(JSON.stringify(event)))
    before.push(ticks.slice(0, cut))
    const checkpoint = JSON.parse(JSON.stringify(before.checkpoint())) as ReturnType<Pipeline['checkpoint']>
    expect(checkpoint).toMatchObject({ ticks: cut, events: events.length })
    const after = pipeline((event) => events.push(JSON.stringify(event)))
    after.restore(checkpoint)
    after.rebuild(ticks.slice(0, checkpoint.ticks))
    after.push(ticks.slice(checkpoint.ticks))
    after.endSession()
    expect(events, `cut at ${cut}`).toEqual(whole)
    expect(after.snapshot(code)).toEqual(uninterrupted.snapshot(code))
  }
})
