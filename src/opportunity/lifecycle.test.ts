import type { Code } from '#core/code.ts'
import type { Direction } from '#core/detector.ts'
import type { EpochMs, TradeDate } from '#core/trade-date.ts'
import fc from 'fast-check'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { combinedConfidence } from './confidence.ts'
import type { OpportunityEvent } from './event.ts'
import type { Finding } from './finding.ts'
import { fold, foldAll } from './fold.ts'
import { freshKey, isOpen, step, type Key, type LifecycleInput } from './lifecycle.ts'

const code = '300750.SZ' as Code
const date = 20260910 as TradeDate
const weights: Readonly<Record<string, number>> = { surge: 0.9, money_anomaly: 0.8 }
const vectorFile = join(process.env.FUPAN_SHARED ?? '../shared', 'fixtures/vectors/intraday.json')
const hasShared = existsSync(vectorFile)

const at = (sessionSeconds: number) => ({ at: (1_789_000_000_000 + sessionSeconds * 1000) as EpochMs, sessionSeconds })

function finding(detector: string, confidence: number, ref: number, invalidation: number, direction: Direction = 'long'): Finding {
  const sign = direction === 'long' ? 1 : -1
  const price = { ref, targetLow: ref * (1 + sign * 0.05), targetHigh: ref * (1 + sign * 0.1), stop: ref * (1 - sign * 0.05), invalidation }
  if (sign < 0) [price.targetLow, price.targetHigh] = [price.targetHigh, price.targetLow]
  return {
    detector,
    version: '1',
    weight: weights[detector] ?? 0.7,
    direction,
    kind: detector,
    confidence,
    scoreParts: [],
    price,
    reason: { zh: detector, en: detector },
    evidence: [],
  }
}

const sighting = (seconds: number, detector: string, confidence: number, ref: number, invalidation: number, direction?: Direction): LifecycleInput => ({
  type: 'sighting',
  ...at(seconds),
  finding: finding(detector, confidence, ref, invalidation, direction),
  adv20: 1e8,
})
const snapshot = (seconds: number, last: number): LifecycleInput => ({ type: 'snapshot', ...at(seconds), last })
const time = (seconds: number): LifecycleInput => ({ type: 'time', ...at(seconds) })

function run(inputs: readonly LifecycleInput[], direction: Direction = 'long'): { readonly key: Key; readonly events: readonly OpportunityEvent[] } {
  let key = freshKey(code, date, direction)
  const events = inputs.flatMap((input) => {
    const result = step(key, input)
    key = result.key
    return result.events
  })
  return { key, events }
}

const short = (event: OpportunityEvent) => `${event.sessionSeconds} ${event.id.at(-1)} ${event.type}${event.type === 'ended' ? ` ${event.reason}` : ''}`

/** Worked example 4 of spec intraday §17. */
const example: readonly LifecycleInput[] = [
  sighting(0, 'surge', 0.52, 10.2, 10.08),
  sighting(40, 'money_anomaly', 0.48, 10.24, 10.08),
  snapshot(43, 10.25),
  sighting(95, 'surge', 0.55, 10.28, 10.08),
  sighting(460, 'money_anomaly', 0.61, 10.28, 10.15),
  snapshot(700, 10.14),
  sighting(900, 'surge', 0.6, 10.22, 10.12),
  snapshot(1500, 10.2),
]

test('step() walks the worked example of the specification', () => {
  const { events } = run(example)
  expect(events.map((event) => `${short(event)} ${event.confidence.toFixed(4)}`)).toEqual([
    '0 1 discovered 0.4680',
    '40 1 merged 0.6468',
    '40 1 confirmed 0.6468',
    '43 1 tracking 0.6435',
    '95 1 duplicate 0.6658',
    '460 1 merged 0.5970',
    '700 1 ended INVALIDATED 0.3683',
    '900 2 discovered 0.5400',
    '1500 2 ended EXPIRED 0.1350',
  ])
  expect(events.find(({ type, id }) => type === 'discovered' && id.endsWith('-2'))).toMatchObject({ parent: '20260910-300750.SZ-long-1' })
  const first = foldAll(events).get('20260910-300750.SZ-long-1')!
  expect(first).toMatchObject({ ref: 10.2, refConfirmed: 10.24, invalidation: 10.15, duplicates: 1, endReason: 'INVALIDATED' })
})

test.skipIf(!hasShared)('step() logs what the lifecycle vector logs (needs FUPAN_SHARED)', () => {
  const names: Readonly<Record<string, string>> = { merged: 'merge', duplicate: 'dup' }
  const { lifecycle } = JSON.parse(readFileSync(vectorFile, 'utf8')) as {
    readonly lifecycle: { readonly log: readonly (readonly [number, number, string, number, unknown])[] }
  }
  const log = run(example).events.map((event) => [
    event.sessionSeconds,
    Number(event.id.at(-1)),
    names[event.type] ?? event.type,
    Number(event.confidence.toFixed(4)),
  ])
  expect(log).toEqual(lifecycle.log.map(([seconds, number, type, confidence]) => [seconds, number, type, confidence]))
})

test.skipIf(!hasShared)('combinedConfidence() without decay matches the vector (needs FUPAN_SHARED)', () => {
  const { merge_confidence_no_decay: rows } = JSON.parse(readFileSync(vectorFile, 'utf8')) as {
    readonly merge_confidence_no_decay: readonly (readonly [number, 'surge' | 'money', number, number, number])[]
  }
  const latest = new Map<string, { readonly detector: string; readonly weight: number; readonly confidence: number; readonly seconds: number }>()
  for (const [seconds, detector, confidence, combined, count] of rows) {
    latest.set(detector, { detector, weight: detector === 'surge' ? 0.9 : 0.8, confidence, seconds })
    expect(combinedConfidence([...latest.values()], seconds, Infinity)).toBeCloseTo(combined, 4)
    expect(latest.size).toBe(count)
  }
  expect(rows.length).toBe(4)
})

test('step() ignores a first sighting below the discovery threshold', () => {
  expect(run([sighting(0, 'surge', 0.399, 10, 9.9)]).events).toEqual([])
  expect(run([sighting(0, 'surge', 0.4, 10, 9.9)]).events.map(short)).toEqual(['0 1 discovered'])
})

test('step() lets one detector confirm alone when it insists after a minute', () => {
  const early = run([sighting(0, 'surge', 0.7, 10, 9.9), sighting(59, 'surge', 0.7, 10, 9.9)])
  expect(early.events.map(short)).toEqual(['0 1 discovered', '59 1 duplicate'])
  const insisting = run([sighting(0, 'surge', 0.7, 10, 9.9), sighting(60, 'surge', 0.7, 10, 9.9)])
  expect(insisting.events.map(short)).toEqual(['0 1 discovered', '60 1 duplicate', '60 1 confirmed'])
  const weak = run([sighting(0, 'surge', 0.7, 10, 9.9), sighting(60, 'surge', 0.54, 10, 9.9)])
  expect(weak.events.map(short)).toEqual(['0 1 discovered', '60 1 duplicate'])
})

test('step() waits with the confirmation while the price has slipped', () => {
  const { events } = run([
    sighting(0, 'surge', 0.7, 10, 9.9),
    sighting(5, 'money_anomaly', 0.7, 9.96, 9.9),
    snapshot(8, 9.969),
    snapshot(11, 9.97),
    snapshot(14, 9.98),
  ])
  expect(events.map(short)).toEqual(['0 1 discovered', '5 1 merged', '11 1 confirmed', '14 1 tracking'])
})

const confirmed = [sighting(0, 'surge', 0.7, 10, 9.7), sighting(5, 'money_anomaly', 0.7, 10, 9.7), snapshot(8, 10.02)]

test('step() ends at the far target and reports the excursion since confirmation', () => {
  const { events, key } = run([...confirmed, snapshot(10, 9.9), snapshot(12, 10.99), snapshot(13, 11)])
  expect(events.slice(-2).map(short)).toEqual(['13 1 target', '13 1 ended TARGET'])
  expect(key.latest!.excursion!.mfe).toBeCloseTo(0.1, 12)
  expect(key.latest!.excursion!.mae).toBeCloseTo(-0.01, 12)
  expect(isOpen(key)).toBe(false)
})

test('step() ends at the stop, and mirrors everything for a short', () => {
  expect(
    run([...confirmed, snapshot(10, 9.5)])
      .events.slice(-2)
      .map(short),
  ).toEqual(['10 1 stop', '10 1 ended STOP'])
  const mirrored = [sighting(0, 'surge', 0.7, 10, 10.3, 'short'), sighting(5, 'money_anomaly', 0.7, 10, 10.3, 'short'), snapshot(8, 9.98)]
  expect(
    run([...mirrored, snapshot(9, 9)], 'short')
      .events.slice(-2)
      .map(short),
  ).toEqual(['9 1 target', '9 1 ended TARGET'])
  expect(
    run([...mirrored, snapshot(9, 10.5)], 'short')
      .events.slice(-2)
      .map(short),
  ).toEqual(['9 1 stop', '9 1 ended STOP'])
  expect(run([...mirrored, snapshot(9, 10.3)], 'short').events.at(-1)).toMatchObject({ type: 'ended', reason: 'INVALIDATED' })
  const fallen = run([...mirrored, snapshot(9, 9.5), snapshot(30, 10.1)], 'short').key.latest!
  expect(fallen.state).toBe('tracking')
  expect(fallen.excursion!.mfe).toBeCloseTo(0.05, 12)
  expect(fallen.excursion!.mae).toBeCloseTo(-0.01, 12)
})

test('step() tightens the invalidation, takes the targets of the strongest, and keeps the reference', () => {
  const long = run([sighting(0, 'surge', 0.5, 10, 9.7), sighting(5, 'money_anomaly', 0.5, 10.1, 9.6)]).key.latest!
  expect(long).toMatchObject({ ref: 10, invalidation: 9.7, stop: 10.1 * 0.95, targetHigh: 10 * 1.1, reason: { en: 'surge' } })
  const led = run([sighting(0, 'surge', 0.5, 10, 9.7), sighting(5, 'money_anomaly', 0.6, 10.1, 9.8)]).key.latest!
  expect(led).toMatchObject({ ref: 10, invalidation: 9.8, targetHigh: 10.1 * 1.1, reason: { en: 'money_anomaly' } })
  const short = run([sighting(0, 'surge', 0.5, 10, 10.3, 'short'), sighting(5, 'money_anomaly', 0.5, 9.9, 10.4, 'short')], 'short').key.latest!
  expect(short).toMatchObject({ invalidation: 10.3, stop: 9.9 * 1.05 })
})

test('step() only counts a weaker repetition, and renews an equal or stronger one', () => {
  const weaker = run([sighting(0, 'surge', 0.6, 10, 9), sighting(100, 'surge', 0.5, 10, 9)]).key.latest!
  expect(weaker).toMatchObject({ duplicates: 1, contributions: [{ confidence: 0.6, seconds: 0 }] })
  const equal = run([sighting(0, 'surge', 0.6, 10, 9), sighting(100, 'surge', 0.6, 10, 9)]).key.latest!
  expect(equal).toMatchObject({ duplicates: 1, contributions: [{ confidence: 0.6, seconds: 100 }] })
  const stronger = run([sighting(0, 'surge', 0.6, 10, 9), sighting(100, 'surge', 0.66, 10, 9)])
  expect(stronger.events.map(short)).toContain('100 1 merged')
  expect(run([sighting(0, 'surge', 0.6, 10, 9), sighting(301, 'surge', 0.6, 10, 9)]).events.map(short)).toContain('301 1 merged')
})

test('step() loses data only after confirmation and only when no tick came', () => {
  expect(run([...confirmed, time(127)]).events.at(-1)!.type).toBe('tracking')
  expect(run([...confirmed, time(128)]).events.at(-1)).toMatchObject({ type: 'ended', reason: 'DATA_LOST' })
  expect(run([sighting(0, 'surge', 0.5, 10, 9), time(599)]).events.map(short)).toEqual(['0 1 discovered'])
  expect(run([sighting(0, 'surge', 0.5, 10, 9), time(600)]).events.at(-1)).toMatchObject({ type: 'ended', reason: 'EXPIRED' })
})

test('step() reopens with a parent within 900 seconds of expiry or invalidation, and not otherwise', () => {
  const reopen = (inputs: readonly LifecycleInput[]) => run(inputs).events.findLast(({ type }) => type === 'discovered')
  const expired = [sighting(0, 'surge', 0.5, 10, 9), time(600)]
  expect(reopen([...expired, sighting(1500, 'surge', 0.5, 10, 9)])).toMatchObject({ parent: '20260910-300750.SZ-long-1', id: '20260910-300750.SZ-long-2' })
  expect(reopen([...expired, sighting(1501, 'surge', 0.5, 10, 9)])).not.toHaveProperty('parent')
  expect(reopen([...confirmed, snapshot(10, 11), sighting(20, 'surge', 0.5, 10, 9)])).not.toHaveProperty('parent')
  expect(run([sighting(0, 'surge', 0.5, 10, 9), sighting(600, 'surge', 0.5, 10, 9)]).events.map(short)).toEqual([
    '0 1 discovered',
    '600 1 ended EXPIRED',
    '600 2 discovered',
  ])
})

test('step() ends on a standing objection, which starts over when it is interrupted', () => {
  const objecting = (seconds: number): LifecycleInput => ({
    type: 'snapshot',
    ...at(seconds),
    last: 10,
    objections: [{ detector: 'money_anomaly', forSeconds: 180, reason: { zh: '反转', en: 'reversed' } }],
  })
  const patient = run([sighting(0, 'money_anomaly', 0.5, 10, 9), objecting(10), objecting(189), objecting(190)])
  expect(patient.events.at(-1)).toMatchObject({ type: 'ended', reason: 'INVALIDATED', sessionSeconds: 190, detail: { en: 'reversed' } })
  const interrupted = run([sighting(0, 'money_anomaly', 0.5, 10, 9), objecting(10), snapshot(100, 10), objecting(101), objecting(190)])
  expect(interrupted.key.latest!.state).toBe('discovered')
})

test('step() updates an open opportunity at most every 15 seconds', () => {
  const { events } = run([sighting(0, 'surge', 0.5, 10, 9), ...Array.from({ length: 60 }, (_, i) => snapshot(i + 1, 10 + i / 1000))])
  expect(events.map(short)).toEqual(['0 1 discovered', '15 1 update', '30 1 update', '45 1 update', '60 1 update'])
})

test('step() lowers the confidence of a long by the short that opposes it', () => {
  const { events } = run([{ ...(sighting(0, 'surge', 0.5, 10, 9) as LifecycleInput & { type: 'sighting' }), opposing: 0.4 }])
  expect(events[0]).toMatchObject({ conflicted: true })
  expect(events[0]!.confidence).toBeCloseTo(0.9 * 0.5 * 0.6, 12)
})

test('step() vetoes at once, warns without ending, and ends everything at the close', () => {
  const risk = (severity: 'veto' | 'warn'): LifecycleInput => ({ type: 'risk', ...at(20), rule: 'abnormal', severity, detail: 'x' })
  expect(
    run([...confirmed, risk('veto')])
      .events.slice(-2)
      .map(short),
  ).toEqual(['20 1 risk', '20 1 ended RISK_VETO'])
  expect(run([...confirmed, risk('warn')]).key.latest).toMatchObject({ state: 'tracking', risks: ['abnormal'] })
  expect(run([...confirmed, { type: 'end', ...at(14_220), reason: 'SESSION_END' }]).events.at(-1)).toMatchObject({ reason: 'SESSION_END' })
})

const anyInput = fc.oneof(
  fc.record({
    kind: fc.constant('sighting' as const),
    gap: fc.integer({ min: 0, max: 400 }),
    who: fc.constantFrom('surge', 'money_anomaly', 'limit_board'),
    confidence: fc.double({ min: 0.3, max: 0.95, noNaN: true }),
    price: fc.integer({ min: 980, max: 1020 }),
  }),
  fc.record({ kind: fc.constant('snapshot' as const), gap: fc.integer({ min: 0, max: 100 }), price: fc.integer({ min: 940, max: 1110 }) }),
  fc.record({ kind: fc.constant('time' as const), gap: fc.integer({ min: 0, max: 200 }) }),
)

test('step() keeps the state equal to the fold of the events, with gapless numbers, whatever happens', () => {
  fc.assert(
    fc.property(fc.array(anyInput, { maxLength: 60 }), fc.constantFrom<Direction>('long', 'short'), (plan, direction) => {
      let seconds = 0
      let key = freshKey(code, date, direction)
      const events: OpportunityEvent[] = []
      for (const each of plan) {
        seconds += each.gap
        const price = 'price' in each ? each.price / 100 : 0
        const input =
          each.kind === 'sighting'
            ? sighting(seconds, each.who, each.confidence, price, price * (direction === 'long' ? 0.98 : 1.02), direction)
            : each.kind === 'snapshot'
              ? snapshot(seconds, price)
              : time(seconds)
        const result = step(key, input)
        key = result.key
        events.push(...result.events)
        expect(key.latest === undefined || key.latest.state === 'ended').toBe(!isOpen(key))
      }
      const byId = Map.groupBy(events, ({ id }) => id)
      expect([...byId.keys()]).toEqual(Array.from({ length: key.count }, (_, i) => `${date}-${code}-${direction}-${i + 1}`))
      for (const own of byId.values()) expect(own.map(({ seq }) => seq)).toEqual(own.map((_, i) => i + 1))
      if (key.latest !== undefined) expect(fold(byId.get(key.latest.id)!)).toEqual(key.latest)
      // Every opportunity but the last has ended before the next began.
      const opportunities = [...foldAll(events).values()]
      expect(opportunities.slice(0, -1).every(({ state }) => state === 'ended')).toBe(true)
    }),
    { numRuns: 300 },
  )
})

test('fold() refuses a hole, a repetition and anything after the end but follow-up', () => {
  const { events } = run([...confirmed, snapshot(10, 11)])
  expect(() => fold([])).toThrow(RangeError)
  expect(() => fold(events.toSpliced(1, 1))).toThrow('without holes')
  expect(() => fold([...events, { ...events.at(-1)!, seq: events.length + 1 }])).toThrow('has ended')
  const followed = fold([...events, { ...events.at(-1)!, seq: events.length + 1, type: 'followup', close: 10.5 }])
  expect(followed).toMatchObject({ state: 'ended', followup: { close: 10.5 } })
})
