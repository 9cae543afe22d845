import type { LiveView } from '#api/views.ts'
import type { SocketChannels, Subscriber, Wire } from '#api/socket.ts'
import type { Calendar } from '#core/calendar.ts'
import type { Clock } from '#core/clock.ts'
import type { Tick } from '#core/tick.ts'
import type { TradeDate } from '#core/trade-date.ts'
import { detectors } from '#detectors/index.ts'
import type { Ledger } from '#ledger/ledger.ts'
import type { OpportunityEvent } from '#opportunity/event.ts'
import { Pipeline, type Stage } from '#stream/pipeline.ts'
import { replay } from '#stream/replay.ts'
import { recordedTicks } from '#warehouse/recorded-ticks.ts'
import type { Engine } from '#warehouse/engine/engine.ts'
import type { Logger } from 'pino'
import { baselinesFor } from './baselines.ts'
import { OpportunityFeed } from './opportunity-feed.ts'

export interface PlayRequest {
  readonly date: TradeDate
  readonly kind: 'live' | 'replay' | 'simulated'
  readonly speed: 'max' | number
  readonly codes?: readonly string[]
  readonly signal: AbortSignal
}

/** What came of a session. */
export interface PlayReport {
  readonly date: TradeDate
  readonly ticks: number
  readonly stocks: number
  readonly milliseconds: number
  readonly events: number
  /** Microseconds from the arrival of a tick's batch to its last event, per stage. */
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
  readonly #feed: OpportunityFeed
  #session: 'idle' | 'running' | 'ended' = 'idle'
  #kind: PlayRequest['kind'] = 'replay'
  #date: TradeDate | undefined
  #speed: PlayRequest['speed'] = 'max'
  #ticks = 0
  #lastEventAt: number | undefined
  #stop: AbortController | undefined
  #running: Promise<unknown> = Promise.resolve()

  constructor(ports: Ports) {
    this.#ports = ports
    this.#feed = new OpportunityFeed(ports.clock)
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

  state() {
    return { session: this.#session, kind: this.#kind, date: this.#date, ticks: this.#ticks, lastEventAt: this.#lastEventAt, speed: this.#speed === 'max' ? 'max' : `${this.#speed}×` }
  }

  /** Play a recorded day. A session that runs is ended first. The same day gives the same events in the same order, at any speed. */
  async play(request: PlayRequest): Promise<PlayReport> {
    await this.stop('another session begins')
    const stop = new AbortController()
    this.#stop = stop
    const done = this.#play(request, AbortSignal.any([stop.signal, request.signal]))
    this.#running = done.catch(() => undefined)
    return done
  }

  async #play({ date, kind, speed, codes }: PlayRequest, signal: AbortSignal): Promise<PlayReport> {
    const { engine, ledger, clock } = this.#ports
    const run = kind === 'replay' ? `replay:${date}:${clock.now()}` : `${kind}:${date}:${clock.now()}`
    const names = new Map((await engine.rows<{ ts_code: string; name: string }>('select ts_code, name from fupan.dim_stock limit 20000')).map(({ ts_code, name }) => [ts_code, name]))
    const { baselineOf, stocks } = await baselinesFor(this.#ports, date, codes, signal)
    this.#feed.begin(run, names)
    this.#session = 'running'
    this.#kind = kind
    this.#date = date
    this.#speed = speed
    this.#ticks = 0
    let events = 0
    const waiting: OpportunityEvent[] = []
    const flush = () => {
      if (waiting.length === 0) return
      const first = events - waiting.length
      ledger.opportunities.append(waiting.map((event, i) => recordOf(event, run, first + i)))
      waiting.length = 0
    }
    const pipeline = new Pipeline({
      date,
      detectors,
      baselineOf,
      emit: (event) => {
        events++
        waiting.push(event)
        this.#lastEventAt = event.at
        this.#feed.publish(event)
      },
      micros: () => performance.now() * 1000,
    })
    const started = clock.now()
    try {
      const outcome = await replay(
        recordedTicks(engine, date, codes, signal),
        {
          push: (batch: readonly Tick[]) => {
            pipeline.push(batch)
            this.#ticks += batch.length
            if (waiting.length > 200) flush()
          },
        },
        { clock, speed, signal },
      )
      if (outcome.type === 'done') pipeline.endSession()
    } finally {
      flush()
      this.#session = 'ended'
    }
    const { latency } = pipeline.state()
    const p99 = Object.fromEntries(Object.entries(latency).map(([stage, measured]) => [stage, measured.quantile(0.99)])) as Record<Stage, number>
    return { date, ticks: this.#ticks, stocks, milliseconds: clock.now() - started, events, p99 }
  }

  async close(): Promise<void> {
    await this.stop('the program ends')
    this.#feed.close()
  }

  /** End the session that runs, if one does, and wait for it. */
  async stop(reason: string): Promise<void> {
    if (this.#session === 'running') this.#ports.log.info({ reason }, 'live session stops')
    this.#stop?.abort()
    await this.#running
  }
}

function recordOf(event: OpportunityEvent, run: string, channelSeq: number) {
  return {
    oppId: event.id,
    seq: event.seq,
    ts: event.at,
    date: event.date,
    type: event.type,
    confidence: event.confidence,
    price: event.price,
    payload: JSON.stringify(event),
    run,
    channelSeq,
  }
}
