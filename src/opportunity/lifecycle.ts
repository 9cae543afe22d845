import type { Code } from '#core/code.ts'
import type { Contradiction, Direction } from '#core/detector.ts'
import type { EpochMs, TradeDate } from '#core/trade-date.ts'
import { combinedConfidence, liveContribution } from './confidence.ts'
import type { EndReason, EventBody, Excursion, Levels, Opportunity, OpportunityEvent } from './event.ts'
import type { Finding } from './finding.ts'
import { apply } from './fold.ts'

/** The settings of spec intraday §11. Seconds are of the session clock. */
export interface LifecycleParams {
  readonly discoverAt: number
  readonly confirmAt: number
  /** A detector counts towards confirmation while its live contribution is at least this. */
  readonly minLive: number
  /** One detector alone confirms when the opportunity is this old and it just spoke with this confidence. */
  readonly soloSeconds: number
  readonly soloConfidence: number
  /** Fraction the price may have slipped from the reference at confirmation. */
  readonly maxSlip: number
  readonly expireSeconds: number
  readonly horizonSeconds: number
  readonly dataLostSeconds: number
  readonly duplicateSeconds: number
  readonly duplicateStep: number
  readonly reopenSeconds: number
  /** At most one `update` in this time. */
  readonly updateSeconds: number
}

export const LIFECYCLE_PARAMS: LifecycleParams = Object.freeze({
  discoverAt: 0.4,
  confirmAt: 0.6,
  minLive: 0.3,
  soloSeconds: 60,
  soloConfidence: 0.55,
  maxSlip: 0.003,
  expireSeconds: 600,
  horizonSeconds: 14_400,
  dataLostSeconds: 120,
  duplicateSeconds: 300,
  duplicateStep: 0.05,
  reopenSeconds: 900,
  updateSeconds: 15,
})

/** What is remembered of an open opportunity between two events; the events themselves say the rest. */
export interface Watch {
  /** Session seconds of the last data, and of the last event that showed the price. */
  readonly freshAt: number
  readonly shownAt: number
  readonly last: number
  /** Highest and lowest price since confirmation; absent before. */
  readonly sinceConfirmed?: { readonly high: number; readonly low: number }
  /** Contradictions that hold without a break, each with the session second it began. */
  readonly contradictedSince: Readonly<Record<string, number>>
}

/** 机会键 (stock, direction) on one trading day: at most one opportunity that has not ended. */
export interface Key {
  readonly code: Code
  readonly date: TradeDate
  readonly direction: Direction
  /** Opportunities discovered so far. */
  readonly count: number
  /** The latest opportunity, open or ended. */
  readonly latest?: Opportunity
  /** Present exactly while the latest is open. */
  readonly watch?: Watch
}

interface Moment {
  readonly at: EpochMs
  readonly sessionSeconds: number
  /** C of the open opportunity of the opposite direction on this stock; 0 when there is none. */
  readonly opposing?: number
}

/** A detector's standing objection to an open opportunity. */
export interface Objection extends Contradiction {
  readonly detector: string
}

export type LifecycleInput =
  | (Moment & { readonly type: 'sighting'; readonly finding: Finding; readonly adv20: number })
  /** A feature snapshot of the stock: its price (CNY) and what its detectors object. */
  | (Moment & { readonly type: 'snapshot'; readonly last: number; readonly objections?: readonly Objection[] })
  /** The session clock of the market moved on without a tick of this stock. */
  | (Moment & { readonly type: 'time' })
  | (Moment & { readonly type: 'risk'; readonly rule: string; readonly severity: 'veto' | 'warn'; readonly detail: string })
  | (Moment & { readonly type: 'end'; readonly reason: 'SESSION_END' | 'MANUAL' })

export interface Step {
  readonly key: Key
  readonly events: readonly OpportunityEvent[]
}

/** A key before its first opportunity of the day. */
export function freshKey(code: Code, date: TradeDate, direction: Direction): Key {
  return { code, date, direction, count: 0 }
}

export function isOpen(key: Key): boolean {
  return key.watch !== undefined
}

/**
 * 机会生命周期 (spec intraday §11): discovered → confirmed → tracking → ended, as a pure step. Inputs must come in order of the session clock.
 * What is due by the clock (expiry, lost data) happens before the input itself is looked at, so the answer does not depend on how often time is told.
 */
export function step(key: Key, input: LifecycleInput, params: LifecycleParams = LIFECYCLE_PARAMS): Step {
  const turn = new Turn(key, input, params)
  if (turn.isOpen) endWhatIsDue(turn, input)
  switch (input.type) {
    case 'sighting':
      if (turn.isOpen) join(turn, input.finding)
      else discover(turn, input.finding, input.adv20)
      break
    case 'snapshot':
      if (turn.isOpen) observe(turn, input.last, input.objections ?? [])
      break
    case 'risk':
      if (turn.isOpen) judge(turn, input)
      break
    case 'end':
      if (turn.isOpen) turn.end(input.reason)
      break
    case 'time':
      break
    default:
      input satisfies never
  }
  return turn.result()
}

/** One step under way: the opportunity as its events make it, and the watch kept beside it. */
class Turn {
  readonly params: LifecycleParams
  readonly seconds: number
  readonly #input: LifecycleInput
  readonly #events: OpportunityEvent[] = []
  #key: Key
  #opportunity: Opportunity | undefined
  watch: Watch | undefined

  constructor(key: Key, input: LifecycleInput, params: LifecycleParams) {
    this.params = params
    this.seconds = input.sessionSeconds
    this.#input = input
    this.#key = key
    this.#opportunity = key.latest
    this.watch = key.watch
  }

  get isOpen(): boolean {
    return this.watch !== undefined
  }

  get key(): Key {
    return this.#key
  }

  /** +1 when rising prices are in favour. */
  get sign(): 1 | -1 {
    return this.#key.direction === 'long' ? 1 : -1
  }

  /** The open (or just ended) opportunity. */
  get opportunity(): Opportunity {
    if (this.#opportunity === undefined) throw new TypeError('Cannot read the opportunity of a key that never had one')
    return this.#opportunity
  }

  /** C at this moment: decayed, and for a long lowered while a short on the same stock is believed (spec intraday §11). */
  confidence(contributions = this.opportunity.contributions): number {
    const combined = combinedConfidence(contributions, this.seconds)
    return this.#key.direction === 'long' ? combined * (1 - (this.#input.opposing ?? 0)) : combined
  }

  /** 发现: a new opportunity at the price it was found at. */
  open(body: EventBody & { readonly type: 'discovered' }): void {
    const { code, date, direction, count } = this.#key
    this.#key = { ...this.#key, count: count + 1 }
    this.#opportunity = undefined
    this.watch = { freshAt: this.seconds, shownAt: this.seconds, last: body.finding.price.ref, contradictedSince: NOTHING }
    this.#append(`${date}-${code}-${direction}-${count + 1}`, 1, body)
  }

  emit(body: EventBody): void {
    const { id, seq } = this.opportunity
    this.#append(id, seq + 1, body)
    this.watch = { ...this.watch!, shownAt: this.seconds }
  }

  end(reason: EndReason, detail?: Contradiction['reason']): void {
    this.emit({ type: 'ended', reason, ...optional('excursion', this.excursion()), ...optional('detail', detail) })
    this.watch = undefined
  }

  /** Since confirmation; absent before. `mfe` is the excursion in favour of the direction. */
  excursion(): Excursion | undefined {
    const { refConfirmed } = this.opportunity
    const range = this.watch?.sinceConfirmed
    if (range === undefined || refConfirmed === undefined) return undefined
    const [up, down] = [range.high / refConfirmed, range.low / refConfirmed]
    return this.sign > 0 ? { mfe: up - 1, mae: down - 1 } : { mfe: 1 - down, mae: 1 - up }
  }

  result(): Step {
    const { code, date, direction, count } = this.#key
    return { key: { code, date, direction, count, ...optional('latest', this.#opportunity), ...optional('watch', this.watch) }, events: this.#events }
  }

  /** The event carries C as it is after it, so it is folded once to know the contributions it leaves. */
  #append(id: string, seq: number, body: EventBody): void {
    const { code, date, direction } = this.#key
    const { at, sessionSeconds, opposing } = this.#input
    const head = { id, code, date, direction, seq, at, sessionSeconds, price: this.watch!.last, conflicted: (opposing ?? 0) > 0 }
    const folded = apply(this.#opportunity, { ...head, confidence: 0, ...body })
    const confidence = this.confidence(folded.contributions)
    this.#opportunity = { ...folded, confidence }
    this.#events.push({ ...head, confidence, ...body })
  }
}

/** EXPIRED and DATA_LOST need nothing but the clock. Lost data ends only what was confirmed: a discovery runs out by itself. */
function endWhatIsDue(turn: Turn, input: LifecycleInput): void {
  const { opportunity, params, seconds } = turn
  const isConfirmed = opportunity.confirmedSeconds !== undefined
  const deadline = isConfirmed ? opportunity.confirmedSeconds + params.horizonSeconds : opportunity.discoveredSeconds + params.expireSeconds
  if (seconds >= deadline) turn.end('EXPIRED')
  else if (input.type === 'time' && isConfirmed && seconds - turn.watch!.freshAt >= params.dataLostSeconds) turn.end('DATA_LOST')
}

function discover(turn: Turn, finding: Finding, adv20: number): void {
  if (!(finding.confidence >= turn.params.discoverAt)) return
  const { latest } = turn.key
  const isReopened =
    (latest?.endReason === 'EXPIRED' || latest?.endReason === 'INVALIDATED') && turn.seconds - latest.endedSeconds! <= turn.params.reopenSeconds
  turn.open({ type: 'discovered', finding, adv20, ...(isReopened ? { parent: latest.id } : {}) })
}

function join(turn: Turn, finding: Finding): void {
  const { params, seconds, opportunity } = turn
  turn.watch = seen(turn.watch!, finding.price.ref, seconds)
  const previous = opportunity.contributions.find(({ detector }) => detector === finding.detector)
  const isRepeat =
    previous !== undefined && seconds - previous.seconds <= params.duplicateSeconds && finding.confidence <= previous.confidence + params.duplicateStep
  if (isRepeat) {
    const { detector, confidence: own } = finding
    turn.emit({ type: 'duplicate', detector, own, refreshed: own >= previous.confidence })
  } else {
    const others = opportunity.contributions.filter(({ detector }) => detector !== finding.detector)
    const leads = others.every((other) => liveContribution(other, seconds) <= finding.weight * finding.confidence)
    turn.emit({ type: 'merged', finding, leads, levels: mergedLevels(turn, finding, leads) })
  }
  confirmIfConvincing(turn, finding.confidence)
}

/** Stop and invalidation only ever tighten; the targets are those of the strongest contributor. */
function mergedLevels({ opportunity, sign }: Turn, { price }: Finding, leads: boolean): Levels {
  const tighter = sign > 0 ? Math.max : Math.min
  const { targetLow, targetHigh } = leads ? price : opportunity
  return { targetLow, targetHigh, stop: tighter(opportunity.stop, price.stop), invalidation: tighter(opportunity.invalidation, price.invalidation) }
}

function observe(turn: Turn, last: number, objections: readonly Objection[]): void {
  const { seconds, sign, params } = turn
  turn.watch = { ...seen(turn.watch!, last, seconds), contradictedSince: standing(turn.watch!, objections, seconds) }
  if (turn.opportunity.state === 'confirmed') turn.emit({ type: 'tracking', excursion: turn.excursion()! })
  const { state, stop, invalidation, targetLow, targetHigh } = turn.opportunity
  if (state === 'tracking' && sign * (last - (sign > 0 ? targetHigh : targetLow)) >= 0) return touched(turn, 'target')
  if (state === 'tracking' && sign * (last - stop) <= 0) return touched(turn, 'stop')
  if (sign * (last - invalidation) <= 0) return turn.end('INVALIDATED')
  const { contradictedSince } = turn.watch
  const decided = objections.find(({ detector, forSeconds }) => seconds - contradictedSince[objectionKey(detector, forSeconds)]! >= forSeconds)
  if (decided !== undefined) return turn.end('INVALIDATED', decided.reason)
  if (state === 'discovered') confirmIfConvincing(turn, 0)
  if (seconds - turn.watch.shownAt >= params.updateSeconds) turn.emit({ type: 'update', ...optional('excursion', turn.excursion()) })
}

function touched(turn: Turn, level: 'target' | 'stop'): void {
  turn.emit({ type: level, excursion: turn.excursion()! })
  turn.end(level === 'target' ? 'TARGET' : 'STOP')
}

/** 确认: two detectors still alive, or one that insists after a minute; and the price must not have slipped away. */
function confirmIfConvincing(turn: Turn, arrived: number): void {
  const { opportunity, params, seconds, sign, watch } = turn
  if (opportunity.state !== 'discovered') return
  const alive = opportunity.contributions.filter((each) => liveContribution(each, seconds) >= params.minLive).length
  const insists = seconds - opportunity.discoveredSeconds >= params.soloSeconds && arrived >= params.soloConfidence
  const price = watch!.last
  const isHolding = sign * (price - opportunity.ref * (1 - sign * params.maxSlip)) >= 0
  if (!(turn.confidence() >= params.confirmAt && (alive >= 2 || insists) && isHolding)) return
  turn.watch = { ...watch!, sinceConfirmed: { high: price, low: price } }
  turn.emit({ type: 'confirmed' })
}

function judge(turn: Turn, { rule, severity, detail }: LifecycleInput & { readonly type: 'risk' }): void {
  turn.emit({ type: 'risk', rule, severity, detail })
  if (severity === 'veto') turn.end('RISK_VETO')
}

function seen(watch: Watch, last: number, seconds: number): Watch {
  const range = watch.sinceConfirmed
  const sinceConfirmed = range && { high: Math.max(range.high, last), low: Math.min(range.low, last) }
  return { ...watch, freshAt: seconds, last, ...optional('sinceConfirmed', sinceConfirmed) }
}

/** The objections that hold now, each since it first held without a break. */
function standing({ contradictedSince }: Watch, objections: readonly Objection[], seconds: number): Watch['contradictedSince'] {
  if (objections.length === 0) return NOTHING
  return Object.fromEntries(
    objections.map(({ detector, forSeconds }) => {
      const name = objectionKey(detector, forSeconds)
      return [name, contradictedSince[name] ?? seconds]
    }),
  )
}

const NOTHING: Watch['contradictedSince'] = Object.freeze({})

/** A detector's objections of different patience are different objections. */
function objectionKey(detector: string, forSeconds: number): string {
  return `${detector}/${forSeconds}`
}

function optional<Name extends string, Value>(name: Name, value: Value | undefined): { readonly [K in Name]?: Value } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [K in Name]?: Value })
}
