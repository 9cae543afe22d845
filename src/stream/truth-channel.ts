import { Channel, type Since, type Subscriber } from './channel.ts'

/** One thing that happened, as a row of the truth store, and the moment of the market at which it is told. */
export interface TruthRow {
  readonly at: number
  readonly table: string
  readonly row: Readonly<Record<string, unknown>>
}

/** The only name a truth channel has. */
export const TRUTH_CHANNEL = 'sim.truth'

/**
 * 真值频道 `sim.truth`: what happened on a played day of the simulated market, told when the market has passed it (spec simulator §12.2). It is there while the market runs as a test, and
 * refused at any other time: whoever could hear it otherwise would trade on it. Knows no sockets and no time.
 */
export class TruthChannel {
  readonly #listeners = new Set<Subscriber>()
  #channel: Channel<TruthRow, TruthRow> | undefined
  #rows: readonly TruthRow[] = []
  #told = 0

  /** A test begins; there is nothing to tell until its first day. */
  open(epoch: string): void {
    this.begin(epoch, [], -Infinity)
  }

  /** A day begins, all of its rows known and none told but those up to `from`: numbers begin anew, and everyone who listens gets a snapshot. */
  begin(epoch: string, rows: readonly TruthRow[], from: number): void {
    this.#rows = rows.toSorted((a, b) => a.at - b.at)
    this.#told = this.#rows.findLastIndex(({ at }) => at <= from) + 1
    this.#channel = new Channel({ name: TRUTH_CHANNEL, epoch, snapshot: () => this.#rows.slice(0, this.#told) })
    for (const listener of this.#listeners) this.#channel.subscribe(listener, { id: 'session' })
  }

  /** The market has come to `at`. */
  passed(at: number): void {
    while (this.#told < this.#rows.length && this.#rows[this.#told]!.at <= at) this.#channel?.publish(this.#rows[this.#told++]!)
  }

  /** The test is over: those who listen are told so and hear nothing more. */
  end(): void {
    for (const listener of this.#listeners)
      listener.send(JSON.stringify({ op: 'err', ch: TRUTH_CHANNEL, code: 'E_CHANNEL', detail: 'the test of the simulated market is over' }))
    this.#listeners.clear()
    this.#channel = undefined
    this.#rows = []
    this.#told = 0
  }

  /** Listen. The reason in words when no test runs. */
  subscribe(subscriber: Subscriber, options: { readonly id: string; readonly since?: Since }): string | undefined {
    if (this.#channel === undefined)
      return `${TRUTH_CHANNEL} tells what is true of the simulated market, and only while it runs as a test: fupan sim run --test`
    this.#listeners.add(subscriber)
    this.#channel.subscribe(subscriber, options)
    return undefined
  }

  unsubscribe(subscriber: Subscriber): void {
    this.#listeners.delete(subscriber)
    this.#channel?.unsubscribe(subscriber)
  }

  /** The channel and where it stands, for the heartbeat of a client that hears it. */
  heardBy(subscriber: Subscriber): readonly { readonly name: string; readonly seq: number }[] {
    return this.#channel !== undefined && this.#listeners.has(subscriber) ? [this.#channel] : []
  }

  /** Called by the owner's timer with its clock (ms): lets slow clients catch up. */
  turn(now: number): void {
    this.#channel?.turn(now)
  }
}
