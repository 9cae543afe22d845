import type { Code } from '#core/code.ts'
import { defineDetector, type Detector } from '#core/detector.ts'
import type { Feature } from '#core/feature-snapshot.ts'
import { clockTime, instantOf } from '#core/shanghai-time.ts'
import type { Tick } from '#core/tick.ts'
import type { EpochMs, TradeDate } from '#core/trade-date.ts'
import type { OpportunityEvent } from '#opportunity/event.ts'
import { foldAll } from '#opportunity/fold.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { profileBaseline } from './baseline.ts'
import type { IntakeReport } from './intake.ts'
import { Pipeline, type PipelineOptions } from './pipeline.ts'

const date = 20260105 as TradeDate
const codes = ['600519.SH', '000001.SZ', '300750.SZ'] as Code[]

/** A detector with a hair trigger: whoever trades above (or below) the day's VWAP. */
const twitchy = (name: string, weight: number): Detector =>
  defineDetector({
    name,
    version: '1',
    label: { zh: name, en: name },
    needs: ['dev_vwap'],
    params: {},
    cooldownSeconds: 60,
    weight,
    detect({ values }) {
      const deviation = values.dev_vwap
      if (!(Math.abs(deviation) > 0.002)) return undefined
      const sign = Math.sign(deviation)
      const at = (fraction: number) => values.last * (1 + sign * fraction)
      const [near, far] = [at(0.004), at(0.006)]
      const price = { ref: values.last, targetLow: Math.min(near, far), targetHigh: Math.max(near, far), stop: at(-0.01), invalidation: at(-0.02) }
      const reason = { zh: '', en: '' }
      return {
        direction: sign > 0 ? 'long' : 'short',
        kind: name,
        confidence: Math.min(0.95, 0.5 + Math.abs(deviation) * 40),
        scoreParts: [],
        price,
        reason,
        evidence: [],
      }
    },
    invalidates: (direction, { values }) =>
      (direction === 'long' ? 1 : -1) * values.dev_vwap < -0.004 ? { reason: { zh: '', en: 'crossed' }, forSeconds: 30 } : undefined,
  })

const detectors = [twitchy('left', 0.9), twitchy('right', 0.8)]

function tick(code: Code, seq: number, time: number, price: number, lots: number): Tick {
  const at = instantOf(date, time)
  return {
    code,
    date,
    at,
    seenAt: at,
    seq,
    grain: 'AGG3S',
    price,
    volume: lots * 100,
    amount: price * lots * 100,
    amountEstimated: false,
    vendorSide: NaN,
    tradeCount: NaN,
    bid1: NaN,
    ask1: NaN,
  }
}

/** A market of three stocks: a walk of each, interleaved in time. */
const anyMarket = fc
  .array(
    fc.record({
      stock: fc.nat(2),
      gap: fc.integer({ min: 0, max: 4000 }),
      move: fc.integer({ min: -6, max: 6 }),
      lots: fc.integer({ min: 1, max: 30 }),
      jump: fc.nat(60),
    }),
    {
      minLength: 1,
      maxLength: 400,
      size: 'max',
    },
  )
  .map((steps) => {
    let time = clockTime('09:30')
    const prices = [1_500_000, 11_000, 250_000]
    const seqs = [0, 0, 0]
    return steps.map(({ stock, gap, move, lots, jump }) => {
      time += jump === 0 ? 200_000 : gap
      prices[stock] = prices[stock]! + (move * prices[stock]!) / 2000
      return tick(codes[stock]!, seqs[stock]!++, time, Math.round(prices[stock] / 10) * 10, lots)
    })
  })

function started(emit: (event: OpportunityEvent) => void, more: Partial<PipelineOptions> = {}): Pipeline {
  return new Pipeline({ date, detectors, baselineOf: () => profileBaseline({ adv20: 1e8, atrPct: 0.03 }), emit, ...more })
}

function run(ticks: readonly Tick[], cuts: readonly number[] = []) {
  const events: OpportunityEvent[] = []
  const pipeline = started((event) => events.push(event))
  const edges = [0, ...cuts.filter((cut) => cut < ticks.length).toSorted((a, b) => a - b), ticks.length]
  for (let i = 1; i < edges.length; i++) pipeline.push(ticks.slice(edges[i - 1], edges[i]))
  pipeline.endSession()
  return { events, pipeline }
}

test('Pipeline keeps the law "replay = live": the same ticks give the same events, whatever the batches', () => {
  const counts = { events: 0, confirmed: 0, ended: new Set<string>() }
  fc.assert(
    fc.property(anyMarket, fc.array(fc.nat(400), { maxLength: 10 }), (ticks, cuts) => {
      const once = run(ticks).events
      counts.events += once.length
      for (const event of once) {
        if (event.type === 'confirmed') counts.confirmed++
        if (event.type === 'ended') counts.ended.add(event.reason)
      }
      expect(run(ticks, cuts).events).toEqual(once)
    }),
    { numRuns: 60, seed: 20260105 },
  )
  // The law says nothing about silence: the markets above must have been lively.
  expect(counts.events).toBeGreaterThan(1000)
  expect(counts.confirmed).toBeGreaterThan(50)
  expect([...counts.ended].toSorted()).toEqual(expect.arrayContaining(['DATA_LOST', 'INVALIDATED', 'SESSION_END', 'STOP', 'TARGET']))
})

test('Pipeline has as its state the fold of what it emitted', () => {
  fc.assert(
    fc.property(anyMarket, (ticks) => {
      const { events, pipeline } = run(ticks)
      const folded = foldAll(events)
      for (const opportunity of pipeline.opportunities()) expect(opportunity).toEqual(folded.get(opportunity.id))
      expect(pipeline.state().events).toBe(events.length)
      expect([...folded.values()].every(({ state }) => state === 'ended')).toBe(true)
    }),
    { numRuns: 30 },
  )
})

test('Pipeline continues from a checkpoint at any tick as if it had never stopped', () => {
  fc.assert(
    fc.property(anyMarket, fc.nat(400), (ticks, at) => {
      const cut = Math.min(at, ticks.length)
      const events: OpportunityEvent[] = []
      const before = started((event) => events.push(event))
      before.push(ticks.slice(0, cut))
      const checkpoint = JSON.parse(JSON.stringify(before.checkpoint())) as ReturnType<Pipeline['checkpoint']>
      const reports: IntakeReport[] = []
      const after = started((event) => events.push(event), { report: (report) => reports.push(report) })
      after.restore(checkpoint)
      after.rebuild(ticks.slice(0, cut))
      expect(reports).toEqual([])
      expect(after.checkpoint()).toEqual(before.checkpoint())
      after.push(ticks.slice(cut))
      after.endSession()
      expect(events).toEqual(run(ticks).events)
    }),
    { numRuns: 60 },
  )
})

test('Pipeline lets a stock fare the same whether the others trade or not, but for what the clock of the market ends', () => {
  fc.assert(
    fc.property(anyMarket, (ticks) => {
      const own = ticks.filter(({ code }) => code === codes[0])
      const discoveries = (events: readonly OpportunityEvent[]) =>
        events.filter(({ code, type }) => code === codes[0] && type === 'discovered').map(({ at, confidence }) => [at, confidence])
      const [among, alone] = [run(ticks).events, run(own).events]
      expect(discoveries(among)[0]).toEqual(discoveries(alone)[0])
    }),
    { numRuns: 30 },
  )
})

test('Pipeline refuses a detector that needs what no board makes, and a foreign checkpoint', () => {
  const blind = { ...detectors[0]!, needs: ['moon_phase' as Feature] }
  expect(() => started(() => {}, { detectors: [blind] })).toThrow('moon_phase')
  const { pipeline } = run([tick(codes[0]!, 0, clockTime('09:31'), 1_500_000, 1)])
  expect(() => pipeline.restore(pipeline.checkpoint())).toThrow(RangeError)
})

test('Pipeline never asks detectors outside continuous trading', () => {
  const asked: number[] = []
  const listening: Detector = { ...detectors[0]!, detect: (snapshot) => void asked.push(snapshot.at) }
  const pipeline = started(() => {}, { detectors: [listening] })
  const times = ['09:20', '09:25', '09:30', '12:00', '14:56:57', '15:00', '15:10'].map(clockTime)
  pipeline.push(times.map((time, seq) => tick(codes[1]!, seq, time, 11_000 + seq * 10, 5)))
  expect(asked).toEqual([clockTime('09:30'), clockTime('14:56:57')].map((time) => instantOf(date, time)))
})

test('Pipeline obeys a trader and the risk guard about open opportunities only', () => {
  const events: OpportunityEvent[] = []
  const pipeline = started((event) => events.push(event))
  expect(pipeline.interfere(codes[1]!, 'long', { type: 'end', reason: 'MANUAL' })).toBe(false)
  const [from, price] = [clockTime('09:40'), 11_000]
  pipeline.push([tick(codes[1]!, 0, from, price, 100), tick(codes[1]!, 1, from + 3000, price + 100, 1)])
  expect(events.map(({ type }) => type)).toContain('discovered')
  expect(pipeline.interfere(codes[1]!, 'long', { type: 'risk', rule: 'halt', severity: 'veto', detail: 'suspended' })).toBe(true)
  expect(events.at(-1)).toMatchObject({ type: 'ended', reason: 'RISK_VETO' })
  expect(pipeline.state().open).toBe(0)
})

test('Pipeline measures its stages without changing a single event', () => {
  let micros = 0
  const ticks = fc.sample(anyMarket, { numRuns: 1, seed: 3 })[0]!
  const events: OpportunityEvent[] = []
  const timed = started((event) => events.push(event), { micros: () => (micros += 5) })
  timed.push(ticks)
  timed.endSession()
  expect(events).toEqual(run(ticks).events)
  const { latency } = timed.state()
  expect(latency.total.count).toBe(ticks.length)
  expect(latency.intake.quantile(0.5)).toBe(5)
  expect(latency.total.max).toBeGreaterThan(5 * ticks.length)
})

test('Pipeline reports what the feed did and goes on', () => {
  const reports: IntakeReport[] = []
  const pipeline = started(() => {}, { report: (report) => reports.push(report) })
  const first = tick(codes[0]!, 0, clockTime('09:31'), 1_500_000, 1)
  pipeline.push([
    first,
    first,
    { ...first, seq: 3, at: (first.at + 30_000) as EpochMs, seenAt: (first.at + 30_000) as EpochMs },
    { ...first, seq: 1, volume: 300 },
  ])
  expect(reports.map(({ type }) => type)).toEqual(['duplicate', 'gap', 'late'])
  expect(pipeline.snapshot(codes[0]!)!.values.cum_volume).toBe(500)
  expect(pipeline.snapshot(codes[2]!)).toBeUndefined()
})
