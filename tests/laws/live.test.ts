import { beforeAll, describe, expect, test } from 'vitest'
import { aShareCalendar } from '#core/a-share-calendar.ts'
import type { Clock } from '#core/clock.ts'
import { boardOf, exchangeOf, type Code } from '#core/code.ts'
import { numbers } from '#core/frame.ts'
import { limitsOf } from '#core/price-limit.ts'
import { seededRng } from '#core/rng.ts'
import { clockTime, instantOf } from '#core/shanghai-time.ts'
import type { Tick } from '#core/tick.ts'
import { tradeDate, type EpochMs, type TradeDate } from '#core/trade-date.ts'
import { detectors } from '#detectors/index.ts'
import type { OpportunityEvent } from '#opportunity/event.ts'
import { simulator } from '#sources/simulator.ts'
import { profileBaseline, type Baseline } from '#stream/baseline.ts'
import { Pipeline } from '#stream/pipeline.ts'
import { replay } from '#stream/replay.ts'
import { textsOf } from './raw-market.ts'

/* LAYOUT §13 over the fast river: a simulated session through the pipeline with every registered detector. */

const date: TradeDate = tradeDate(20260715)
const days = aShareCalendar.dates(tradeDate(20260601), date)
const noon = instantOf(date, clockTime('12:00'))

/** What is known of each stock before the session: its turnover, its reference price and its limits. */
type Known = ReadonlyMap<string, Baseline>

let ticks: readonly Tick[]
let known: Known
let events: readonly OpportunityEvent[]

beforeAll(async () => {
  const session = await sessionOf(30)
  ticks = session.ticks
  known = session.known
  events = played(ticks, known)
})

describe('the session', () => {
  test('makes every detector speak, and opportunities pass through their whole life', () => {
    const speakers = new Set(events.flatMap((event) => (event.type === 'discovered' || event.type === 'merged' ? [event.finding.detector] : [])))
    expect([...speakers].toSorted()).toEqual(detectors.map(({ name }) => name).toSorted())
    for (const type of ['discovered', 'confirmed', 'ended']) expect(events.filter((event) => event.type === type).length, type).toBeGreaterThan(0)
    expect(events.some(({ at }) => at < noon)).toBe(true)
    expect(events.some(({ at }) => at > noon)).toBe(true)
  })
})

describe('replay = live', () => {
  test.each([1, 7, 1000, Infinity])('ticks in batches of %s give the same events in the same order', (size) => {
    const again: OpportunityEvent[] = []
    const pipeline = pipelineFor(known, again)
    for (let from = 0; from < ticks.length; from += size) pipeline.push(ticks.slice(from, from + size))
    pipeline.endSession()
    expect(again).toEqual(events)
  })

  test.each(['max', 600, 36_000] as const)('a replay at speed %s gives the same events in the same order', async (speed) => {
    const again: OpportunityEvent[] = []
    const pipeline = pipelineFor(known, again)
    const outcome = await replay(inBatches(ticks, 997), pipeline, { clock: manualClock(), speed })
    pipeline.endSession()
    expect(outcome).toMatchObject({ type: 'done', ticks: ticks.length })
    expect(again).toEqual(events)
  })

  test('a session interrupted at any tick and continued from its checkpoint gives the same events', () => {
    const rng = seededRng('interruptions')
    for (let i = 0; i < 3; i++) {
      const cut = rng.integer(1, ticks.length - 1)
      const again: OpportunityEvent[] = []
      const first = pipelineFor(known, again)
      first.push(ticks.slice(0, cut))
      const second = pipelineFor(known, again)
      second.restore(JSON.parse(JSON.stringify(first.checkpoint())))
      second.rebuild(ticks.slice(0, cut))
      second.push(ticks.slice(cut))
      second.endSession()
      expect(again, `cut at ${cut}`).toEqual(events)
    }
  })
})

describe('no future', () => {
  test('whatever trades after noon, the events of the morning stay', () => {
    const garbage = ticks.map((tick) => (tick.at < noon ? tick : { ...tick, price: 10, volume: tick.volume * 1000, amount: tick.amount * 7, vendorSide: -1 }))
    const before = (list: readonly OpportunityEvent[]) => list.filter(({ at }) => at < noon)
    const poisoned = played(garbage, known)
    expect(before(poisoned)).toEqual(before(events))
    // The afternoon did change: the law could have failed.
    expect(poisoned).not.toEqual(events)
  })
})

describe('order invariance', () => {
  test('stocks that trade in the same millisecond may come in any order', () => {
    const rng = seededRng('order')
    const chance = new Map(ticks.map(({ code }) => [code, rng.fork(code).next()]))
    const reordered = ticks.toSorted((a, b) => a.at - b.at || chance.get(a.code)! - chance.get(b.code)!)
    expect(reordered).not.toEqual(ticks)
    const byStock = (list: readonly OpportunityEvent[]) => list.toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : a.seq - b.seq))
    expect(byStock(played(reordered, known))).toEqual(byStock(events))
  })

  test('a market of more stocks finds the same in the stocks of the smaller one', () => {
    const some = new Set(ticks.slice(0, 12).map(({ code }) => code))
    const alone = played(
      ticks.filter(({ code }) => some.has(code)),
      known,
    )
    // Endings by the clock are left out: the market is told the time by its ticks, and a smaller one is told it a second or two later.
    const findings = (list: readonly OpportunityEvent[]) =>
      list.filter(({ type }) => type === 'discovered' || type === 'merged').map(({ id, type, at, price }) => ({ id, type, at, price }))
    expect(findings(alone).length).toBeGreaterThan(10)
    expect(findings(alone)).toEqual(findings(events.filter(({ code }) => some.has(code))))
  })
})

describe('adjustment invariance', () => {
  test('the same session at half the price and twice the shares gives the same opportunities at half the price', () => {
    const halved = ticks.map((tick) => ({ ...tick, price: tick.price / 2, volume: tick.volume * 2, bid1: tick.bid1 / 2, ask1: tick.ask1 / 2 }))
    const split = new Map(
      [...known].map(([code, baseline]) => [
        code,
        { ...baseline, prevClose: baseline.prevClose / 2, limitUp: baseline.limitUp / 2, limitDown: baseline.limitDown / 2 },
      ]),
    )
    const shape = (list: readonly OpportunityEvent[]) =>
      list.map(({ id, seq, at, type, confidence, price }) => ({ id, seq, at, type, confidence: Math.round(confidence * 1e9), price: Math.round(price * 1e9) }))
    expect(shape(played(halved, split).map((event) => ({ ...event, price: event.price * 2 })))).toEqual(shape(events))
  })
})

describe('same seed, same bytes', () => {
  test('the session drawn again gives the same events', async () => {
    const again = await sessionOf(30)
    expect(JSON.stringify(played(again.ticks, again.known))).toBe(JSON.stringify(events))
  })
})

function played(session: readonly Tick[], baselines: Known): readonly OpportunityEvent[] {
  const found: OpportunityEvent[] = []
  const pipeline = pipelineFor(baselines, found)
  pipeline.push(session)
  pipeline.endSession()
  return found
}

function pipelineFor(baselines: Known, into: OpportunityEvent[]): Pipeline {
  const unknown = profileBaseline()
  return new Pipeline({ date, detectors, baselineOf: (code) => baselines.get(code) ?? unknown, emit: (event) => into.push(event) })
}

async function sessionOf(size: number): Promise<{ readonly ticks: readonly Tick[]; readonly known: Known }> {
  const source = simulator({ seed: 9, size, dates: days })
  const ofDay: Tick[] = []
  for await (const batch of source.ticks(date)) ofDay.push(...batch)
  const baselines = new Map<string, Baseline>()
  for await (const { frame } of source.fetch({ dataset: 'ods_daily', from: days[0]!, to: date })) {
    const codes = textsOf(frame, 'ts_code')
    const [day, reference, amount] = ['trade_date', 'pre_close', 'amount'].map((name) => numbers(frame, name))
    const turnover = new Map<string, number[]>()
    for (let row = 0; row < frame.length; row++) {
      const code = codes[row]! as Code
      if (day![row]! < date) turnover.set(code, [...(turnover.get(code) ?? []), amount![row]! * 1000])
      else baselines.set(code, baselineFor(code, reference![row]!, turnover.get(code) ?? []))
    }
  }
  return { ticks: ofDay, known: baselines }
}

function baselineFor(code: Code, prevClose: number, turnover: readonly number[]): Baseline {
  const limits = limitsOf({ prevClose: Math.round(prevClose * 1000), board: boardOf(code), exchange: exchangeOf(code), date, isSt: false })
  const adv20 = turnover.length === 0 ? NaN : turnover.reduce((sum, value) => sum + value, 0) / turnover.length
  const profile = profileBaseline({ adv20, atrPct: 0.03, prevClose, limitUp: (limits.up ?? NaN) / 1000, limitDown: (limits.down ?? NaN) / 1000 })
  // A calmer usual flow than the profile's, as stocks with days of ticks behind them have: there is more to see.
  return { ...profile, netRatioSigma: profile.netRatioSigma.map(() => 0.12) }
}

async function* inBatches(list: readonly Tick[], size: number): AsyncGenerator<readonly Tick[]> {
  for (let from = 0; from < list.length; from += size) yield list.slice(from, from + size)
}

/** A clock that jumps when asked to sleep. */
function manualClock(): Clock {
  let time = 0
  return {
    now: () => time as EpochMs,
    sleep(ms) {
      time += ms
      return Promise.resolve()
    },
  }
}
