import { instantOf } from '#core/shanghai-time.ts'
import type { Tick } from '#core/tick.ts'
import type { EpochMs, TradeDate } from '#core/trade-date.ts'
import { exp } from '#numeric/fmath.ts'
import type { Fault, FaultKind } from './fault.ts'
import { pickFault, type FaultPlan } from './fault-plan.ts'
import { droppedMinutes, minuteOf } from './faulty-page.ts'
import type { Stream } from './keyed-stream.ts'

/** Kinds that compete for one record of a feed. */
const RECORD_KINDS = ['dup', 'reorder', 'late_row', 'bad_row', 'price_spike', 'clock_skew', 'latency'] as const

const FEED_KINDS: readonly FaultKind[] = [...RECORD_KINDS, 'dropped_minute', 'zone_shift', 'stale', 'outage']

/** Whether a plan has anything for a live feed. */
export function hitsFeed(plan: FaultPlan): boolean {
  return plan.hasAny(FEED_KINDS)
}

interface Span {
  readonly from: number
  readonly to: number
}

/** What a stock's day suffers, and where its feed stands. */
interface StockState {
  readonly draws: Stream
  readonly dropped: ReadonlySet<number>
  readonly stale: Span | undefined
  readonly shiftMs: number
  last: Tick | undefined
  /** Held back until the stock's next record has gone out. */
  swapped: Tick | undefined
  counted: Set<number>
}

/**
 * 坏行情流: the records of one day as a faulty feed delivers them (spec simulator §13, the realtime kinds). Give it the ticks in event-time order and take what it returns, in
 * order of `seenAt`; `end` gives what was still held. Decisions depend on the seed, the code and the date, and on the order of a stock's own records.
 */
export class FaultyFeed {
  readonly faults: Fault[] = []
  readonly #plan: FaultPlan
  readonly #date: TradeDate
  readonly #outage: Span | undefined
  readonly #stocks = new Map<string, StockState>()
  readonly #held: Tick[] = []
  #hasOutage = false

  constructor(plan: FaultPlan, date: TradeDate) {
    this.#plan = plan
    this.#date = date
    const draws = plan.hit('outage', 'MKT', date)
    this.#outage = draws === undefined ? undefined : spanOf(date, draws, 1, 10)
  }

  push(ticks: readonly Tick[]): Tick[] {
    const out: Tick[] = []
    for (const tick of ticks) {
      this.#release(tick.seenAt, out)
      this.#deliver(tick, out)
    }
    return out
  }

  end(): Tick[] {
    const out: Tick[] = []
    this.#release(Infinity, out)
    for (const state of this.#stocks.values()) {
      if (state.swapped !== undefined) out.push(state.swapped)
      state.swapped = undefined
    }
    return out
  }

  #deliver(tick: Tick, out: Tick[]): void {
    const state = this.#stateOf(tick.code)
    const kind = pickFault(this.#plan, RECORD_KINDS, state.draws.next())
    if (isWithin(this.#outage, tick.at)) {
      if (!this.#hasOutage) this.#note('outage', tick, { entity: 'MKT', until: this.#outage!.to })
      this.#hasOutage = true
      return
    }
    const minute = minuteOf(tick.at)
    if (state.dropped.has(minute)) {
      if (!state.counted.has(minute)) this.#note('dropped_minute', tick, {})
      state.counted.add(minute)
      return
    }
    const shifted = state.shiftMs === 0 ? tick : { ...tick, at: (tick.at + state.shiftMs) as EpochMs }
    if (isWithin(state.stale, tick.at) && state.last !== undefined) {
      this.#send({ ...shifted, at: state.last.at, price: state.last.price, volume: state.last.volume, amount: state.last.amount }, state, out)
      this.#note('stale', tick, { seq: tick.seq })
      return
    }
    state.last = shifted
    if (kind === undefined) this.#send(shifted, state, out)
    else this.#hit(kind, shifted, state, out)
  }

  #hit(kind: (typeof RECORD_KINDS)[number], tick: Tick, state: StockState, out: Tick[]): void {
    const { draws } = state
    switch (kind) {
      case 'dup':
        this.#send(tick, state, out)
        out.push(tick)
        return this.#note(kind, tick, { seq: tick.seq })
      case 'reorder':
        // Two records that change places: one at a time.
        if (state.swapped !== undefined) return this.#send(tick, state, out)
        state.swapped = tick
        return undefined
      case 'late_row':
      case 'latency': {
        const { median, logSd } = this.#plan.config.latencyMs ?? { median: 400, logSd: 0.8 }
        const delay = Math.round(kind === 'late_row' ? 120_000 + draws.next() * 3 * 3_600_000 : median * exp(logSd * draws.normal()))
        hold(this.#held, { ...tick, seenAt: (tick.seenAt + delay) as EpochMs })
        return this.#note(kind, tick, { seq: tick.seq, delay })
      }
      case 'bad_row': {
        const column = (['price', 'volume', 'amount'] as const)[draws.integer(0, 2)]!
        this.#send({ ...tick, [column]: draws.next() < 0.5 ? 0 : -tick[column] }, state, out)
        return this.#note(kind, tick, { seq: tick.seq, column })
      }
      case 'price_spike': {
        const price = Math.max(10, Math.round((tick.price * (1 + (draws.next() < 0.5 ? -1 : 1) * (0.03 + 0.05 * draws.next()))) / 10) * 10)
        this.#send({ ...tick, price }, state, out)
        return this.#note(kind, tick, { seq: tick.seq, was: tick.price, is: price })
      }
      case 'clock_skew': {
        const ahead = draws.integer(3, 30) * 1000
        this.#send({ ...tick, at: (tick.at + ahead) as EpochMs }, state, out)
        return this.#note(kind, tick, { seq: tick.seq, ahead })
      }
      default:
        return kind satisfies never
    }
  }

  /** A record goes out, and after it the one that was held back to change places with it. */
  #send(tick: Tick, state: StockState, out: Tick[]): void {
    out.push(tick)
    const { swapped } = state
    if (swapped === undefined) return
    state.swapped = undefined
    out.push({ ...swapped, seenAt: tick.seenAt })
    this.#note('reorder', swapped, { seq: swapped.seq })
  }

  #release(until: number, out: Tick[]): void {
    let due = 0
    while (due < this.#held.length && this.#held[due]!.seenAt <= until) due++
    if (due > 0) out.push(...this.#held.splice(0, due))
  }

  #stateOf(code: string): StockState {
    const known = this.#stocks.get(code)
    if (known !== undefined) return known
    const date = this.#date
    const stale = this.#plan.hit('stale', code, date)
    const shift = this.#plan.hit('zone_shift', `ods_tick ${code}`, date)
    const state: StockState = {
      draws: this.#plan.ownStream('record', code, date),
      dropped: droppedMinutes(this.#plan, code, date),
      stale: stale === undefined ? undefined : spanOf(date, stale, 1, 5),
      shiftMs: shift === undefined ? 0 : 8 * 3_600_000,
      last: undefined,
      swapped: undefined,
      counted: new Set(),
    }
    this.#stocks.set(code, state)
    if (shift !== undefined) this.faults.push({ kind: 'zone_shift', entity: code, date, at: NaN as EpochMs, detail: { hours: 8 } })
    return state
  }

  #note(kind: FaultKind, tick: Tick, { entity = tick.code, ...detail }: Readonly<Record<string, string | number>> & { readonly entity?: string }): void {
    this.faults.push({ kind, entity, date: this.#date, at: tick.seenAt, detail })
  }
}

/** A window of whole minutes that begins in continuous trading and ends well before the close. */
function spanOf(date: TradeDate, draws: Stream, shortest: number, longest: number): Span {
  const slot = draws.integer(0, 225)
  const from = instantOf(date, (slot < 120 ? 570 + slot : 780 + slot - 120) * 60_000)
  return { from, to: from + draws.integer(shortest, longest) * 60_000 }
}

function isWithin(span: Span | undefined, at: number): boolean {
  return span !== undefined && at >= span.from && at < span.to
}

/** Keep the held records in order of arrival, equal ones in order of being held. */
function hold(held: Tick[], tick: Tick): void {
  let at = held.length
  while (at > 0 && held[at - 1]!.seenAt > tick.seenAt) at--
  held.splice(at, 0, tick)
}
