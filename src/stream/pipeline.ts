import type { Code } from '#core/code.ts'
import type { Detector, Direction } from '#core/detector.ts'
import { FEATURES, type FeatureSnapshot } from '#core/feature-snapshot.ts'
import { SEGMENT } from '#core/session.ts'
import { clockTime, instantOf } from '#core/shanghai-time.ts'
import type { Tick } from '#core/tick.ts'
import type { EpochMs, TradeDate } from '#core/trade-date.ts'
import { combinedConfidence } from '#opportunity/confidence.ts'
import type { Opportunity, OpportunityEvent } from '#opportunity/event.ts'
import { findingOf } from '#opportunity/finding.ts'
import { freshKey, isOpen, LIFECYCLE_PARAMS, step, type Key, type LifecycleInput, type LifecycleParams, type Objection } from '#opportunity/lifecycle.ts'
import type { Baseline } from './baseline.ts'
import { Cooldown, type CooldownEntry } from './cooldown.ts'
import { FeatureBoard } from './feature-board.ts'
import { Intake, type IntakeReport, type Verdict } from './intake.ts'
import { Latency } from './latency.ts'
import { StockIndex } from './stock-index.ts'

export interface PipelineOptions {
  readonly date: TradeDate
  readonly detectors: readonly Detector[]
  /** What is usual for a stock; asked once, when its first tick comes. */
  readonly baselineOf: (code: Code) => Baseline
  readonly emit: (event: OpportunityEvent) => void
  readonly report?: (report: IntakeReport) => void
  readonly lifecycle?: LifecycleParams
  /** A monotonic clock in microseconds; without it no latency is measured. It never decides anything. */
  readonly micros?: () => number
}

/** Where a session stands: everything that ticks before `ticks` left behind, as JSON. The board is not in it; `rebuild` makes it from the ticks. */
export interface Checkpoint {
  readonly date: TradeDate
  /** Ticks pushed so far: the offset of the next one in the recorded order. */
  readonly ticks: number
  readonly events: number
  /** The latest event time of the market; absent before the first tick. */
  readonly marketAt?: number
  /** Every (stock, direction) that had an opportunity: the open ones in the order of their discovery, then the others by name. */
  readonly keys: readonly Key[]
  readonly cooldowns: readonly CooldownEntry[]
}

/** Where the microseconds of a tick went. `total` counts from the arrival of its batch, waiting behind earlier ticks included. */
export const STAGES = ['intake', 'board', 'detect', 'lifecycle', 'total'] as const

export type Stage = (typeof STAGES)[number]

const CLOSE = clockTime('15:00')

/**
 * 实时流水线: ticks → intake → feature board → detectors → lifecycle → events, over one trading day of all stocks. Event time alone moves it, so pushing
 * a recorded day in the recorded order emits that day's events again, whatever the batches and the speed. `push` never waits and never drops.
 */
export class Pipeline {
  readonly #options: PipelineOptions
  readonly #stocks = new StockIndex()
  readonly #intake: Intake
  readonly #board: FeatureBoard
  readonly #cooldown = new Cooldown()
  readonly #stages: Readonly<Record<Stage, Latency>> = {
    intake: new Latency(),
    board: new Latency(),
    detect: new Latency(),
    lifecycle: new Latency(),
    total: new Latency(),
  }
  /** Two keys per stock: long at 2 × place, short beside it. */
  readonly #keys: (Key | undefined)[] = []
  readonly #open = new Set<number>()
  #ticks = 0
  #events = 0
  #marketAt = -Infinity
  #isRebuilding = false

  constructor(options: PipelineOptions) {
    refuseUnknownNeeds(options.detectors)
    this.#options = options
    this.#intake = new Intake(options.date, (report) => this.#isRebuilding || options.report?.(report))
    this.#board = new FeatureBoard(options.date, options.baselineOf)
  }

  /** Make room for stocks before the open, so that the first burst of ticks finds everything ready. Changes no answer. */
  prepare(codes: readonly Code[]): void {
    for (const code of codes) this.#board.enrol(code, this.#stocks.place(code))
  }

  /** Take in ticks, each stock's in time order. Events are emitted before it returns. */
  push(batch: readonly Tick[]): void {
    const { micros } = this.#options
    if (micros === undefined) for (const tick of batch) this.#take(tick)
    else {
      const arrivedAt = micros()
      for (const tick of batch) this.#takeTimed(tick, micros, arrivedAt)
    }
  }

  /** The session is over: what is still open ends. To be called once, after the last tick. */
  endSession(): void {
    const at = Math.max(this.#marketAt, instantOf(this.#options.date, CLOSE)) as EpochMs
    for (const slot of this.#open) this.#step(slot, { type: 'end', at, sessionSeconds: this.#board.sessionSecondsAt(at, slot >> 1), reason: 'SESSION_END' })
  }

  /** A trader or the risk guard has a say about an open opportunity. False when there is no open one of that stock and direction. */
  interfere(
    code: Code,
    direction: Direction,
    input:
      | { readonly type: 'risk'; readonly rule: string; readonly severity: 'veto' | 'warn'; readonly detail: string }
      | { readonly type: 'end'; readonly reason: 'MANUAL' },
  ): boolean {
    const place = this.#stocks.find(code)
    const slot = place === undefined ? -1 : 2 * place + (direction === 'long' ? 0 : 1)
    if (!this.#open.has(slot)) return false
    const at = this.#marketAt as EpochMs
    this.#step(slot, { ...input, at, sessionSeconds: this.#board.sessionSecondsAt(at, slot >> 1) })
    return true
  }

  /** Continue where a checkpoint was taken. The pipeline must be new; then `rebuild` the ticks before `checkpoint.ticks` and `push` the rest. */
  restore(checkpoint: Checkpoint): void {
    if (checkpoint.date !== this.#options.date || this.#ticks > 0)
      throw new RangeError(
        `Cannot restore a checkpoint of ${checkpoint.date}: the pipeline must be new and of that day, found ${this.#options.date} after ${this.#ticks} ticks`,
      )
    this.#events = checkpoint.events
    for (const key of checkpoint.keys) {
      const slot = 2 * this.#stocks.place(key.code) + (key.direction === 'long' ? 0 : 1)
      this.#keys[slot] = key
      if (isOpen(key)) this.#open.add(slot)
    }
    this.#cooldown.restore(checkpoint.cooldowns)
    this.#marketAt = checkpoint.marketAt ?? -Infinity
  }

  /** Bring the board up to a checkpoint: the ticks that were already judged move the features and nothing else. */
  rebuild(batch: readonly Tick[]): void {
    this.#isRebuilding = true
    for (const tick of batch) {
      this.#ticks++
      const place = this.#stocks.place(tick.code)
      this.#admit(tick, place, this.#intake.judge(tick, place))
    }
    this.#isRebuilding = false
  }

  checkpoint(): Checkpoint {
    const open = [...this.#open].map((slot) => this.#keys[slot]!)
    const ended = (this.#keys.filter((key) => key !== undefined && !isOpen(key)) as Key[]).toSorted(byName)
    const { date } = this.#options
    const clock = Number.isFinite(this.#marketAt) ? { marketAt: this.#marketAt } : {}
    return { date, ticks: this.#ticks, events: this.#events, ...clock, keys: [...open, ...ended], cooldowns: this.#cooldown.entries() }
  }

  /** The stock's features as of its last tick; undefined before the first. */
  snapshot(code: Code): FeatureSnapshot | undefined {
    const place = this.#stocks.find(code)
    return place === undefined ? undefined : this.#board.snapshot(place)
  }

  /** The latest opportunity of every (stock, direction) that had one, in order of discovery, then of id. */
  opportunities(): readonly Opportunity[] {
    const latest = this.#keys.flatMap((key) => (key?.latest === undefined ? [] : [key.latest]))
    return latest.toSorted((a, b) => a.discoveredAt - b.discoveredAt || (a.id < b.id ? -1 : 1))
  }

  /** How the session went so far. Latencies in µs; all zero counts without a clock. */
  state() {
    return {
      ticks: this.#ticks,
      events: this.#events,
      stocks: this.#stocks.size,
      open: this.#open.size,
      marketAt: Number.isFinite(this.#marketAt) ? (this.#marketAt as EpochMs) : undefined,
      intake: this.#intake.counts,
      latency: this.#stages,
    }
  }

  #take(tick: Tick): void {
    const place = this.#stocks.place(tick.code)
    this.#ticks++
    const verdict = this.#intake.judge(tick, place)
    if (isTaken(verdict)) this.#advance(this.#intake.at)
    if (!this.#admit(tick, place, verdict)) return
    const snapshot = this.#board.read(place)!
    this.#observe(place, snapshot)
    this.#detect(place, snapshot)
  }

  /** The same as `#take` with a look at the clock between the stages. */
  #takeTimed(tick: Tick, micros: () => number, arrivedAt: number): void {
    const { intake, board, detect, lifecycle, total } = this.#stages
    const began = micros()
    const place = this.#stocks.place(tick.code)
    this.#ticks++
    const verdict = this.#intake.judge(tick, place)
    const judged = micros()
    if (isTaken(verdict)) this.#advance(this.#intake.at)
    const advanced = micros()
    const isPriced = this.#admit(tick, place, verdict)
    const snapshot = isPriced ? this.#board.read(place) : undefined
    const featured = micros()
    if (snapshot !== undefined) this.#observe(place, snapshot)
    const observed = micros()
    if (snapshot !== undefined) this.#detect(place, snapshot)
    const ended = micros()
    intake.record(judged - began)
    board.record(featured - advanced)
    lifecycle.record(advanced - judged + (observed - featured))
    detect.record(ended - observed)
    total.record(ended - arrivedAt)
  }

  /** Into the board. True when the stock has a new snapshot. */
  #admit(tick: Tick, place: number, verdict: Verdict): boolean {
    if (isTaken(verdict)) return this.#board.accept(tick, this.#intake.at, place)
    if (verdict === 'late') this.#board.acceptLate(tick, place)
    return false
  }

  /** Each second of event time that the market reaches, what is open hears the clock. */
  #advance(at: EpochMs): void {
    const isNewSecond = Math.floor(at / 1000) > Math.floor(this.#marketAt / 1000)
    if (at > this.#marketAt) this.#marketAt = at
    if (!isNewSecond || this.#open.size === 0) return
    for (const slot of this.#open) {
      const sessionSeconds = this.#board.sessionSecondsAt(at, slot >> 1)
      this.#step(slot, { type: 'time', at, sessionSeconds })
    }
  }

  /** The stock's open opportunities see the tick before its detectors speak. */
  #observe(place: number, snapshot: FeatureSnapshot): void {
    if (this.#open.size === 0) return
    for (const slot of [2 * place, 2 * place + 1]) {
      const key = this.#open.has(slot) ? this.#keys[slot] : undefined
      if (key === undefined) continue
      const { at, sessionSeconds } = snapshot
      this.#step(slot, { type: 'snapshot', at, sessionSeconds, last: snapshot.values.last, objections: this.#objections(key, snapshot) })
    }
  }

  #objections({ latest, direction }: Key, snapshot: FeatureSnapshot): readonly Objection[] {
    return this.#options.detectors.flatMap((detector) => {
      if (latest?.contributions.some((each) => each.detector === detector.name) !== true) return []
      const contradiction = detector.invalidates(direction, snapshot, detector.params)
      return contradiction === undefined ? [] : [{ detector: detector.name, ...contradiction }]
    })
  }

  /** Detectors look at continuous trading only. */
  #detect(place: number, snapshot: FeatureSnapshot): void {
    const segment = this.#board.segmentAt(place)
    if (segment !== SEGMENT.AM && segment !== SEGMENT.PM) return
    for (const detector of this.#options.detectors) {
      const sighting = detector.detect(snapshot, detector.params)
      if (sighting === undefined) continue
      const { at, code, sessionSeconds } = snapshot
      const slot = 2 * place + (sighting.direction === 'long' ? 0 : 1)
      if (!this.#cooldown.admits(detector, code, sighting, sessionSeconds, this.#open.has(slot))) continue
      this.#keys[slot] ??= freshKey(code, this.#options.date, sighting.direction)
      this.#step(slot, { type: 'sighting', at, sessionSeconds, finding: findingOf(detector, sighting), adv20: snapshot.values.adv20 })
    }
  }

  #step(slot: number, input: LifecycleInput): void {
    const opposing = this.#open.has(slot ^ 1) ? combinedConfidence(this.#keys[slot ^ 1]!.latest!.contributions, input.sessionSeconds) : 0
    const { key, events } = step(this.#keys[slot]!, { ...input, opposing }, this.#options.lifecycle ?? LIFECYCLE_PARAMS)
    this.#keys[slot] = key
    // The set keeps the order of discovery: a key that ends and reopens within one step goes to the end.
    if (events.some(({ type }) => type === 'discovered' || type === 'ended')) this.#open.delete(slot)
    if (isOpen(key)) this.#open.add(slot)
    for (const event of events) {
      this.#events++
      this.#options.emit(event)
    }
  }
}

function isTaken(verdict: Verdict): boolean {
  return verdict === 'accepted' || verdict === 'disordered' || verdict === 'future'
}

function byName(a: Key, b: Key): number {
  return a.code === b.code ? (a.direction < b.direction ? -1 : 1) : a.code < b.code ? -1 : 1
}

/** A detector that asks for a feature no board makes would be silent for ever. */
function refuseUnknownNeeds(detectors: readonly Detector[]): void {
  for (const { name, needs } of detectors)
    for (const need of needs)
      if (!FEATURES.includes(need)) throw new TypeError(`Cannot run detector "${name}": it needs a feature of ${FEATURES.join(', ')}, found "${need}"`)
}
