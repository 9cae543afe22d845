/** What a subscriber last saw. */
export interface Since {
  readonly epoch: string
  readonly seq: number
}

/** One connected page, as the channel sees it. The transport counts bytes it could not send yet. */
export interface Subscriber {
  send(frame: string): void
  /** Bytes handed to `send` that have not left the process. */
  bufferedBytes(): number
  close(code: number, reason: string): void
}

export interface ChannelOptions<Row, Delta> {
  readonly name: string
  /** Changes when the numbering begins anew: a new log, a new session, another replay. */
  readonly epoch: string
  /** The channel's state now: what a fold of all deltas so far gives. */
  readonly snapshot: () => readonly Row[]
  /** Deltas with the same key replace each other while they wait; without it none does. */
  readonly keyOf?: (delta: Delta) => string
  /** ms of `now` between two sendings of conflated deltas; 0 or absent sends each at once. Needs `keyOf`. */
  readonly conflateMs?: number
  /** Deltas kept for resuming. */
  readonly keep?: number
}

export interface SubscribeOptions<Row, Delta> {
  /** The client's own id of the request, echoed in the acknowledgement. */
  readonly id: string
  readonly since?: Since
  /** What this subscriber wants to see. Filtered deltas advance the number all the same. */
  readonly wantsRow?: (row: Row) => boolean
  readonly wantsDelta?: (delta: Delta) => boolean
}

/** Deltas kept for resuming (spec intraday §15.2). */
export const KEEP_DELTAS = 10_000

/** Above this a client is slow: deltas are held back and it is sent a snapshot once it has caught up. Above the second it is let go. */
export const SLOW_BYTES = 1_048_576
export const HOPELESS_BYTES = 4_194_304

/** WebSocket close code "try again later". */
const TRY_AGAIN_LATER = 1013

interface Subscription<Row, Delta> {
  readonly subscriber: Subscriber
  readonly wantsRow: (row: Row) => boolean
  readonly wantsDelta: (delta: Delta) => boolean
  /** The last number this client was brought to, by a delta, a filter or a snapshot. */
  seq: number
  isSlow: boolean
}

/**
 * 频道: the server side of one channel of spec intraday §15.2. Numbers are gapless and given before filtering; a newcomer gets a snapshot, a
 * returning client the deltas it missed if they are still kept, a slow client a `gap` and a snapshot. Knows no sockets and no time.
 */
export class Channel<Row, Delta> {
  readonly #options: ChannelOptions<Row, Delta>
  readonly #kept: { readonly seq: number; readonly delta: Delta; readonly frame: string }[] = []
  readonly #subscriptions = new Map<Subscriber, Subscription<Row, Delta>>()
  readonly #waiting = new Map<string, Delta>()
  #seq = 0
  #flushedAt = -Infinity

  constructor(options: ChannelOptions<Row, Delta>) {
    if ((options.conflateMs ?? 0) > 0 && options.keyOf === undefined)
      throw new TypeError(`Cannot conflate channel "${options.name}": keyOf says which deltas replace each other, found none`)
    this.#options = options
  }

  get name(): string {
    return this.#options.name
  }

  get epoch(): string {
    return this.#options.epoch
  }

  /** The last number given; 0 before the first. */
  get seq(): number {
    return this.#seq
  }

  get subscribers(): number {
    return this.#subscriptions.size
  }

  /** Something changed, and `snapshot` shows it already. Conflated channels wait for `turn`. */
  publish(delta: Delta): void {
    const { keyOf, conflateMs } = this.#options
    if (keyOf !== undefined && (conflateMs ?? 0) > 0) {
      const key = keyOf(delta)
      // Taken out and put back so that the latest change is also the last in line.
      this.#waiting.delete(key)
      this.#waiting.set(key, delta)
    } else this.#broadcast(delta)
  }

  /** Called by the owner's timer with its clock (ms): sends what was conflated, and lets slow clients catch up. */
  turn(now: number): void {
    if (now - this.#flushedAt >= (this.#options.conflateMs ?? 0)) {
      this.#flushedAt = now
      for (const delta of this.#waiting.values()) this.#broadcast(delta)
      this.#waiting.clear()
    }
    for (const subscription of this.#subscriptions.values()) this.#catchUp(subscription)
  }

  /** Begin, or begin anew: acknowledgement, then the missed deltas or a snapshot, then every delta to come. */
  subscribe(subscriber: Subscriber, options: SubscribeOptions<Row, Delta>): void {
    const { since } = options
    const subscription = { subscriber, wantsRow: options.wantsRow ?? everything, wantsDelta: options.wantsDelta ?? everything, seq: this.#seq, isSlow: false }
    this.#subscriptions.set(subscriber, subscription)
    const canResume = since !== undefined && since.epoch === this.epoch && since.seq <= this.#seq && since.seq >= this.#oldest() - 1
    subscriber.send(JSON.stringify({ op: 'ack', id: options.id, ch: this.name, epoch: this.epoch, seq: this.#seq, mode: canResume ? 'resume' : 'snapshot' }))
    if (!canResume) return this.#sendSnapshot(subscription)
    for (const { delta, frame } of this.#kept.slice(this.#kept.length - (this.#seq - since.seq))) if (subscription.wantsDelta(delta)) subscriber.send(frame)
  }

  unsubscribe(subscriber: Subscriber): void {
    this.#subscriptions.delete(subscriber)
  }

  #oldest(): number {
    return this.#kept[0]?.seq ?? this.#seq + 1
  }

  #broadcast(delta: Delta): void {
    const seq = ++this.#seq
    const frame = JSON.stringify({ op: 'delta', ch: this.name, epoch: this.epoch, seq, data: delta })
    this.#keep(seq, delta, frame)
    for (const subscription of this.#subscriptions.values()) {
      this.#catchUp(subscription)
      if (subscription.isSlow || subscription.seq >= seq) continue
      subscription.seq = seq
      if (subscription.wantsDelta(delta)) subscription.subscriber.send(frame)
    }
  }

  /** Slow begins above one limit; a snapshot is owed and paid once the buffer has fallen to a quarter of it. */
  #catchUp(subscription: Subscription<Row, Delta>): void {
    const { subscriber } = subscription
    const buffered = subscriber.bufferedBytes()
    if (buffered > HOPELESS_BYTES) {
      this.unsubscribe(subscriber)
      subscriber.close(TRY_AGAIN_LATER, 'client too slow')
    } else if (buffered > SLOW_BYTES) subscription.isSlow = true
    else if (subscription.isSlow && buffered <= SLOW_BYTES / 4) {
      subscription.isSlow = false
      if (subscription.seq === this.#seq) return
      subscriber.send(JSON.stringify({ op: 'gap', ch: this.name, from: subscription.seq + 1, to: this.#seq }))
      this.#sendSnapshot(subscription)
    }
  }

  #sendSnapshot(subscription: Subscription<Row, Delta>): void {
    subscription.seq = this.#seq
    const data = this.#options.snapshot().filter(subscription.wantsRow)
    subscription.subscriber.send(JSON.stringify({ op: 'snap', ch: this.name, epoch: this.epoch, seq: this.#seq, data }))
  }

  /** The list may grow to twice what is promised and is then cut once, so that keeping costs the same for every delta. */
  #keep(seq: number, delta: Delta, frame: string): void {
    const keep = this.#options.keep ?? KEEP_DELTAS
    this.#kept.push({ seq, delta, frame })
    if (this.#kept.length >= 2 * keep) this.#kept.splice(0, this.#kept.length - keep)
  }
}

/** The heartbeat of a connection: the numbers of the channels it hears, so that it notices what it missed and what was filtered. */
export function heartbeatFrame(now: number, channels: readonly { readonly name: string; readonly seq: number }[]): string {
  return JSON.stringify({ op: 'hb', ts: now, seqs: Object.fromEntries(channels.map(({ name, seq }) => [name, seq])) })
}

function everything(): boolean {
  return true
}
