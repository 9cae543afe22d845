import { randomUUID } from 'node:crypto'
import type { Subscriber, Wire } from '#api/socket.ts'
import type { OpportunityReply } from '#api/routes/opportunities.ts'
import type { Clock } from '#core/clock.ts'
import type { Opportunity, OpportunityEvent } from '#opportunity/event.ts'
import { apply } from '#opportunity/fold.ts'
import { viewOf } from '#opportunity/view.ts'
import { Channel, heartbeatFrame } from '#stream/channel.ts'
import { KlineChannels } from '#stream/kline-channels.ts'
import { TRUTH_CHANNEL, TruthChannel } from '#stream/truth-channel.ts'
import { z } from 'zod'

const HEARTBEAT_MS = 10_000
const TURN_MS = 100
const MESSAGES_PER_SECOND = 20
const MOST_CLIENTS = 200

const message = z.discriminatedUnion('op', [
  z.object({
    op: z.literal('sub'),
    id: z.string().max(40),
    ch: z.string().max(80),
    since: z.object({ epoch: z.string().max(80), seq: z.number().int().min(0) }).optional(),
    filter: z.object({ min_conf: z.number().min(0).max(1).optional() }).optional(),
  }),
  z.object({ op: z.literal('unsub'), id: z.string().max(40).optional(), ch: z.string().max(80) }),
  z.object({ op: z.literal('pong') }),
])

/** A connected page: what it wants to hear, and how much it said in the second that began at `since`. */
interface Client {
  /** Lowest confidence it subscribed to; absent while it hears nothing. */
  atLeast: number | undefined
  said: number
  since: number
}

interface Delta {
  readonly type: string
  readonly opp: OpportunityReply
}

/** The `opportunities` channel of the socket (spec intraday §15.2): snapshot with a number, then deltas without holes, resumable. The k-line channels and, in a test of the simulated market, `sim.truth` share the socket. */
export class OpportunityFeed {
  readonly #clock: Clock
  readonly #klines: KlineChannels
  readonly #truth: TruthChannel
  readonly #opportunities = new Map<string, Opportunity>()
  #names: ReadonlyMap<string, string> = new Map()
  #channel: Channel<OpportunityReply, Delta>
  #epoch = `idle-${randomUUID()}`
  readonly #clients = new Map<Wire, Client>()
  readonly #timers: readonly NodeJS.Timeout[]

  constructor(clock: Clock, klines: KlineChannels = new KlineChannels(), truth: TruthChannel = new TruthChannel()) {
    this.#clock = clock
    this.#klines = klines
    this.#truth = truth
    this.#channel = this.#newChannel()
    this.#timers = [setInterval(() => this.#turn(this.#clock.now()), TURN_MS).unref(), setInterval(() => this.#heartbeat(), HEARTBEAT_MS).unref()]
  }

  get clients(): number {
    return this.#clients.size
  }

  /** A new session: numbers begin anew, everyone who listens gets the empty snapshot. */
  begin(epoch: string, names: ReadonlyMap<string, string>): void {
    this.#epoch = epoch
    this.#names = names
    this.#opportunities.clear()
    this.#channel = this.#newChannel()
    for (const [wire, { atLeast }] of this.#clients) if (atLeast !== undefined) this.#channel.subscribe(wire, { id: 'session', ...wanting(atLeast) })
  }

  publish(event: OpportunityEvent): void {
    const opportunity = apply(this.#opportunities.get(event.id), event)
    this.#opportunities.set(event.id, opportunity)
    this.#channel.publish({ type: event.type, opp: this.#reply(opportunity) })
  }

  snapshot(): { readonly epoch: string; readonly seq: number; readonly rows: readonly OpportunityReply[] } {
    return { epoch: this.#epoch, seq: this.#channel.seq, rows: this.#rows() }
  }

  join(wire: Wire): Subscriber {
    if (this.#clients.size >= MOST_CLIENTS) {
      wire.close(1013, 'too many clients')
      return { receive: () => {}, leave: () => {} }
    }
    this.#clients.set(wire, { atLeast: undefined, said: 0, since: this.#clock.now() })
    return {
      receive: (text) => this.#receive(wire, text),
      leave: () => {
        this.#channel.unsubscribe(wire)
        this.#klines.leave(wire)
        this.#truth.unsubscribe(wire)
        this.#clients.delete(wire)
      },
    }
  }

  close(): void {
    for (const timer of this.#timers) clearInterval(timer)
    for (const wire of this.#clients.keys()) wire.close(1001, 'the server ends')
  }

  #receive(wire: Wire, text: string): void {
    const client = this.#clients.get(wire)
    if (client === undefined) return
    if (this.#clock.now() - client.since >= 1000) Object.assign(client, { said: 0, since: this.#clock.now() })
    if (++client.said > MESSAGES_PER_SECOND) return wire.close(1008, `more than ${MESSAGES_PER_SECOND} messages in a second`)
    const parsed = message.safeParse(jsonOf(text))
    if (!parsed.success)
      return wire.send(
        JSON.stringify({ op: 'err', code: 'E_MESSAGE', detail: 'cannot read the message: it is {"op":"sub","id":"1","ch":"opportunities"}, unsub or pong' }),
      )
    switch (parsed.data.op) {
      case 'sub': {
        const { id, ch, since, filter } = parsed.data
        if (ch.startsWith('kline:') || ch === TRUTH_CHANNEL) {
          const resumed = { id, ...(since === undefined ? {} : { since }) }
          const refusal = ch === TRUTH_CHANNEL ? this.#truth.subscribe(wire, resumed) : this.#klines.subscribe(wire, ch, resumed)
          return refusal === undefined ? undefined : wire.send(JSON.stringify({ op: 'err', id, code: 'E_CHANNEL', detail: refusal }))
        }
        if (ch !== 'opportunities')
          return wire.send(
            JSON.stringify({ op: 'err', id, code: 'E_CHANNEL', detail: `there is no channel ${ch}; there are opportunities and kline:{symbol}:{interval}` }),
          )
        client.atLeast = filter?.min_conf ?? 0
        return this.#channel.subscribe(wire, { id, ...(since === undefined ? {} : { since }), ...wanting(client.atLeast) })
      }
      case 'unsub':
        if (parsed.data.ch.startsWith('kline:')) return this.#klines.unsubscribe(wire, parsed.data.ch)
        if (parsed.data.ch === TRUTH_CHANNEL) return this.#truth.unsubscribe(wire)
        this.#channel.unsubscribe(wire)
        client.atLeast = undefined
        return undefined
      case 'pong':
        return undefined
    }
  }

  #turn(now: number): void {
    this.#channel.turn(now)
    this.#klines.turn(now)
    this.#truth.turn(now)
  }

  #heartbeat(): void {
    const now = this.#clock.now()
    const opportunities = { name: 'opportunities', seq: this.#channel.seq }
    for (const [wire, { atLeast }] of this.#clients)
      wire.send(heartbeatFrame(now, [...(atLeast === undefined ? [] : [opportunities]), ...this.#klines.heardBy(wire), ...this.#truth.heardBy(wire)]))
  }

  #newChannel(): Channel<OpportunityReply, Delta> {
    return new Channel({ name: 'opportunities', epoch: this.#epoch, snapshot: () => this.#rows() })
  }

  #rows(): readonly OpportunityReply[] {
    return [...this.#opportunities.values()]
      .map((opportunity) => this.#reply(opportunity))
      .toSorted((a, b) => b.discoveredAt - a.discoveredAt || (a.id < b.id ? -1 : 1))
  }

  #reply(opportunity: Opportunity): OpportunityReply {
    const view = viewOf(opportunity)
    return { ...view, name: this.#names.get(view.code) ?? view.code, detectors: [...view.detectors], evidence: view.evidence.map((each) => ({ ...each })) }
  }
}

function wanting(atLeast: number) {
  return { wantsRow: (row: OpportunityReply) => row.confidence >= atLeast, wantsDelta: ({ opp }: Delta) => opp.confidence >= atLeast }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Expected: what a client sends is not always JSON; the schema then refuses it.
    return undefined
  }
}
