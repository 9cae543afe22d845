import { foldBarBeat, foldBarFrame, noLiveBars, type BarFrame, type LiveBars } from './state/live-bars.ts'

/** A frame of the shared socket before anyone has read its payload. */
interface SideFrame {
  readonly op: string
  readonly id?: string
  readonly ch?: string
  readonly seqs?: Readonly<Record<string, number>>
}

interface Listening {
  live: LiveBars
  readonly hearers: Set<() => void>
  /** The id of the last subscription, as an error names it. */
  asked: string
}

/** The k-line channels of the page's socket: who listens, what each channel said. Subscribes again after a break, from where it was. */
export class BarWire {
  readonly #channels = new Map<string, Listening>()
  #send: ((message: object) => void) | undefined
  #question = 0

  /** The wire stands: ask for every channel that is listened to. */
  opened(send: (message: object) => void): void {
    this.#send = send
    for (const name of this.#channels.keys()) this.#subscribe(name)
  }

  said(frame: SideFrame): void {
    if (frame.op === 'hb') for (const name of this.#channels.keys()) this.#take(name, (live) => foldBarBeat(live, frame.seqs?.[name]))
    else if (frame.op === 'err') {
      const refused = [...this.#channels].find(([, { asked }]) => asked === frame.id)
      if (refused !== undefined) this.#take(refused[0], (live) => ({ ...live, phase: 'refused' }))
    } else if (frame.ch !== undefined) this.#take(frame.ch, (live) => foldBarFrame(live, frame as BarFrame))
  }

  closed(): void {
    this.#send = undefined
    for (const name of this.#channels.keys()) this.#take(name, (live) => ({ ...live, phase: 'waiting' }))
  }

  /** Hear of every change of a channel until the answer is called. The channel is given up when nobody hears it. */
  listen(name: string, changed: () => void): () => void {
    const known = this.#channels.get(name)
    if (known === undefined) {
      this.#channels.set(name, { live: noLiveBars, hearers: new Set([changed]), asked: '' })
      this.#subscribe(name)
    } else known.hearers.add(changed)
    return () => {
      const hearers = this.#channels.get(name)?.hearers
      hearers?.delete(changed)
      if (hearers?.size !== 0) return
      this.#channels.delete(name)
      this.#send?.({ op: 'unsub', ch: name })
    }
  }

  /** What the channel said so far; the same object until it changes. */
  barsOf(name: string): LiveBars {
    return this.#channels.get(name)?.live ?? noLiveBars
  }

  #subscribe(name: string): void {
    const channel = this.#channels.get(name)
    if (channel === undefined || this.#send === undefined) return
    const { phase, epoch, seq } = channel.live
    channel.asked = `k${++this.#question}`
    channel.live = { ...channel.live, phase: 'waiting' }
    this.#send({ op: 'sub', id: channel.asked, ch: name, ...(epoch === undefined || phase === 'lost' ? {} : { since: { epoch, seq } }) })
  }

  #take(name: string, fold: (live: LiveBars) => LiveBars): void {
    const channel = this.#channels.get(name)
    if (channel === undefined) return
    const live = fold(channel.live)
    if (live === channel.live) return
    channel.live = live
    if (live.phase === 'behind' || live.phase === 'lost') this.#subscribe(name)
    for (const changed of channel.hearers) changed()
  }
}

/** The one of this page. */
export const barWire = new BarWire()
