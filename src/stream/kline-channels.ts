import { minutesOf, readInterval, segmentMinutes, sessionMinutes, slotEnd, type Interval, type SessionShape } from '#core/kline-interval.ts'
import { sessionOn } from '#core/market-day.ts'
import { PROFILES, type Market } from '#core/market-profile.ts'
import { marketOf, readSymbol } from '#core/symbol.ts'
import { zoneInstant } from '#core/zone-time.ts'
import { minuteBuckets, type MinuteBuckets } from '#numeric/minute-buckets.ts'
import { resampleBars } from '#numeric/resample-bars.ts'
import { Channel, type Since, type Subscriber } from './channel.ts'
import type { LiveDay } from './forming-bars.ts'

/** A bar of the session, unadjusted, the opening auction in the first one. Prices and `amount` in the market’s currency. */
export interface KlineBar {
  /** End label, epoch ms. */
  readonly time: number
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
  readonly volume: number
  readonly amount: number
  readonly final: boolean
}

/** The bars of a session as they stand: forming from its trades (`FormingBars`) or made beforehand (`LiveMinutes`, `MarketMinutes`). */
export interface SessionBars {
  /** The last minute slot that is over for the market as a whole. */
  readonly passed: number
  of(code: string): LiveDay | undefined
}

/** The session that runs on a market, or ran last. */
export interface Session {
  readonly epoch: string
  readonly bars: SessionBars
}

interface Delta {
  readonly type: 'forming' | 'final'
  readonly bar: KlineBar
}

interface Open {
  readonly code: string
  readonly market: Market
  readonly interval: Interval
  readonly channel: Channel<KlineBar, Delta>
  /** Bars of the session announced as final so far. */
  finals: number
  sentAt: number
  isDirty: boolean
}

/** The forming bar is sent at most this often: twice a second (spec simulator §18.2). */
const FORMING_MS = 500

/** Channels one client may listen to, and channels a session may keep for those who come back. */
const MOST_PER_CLIENT = 50
const MOST_CHANNELS = 5000

/**
 * K 线频道 `kline:{symbol}:{interval}`: the bars of the session that runs on the symbol’s market, a snapshot first, then the forming bar as it moves and each bar once when it is
 * final, numbered without holes. Weeks and months have no channel. Knows no sockets; `turn` is told the time.
 */
export class KlineChannels {
  readonly #open = new Map<string, Open>()
  readonly #names = new Map<Subscriber, Set<string>>()
  readonly #sessions = new Map<Market, Session & { passed: number }>()
  #forgotten = 0

  /** A session of a market begins: the numbers of its channels begin anew, and everyone who listens to them gets its snapshot. Other markets notice nothing. */
  begin(epoch: string, bars: SessionBars, market: Market = 'cn'): void {
    for (const [name, open] of this.#open) {
      if (open.market !== market) continue
      // The last bars of the session before may have ended since the last turn.
      if (open.channel.subscribers > 0) this.#announce(open)
      this.#open.delete(name)
    }
    this.#sessions.set(market, { epoch, bars, passed: 0 })
    for (const [subscriber, names] of this.#names)
      for (const name of names) if (marketOf(codeOf(name)) === market) this.#find(name)?.channel.subscribe(subscriber, { id: 'session' })
  }

  /** The session of a symbol’s market; nothing before the first one. */
  sessionOf(code: string): Session | undefined {
    return this.#sessions.get(marketOf(code))
  }

  /** A trade of this stock changed a bar. Cheap when nobody listens. */
  changed(code: string): void {
    if (this.#open.size === 0) return
    for (const interval of STREAMED) {
      const open = this.#open.get(`kline:${code}:${interval}`)
      if (open !== undefined) open.isDirty = true
    }
  }

  /** Listen to a channel. The reason in words when there is none of that name or the client has too many. */
  subscribe(subscriber: Subscriber, name: string, options: { readonly id: string; readonly since?: Since }): string | undefined {
    const names = this.#names.getOrInsertComputed(subscriber, () => new Set())
    if (names.size >= MOST_PER_CLIENT && !names.has(name)) return `a client listens to at most ${MOST_PER_CLIENT} k-line channels`
    const open = this.#find(name)
    if (open === undefined) return `there is no channel ${name}; k-lines are kline:600519.SH:5m, of ${STREAMED.join(', ')}`
    names.add(name)
    this.#announce(open)
    open.channel.subscribe(subscriber, options)
    return undefined
  }

  unsubscribe(subscriber: Subscriber, name: string): void {
    this.#names.get(subscriber)?.delete(name)
    this.#open.get(name)?.channel.unsubscribe(subscriber)
  }

  leave(subscriber: Subscriber): void {
    for (const name of this.#names.get(subscriber) ?? []) this.#open.get(name)?.channel.unsubscribe(subscriber)
    this.#names.delete(subscriber)
  }

  /** The channels a client hears and where they stand, for its heartbeat. */
  heardBy(subscriber: Subscriber): readonly { readonly name: string; readonly seq: number }[] {
    return [...(this.#names.get(subscriber) ?? [])].flatMap((name) => this.#open.get(name)?.channel ?? [])
  }

  /** Called by the owner's timer with its clock (ms): bars that became final are sent at once, the forming one twice a second. */
  turn(now: number): void {
    if (this.#open.size === 0) return
    const moved = new Set<Market>()
    for (const [market, session] of this.#sessions) {
      const { passed } = session.bars
      if (passed !== session.passed) moved.add(market)
      session.passed = passed
    }
    for (const open of this.#open.values()) {
      if (open.channel.subscribers === 0 || !this.#sessions.has(open.market)) continue
      if (moved.has(open.market)) this.#announce(open)
      if (open.isDirty && now - open.sentAt >= FORMING_MS) {
        const bar = this.#barsOf(open).at(-1)
        open.isDirty = false
        if (bar !== undefined && !bar.final) {
          open.sentAt = now
          open.channel.publish({ type: 'forming', bar })
        }
      }
      open.channel.turn(now)
    }
  }

  #announce(open: Open): void {
    for (const bar of this.#barsOf(open).slice(open.finals)) {
      if (!bar.final) break
      open.finals++
      open.channel.publish({ type: 'final', bar })
    }
  }

  #find(name: string): Open | undefined {
    const known = this.#open.get(name)
    if (known !== undefined) return known
    const [kind, code = '', text] = name.split(':')
    const interval = readInterval(text ?? '')
    if (kind !== 'kline' || interval === undefined || interval !== text || !STREAMED.includes(interval) || !isSymbol(code)) return undefined
    if (this.#open.size >= MOST_CHANNELS) this.#forgetUnheard()
    const market = marketOf(code)
    const channel: Channel<KlineBar, Delta> = new Channel({ name, epoch: this.#epochOf(market), snapshot: () => this.#barsOf(open), keep: 1000 })
    const open: Open = { code, market, interval, channel, finals: 0, sentAt: -Infinity, isDirty: false }
    // What was over before anyone listened is in the snapshot, not news.
    open.finals = this.#barsOf(open).filter(({ final }) => final).length
    this.#open.set(name, open)
    return open
  }

  /** Channels nobody hears make room; who comes back to one gets a snapshot, because the numbers go on under another epoch. */
  #forgetUnheard(): void {
    this.#forgotten++
    for (const [name, { channel }] of this.#open) if (channel.subscribers === 0) this.#open.delete(name)
  }

  #epochOf(market: Market): string {
    const epoch = this.#sessions.get(market)?.epoch ?? 'idle'
    return this.#forgotten === 0 ? epoch : `${epoch}+${this.#forgotten}`
  }

  #barsOf({ code, market, interval }: Open): readonly KlineBar[] {
    const day = this.#sessions.get(market)?.bars.of(code)
    if (day === undefined) return []
    const { date, bars, passed } = day
    const session = sessionOn(market, date)
    const folded = resampleBars({ day: new Int32Array(bars.slot.length), ...bars }, bucketsOf(session, interval))
    return Array.from(folded.slot, (slot, k) => ({
      time: zoneInstant(PROFILES[market].zone, date, slotEnd(session, slot)),
      open: folded.open[k]!,
      high: folded.high[k]!,
      low: folded.low[k]!,
      close: folded.close[k]!,
      volume: folded.volume[k]!,
      amount: folded.amount[k]!,
      final: slot <= passed,
    }))
  }
}

const STREAMED: readonly Interval[] = ['1m', '5m', '15m', '30m', '60m', '120m', '1d']

const bucketsOfSession = new WeakMap<SessionShape, Map<Interval, MinuteBuckets>>()

function bucketsOf(session: SessionShape, interval: Interval): MinuteBuckets {
  return bucketsOfSession
    .getOrInsertComputed(session, () => new Map())
    .getOrInsertComputed(interval, () => minuteBuckets(segmentMinutes(session), minutesOf(interval) ?? sessionMinutes(session)))
}

function codeOf(name: string): string {
  return name.split(':')[1] ?? ''
}

/** A symbol of any market as it is written everywhere: channels have one name each. */
function isSymbol(code: string): boolean {
  try {
    return readSymbol(code) === code
  } catch {
    // Expected: RangeError from readSymbol() on what a client sends.
    return false
  }
}
