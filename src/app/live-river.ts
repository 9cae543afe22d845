import type { LiveView } from '#api/views.ts'
import type { SocketChannels, Subscriber, Wire } from '#api/socket.ts'
import type { Calendar } from '#core/calendar.ts'
import type { Clock } from '#core/clock.ts'
import { UsageError } from '#core/errors.ts'
import type { Tick } from '#core/tick.ts'
import type { TradeDate } from '#core/trade-date.ts'
import { detectors } from '#detectors/index.ts'
import type { Ledger } from '#ledger/ledger.ts'
import type { OpportunityEvent, OpportunityState } from '#opportunity/event.ts'
import { FormingBars, type LiveDay } from '#stream/forming-bars.ts'
import { KlineChannels, type SessionBars } from '#stream/kline-channels.ts'
import type { LiveMinutes } from '#stream/live-minutes.ts'
import { Pipeline, type Stage } from '#stream/pipeline.ts'
import { replay } from '#stream/replay.ts'
import { TruthChannel } from '#stream/truth-channel.ts'
import { EngineError, type Engine } from '#warehouse/engine/engine.ts'
import { recordedTicks } from '#warehouse/recorded-ticks.ts'
import type { Logger } from 'pino'
import { baselinesFor, type KnownBefore } from './baselines.ts'
import { OpportunityFeed } from './opportunity-feed.ts'

export interface PlayRequest {
  readonly date: TradeDate
  readonly kind: 'live' | 'replay' | 'simulated'
  readonly speed: 'max' | number
  readonly codes?: readonly string[]
  /** Ticks that come in their own time, taken as they come; without it the recorded day is played. */
  readonly feed?: AsyncIterable<readonly Tick[]>
  /** Minutes of all stocks of the session, those without ticks too; forming bars come first where both are known. */
  readonly minutes?: LiveMinutes
  /** Its time is not the clock's (views.ts). */
  readonly isTest?: boolean
  readonly signal: AbortSignal
}

/** What came of a session. */
export interface PlayReport {
  readonly date: TradeDate
  /** 'stopped' = it was ended before the last tick, by the user or because another session began. */
  readonly ended: 'done' | 'stopped'
  readonly ticks: number
  /** Stocks that ticked. */
  readonly stocks: number
  readonly known: KnownBefore
  readonly milliseconds: number
  readonly events: number
  /** Microseconds from the arrival of a tick to its last event, per stage. At full speed a tick arrives when the one before it is done. */
  readonly p99: Readonly<Record<Stage, number>>
}

interface Ports {
  readonly engine: Engine
  readonly ledger: Ledger
  readonly clock: Clock
  readonly calendar: Calendar
  readonly log: Logger
}

/** 实时河: one session at a time: recorded or live ticks through the pipeline, its events to the ledger and to every page that listens. */
export class LiveRiver implements LiveView, SocketChannels {
  readonly #ports: Ports
  /** `sim.truth`, which the live market opens when it runs as a test. */
  readonly truth = new TruthChannel()
  /** The sessions of every market, and who listens to their bars. */
  readonly klines = new KlineChannels()
  readonly #feed: OpportunityFeed
  #forming: FormingBars | undefined
  #minutes: LiveMinutes | undefined
  #session: 'idle' | 'running' | 'ended' = 'idle'
  #kind: PlayRequest['kind'] = 'replay'
  #date: TradeDate | undefined
  #isTest = false
  #speed: PlayRequest['speed'] = 'max'
  #ticks = 0
  #lastEventAt: number | undefined
  #stop: AbortController | undefined
  #running: Promise<unknown> = Promise.resolve()

  constructor(ports: Ports) {
    this.#ports = ports
    this.#feed = new OpportunityFeed(ports.clock, this.klines, this.truth)
  }

  get clients(): number {
    return this.#feed.clients
  }

  join(wire: Wire): Subscriber {
    return this.#feed.join(wire)
  }

  snapshot() {
    return this.#feed.snapshot()
  }

  minutesOf(code: string): LiveDay | undefined {
    return this.klines.sessionOf(code)?.bars.of(code)
  }

  sessionOf(code: string): string | undefined {
    return this.klines.sessionOf(code)?.epoch
  }

  /** The minutes of a live session that runs; nothing in a replay, whose day is stored. */
  get runningMinutes(): LiveMinutes | undefined {
    return this.#session === 'running' && this.#kind === 'live' ? this.#minutes : undefined
  }

  tradesOf(code: string, before: number, limit: number) {
    return this.#forming?.tape(code, before, limit) ?? []
  }

  state() {
    return {
      session: this.#session,
      kind: this.#kind,
      date: this.#date,
      isTest: this.#isTest,
      ticks: this.#ticks,
      lastEventAt: this.#lastEventAt,
      speed: this.#speed === 'max' ? 'max' : `${this.#speed}×`,
    }
  }

  /** Play a recorded day. A session that runs is ended first. The same day gives the same events in the same order, at any speed. */
  async play(request: PlayRequest): Promise<PlayReport> {
    if (this.#kind === 'live' && this.#session === 'running' && request.kind !== 'live')
      throw new UsageError(`Cannot play a recorded day: the live market of ${this.#date} is running. Ask again when it is over, or stop it`)
    this.#end('another session begins')
    const stop = new AbortController()
    this.#stop = stop
    // Sessions follow each other: the one before is over when this one begins, whoever asks at the same time.
    const done = this.#running.then(() => this.#play(request, AbortSignal.any([stop.signal, request.signal])))
    this.#running = done.catch(() => undefined)
    return done
  }

  async #play({ date, kind, speed, codes, feed, minutes, isTest = false }: PlayRequest, signal: AbortSignal): Promise<PlayReport> {
    const { engine, ledger, clock } = this.#ports
    const run = `${kind}:${date}:${clock.now()}`
    let started = clock.now()
    let known: KnownBefore = { own: 0, profile: 0, unknown: 0 }
    let events = 0
    let ended: PlayReport['ended'] = 'stopped'
    const waiting: Kept[] = []
    const states = new Map<string, OpportunityState>()
    const flush = () => {
      const first = events - waiting.length
      if (waiting.length > 0) ledger.opportunities.append(waiting.splice(0).map((kept, i) => recordOf(kept, run, first + i)))
    }
    let pipeline: Pipeline | undefined
    try {
      signal.throwIfAborted()
      const names = new Map(
        (await engine.rows<{ ts_code: string; name: string }>('select ts_code, name from fupan.dim_stock limit 20000', { signal })).map(({ ts_code, name }) => [
          ts_code,
          name,
        ]),
      )
      const baselines = await baselinesFor(this.#ports, date, codes, signal)
      known = baselines.known
      this.#feed.begin(run, names)
      const bars = new FormingBars(date, (code) => baselines.baselineOf(code).prevClose)
      this.#forming = bars
      this.#minutes = minutes
      this.klines.begin(run, minutes === undefined ? bars : both(bars, minutes))
      this.#begin(date, kind, speed, isTest)
      started = clock.now()
      pipeline = new Pipeline({
        date,
        detectors,
        baselineOf: baselines.baselineOf,
        emit: (event) => {
          events++
          waiting.push({ event, before: states.get(event.id), after: stateAfter(event, states) })
          this.#lastEventAt = event.at
          this.#feed.publish(event)
        },
        micros: () => performance.now() * 1000,
      })
      const push = speed === 'max' && feed === undefined ? oneByOne(pipeline) : pipeline.push.bind(pipeline)
      const target = {
        push: (batch: readonly Tick[]) => {
          push(batch)
          for (const tick of batch) if (bars.push(tick)) this.klines.changed(tick.code)
          this.#ticks += batch.length
          if (waiting.length > 200) flush()
        },
      }
      const outcome =
        feed === undefined
          ? await replay(recordedTicks(engine, date, codes, signal), target, { clock, speed, signal })
          : await replay(feed, target, { clock, speed: 'max', signal })
      ended = outcome.type
      if (ended === 'done') {
        pipeline.endSession()
        bars.endSession()
      }
    } catch (error) {
      // Expected: the signal ends a read of the engine, or came before the first. Anything else goes on.
      if (!signal.aborted || !(error === signal.reason || (error instanceof EngineError && error.kind === 'cancelled'))) throw error
    } finally {
      if (this.#session === 'running') this.#session = 'ended'
      flush()
    }
    const measured = Object.entries(pipeline?.state().latency ?? {})
    const p99 = Object.fromEntries(measured.map(([stage, latency]) => [stage, latency.quantile(0.99)])) as Record<Stage, number>
    return { date, ended, ticks: pipeline?.state().ticks ?? 0, stocks: pipeline?.state().stocks ?? 0, known, milliseconds: clock.now() - started, events, p99 }
  }

  #begin(date: TradeDate, kind: PlayRequest['kind'], speed: PlayRequest['speed'], isTest: boolean): void {
    this.#session = 'running'
    this.#kind = kind
    this.#date = date
    this.#isTest = isTest
    this.#speed = speed
    this.#ticks = 0
    this.#lastEventAt = undefined
  }

  async close(): Promise<void> {
    await this.stop('the program ends')
    this.#feed.close()
  }

  /** End the session that runs, if one does, and wait for it. */
  async stop(reason: string): Promise<void> {
    this.#end(reason)
    await this.#running
  }

  #end(reason: string): void {
    if (this.#session === 'running') this.#ports.log.info({ reason }, 'live session stops')
    this.#stop?.abort()
  }
}

/** Forming bars where a stock has ticks, its minutes where it has none. */
function both(bars: FormingBars, minutes: LiveMinutes): SessionBars {
  return {
    get passed() {
      return Math.max(bars.passed, minutes.passed)
    },
    of: (code) => bars.of(code) ?? minutes.of(code),
  }
}

/** An event on its way to the ledger, with the state of its opportunity before and after it. */
interface Kept {
  readonly event: OpportunityEvent
  readonly before: OpportunityState | undefined
  readonly after: OpportunityState
}

/** Events that change the state are named after the state they lead to. */
function stateAfter({ id, type }: OpportunityEvent, states: Map<string, OpportunityState>): OpportunityState {
  const isChange = type === 'discovered' || type === 'confirmed' || type === 'tracking' || type === 'ended'
  const state = isChange ? type : states.get(id)!
  states.set(id, state)
  return state
}

/** Each tick as a batch of its own: what is measured is then the tick, not the queue of a batch that never came together. */
function oneByOne(pipeline: Pipeline): (batch: readonly Tick[]) => void {
  const alone: Tick[] = []
  return (batch) => {
    for (const tick of batch) {
      alone[0] = tick
      pipeline.push(alone)
    }
  }
}

/** The opportunity is kept under its session: the same stock and day played again after new data came is another record, not a change of the first. */
function recordOf({ event, before, after }: Kept, run: string, channelSeq: number) {
  return {
    oppId: `${run}/${event.id}`,
    seq: event.seq - 1,
    ts: event.at,
    date: event.date,
    type: event.type,
    ...(before === undefined ? {} : { fromState: before }),
    toState: after,
    confidence: event.confidence,
    price: event.price,
    payload: JSON.stringify(event),
    run,
    channelSeq,
  }
}
