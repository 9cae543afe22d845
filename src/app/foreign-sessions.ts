import { setImmediate as breathe } from 'node:timers/promises'
import { slotEnd } from '#core/kline-interval.ts'
import { lastEnded, marketCalendar, minutesOn, openInstant, overInstant, sessionOn } from '#core/market-day.ts'
import { PROFILES } from '#core/market-profile.ts'
import { tradeDate, type EpochMs, type TradeDate } from '#core/trade-date.ts'
import { zoneInstant } from '#core/zone-time.ts'
import type { RealtimePrice, StockState } from '#ledger/live-market-state.ts'
import type { ForeignMarket, ForeignSymbol } from '#market/foreign-symbols.ts'
import { ForeignWorld, type ForeignSession } from '#market/foreign-world.ts'
import { MARKET_STATES, REGIMES } from '#market/regime.ts'
import type { LiveDay } from '#stream/forming-bars.ts'
import { barSoFar, MarketMinutes } from '#stream/market-minutes.ts'
import type { App } from './app.ts'
import { foreignMetadata } from './foreign-metadata.ts'
import { AFTER_MS, MOST_MISSED_DAYS, type Errand } from './market-pace.ts'
import type { LiveRiver } from './live-river.ts'
import type { SimulatedWorld } from './simulated-source.ts'

/** How the markets abroad are to live. */
export interface ForeignSessionsRequest {
  readonly settled: SimulatedWorld
  /** Time of the market when it begins. */
  readonly startsAt: EpochMs
  /** Whether its time is played. */
  readonly isVirtual: boolean
  /** Whether to go on where each market stopped, if it lived in the same kind of time; otherwise each begins with the session that runs or comes next. */
  readonly resumes: boolean
  /** Called when a day of a market is over and every minute of it committed, before the next one begins; `world` has walked up to it. */
  readonly dayOver?: (market: ForeignMarket, date: TradeDate, world: ForeignWorld) => Promise<void>
  readonly signal: AbortSignal
}

type Ports = Pick<App, 'ledger' | 'clock' | 'liveMarket'> & { readonly live: Pick<LiveRiver, 'klines'> }

/** A market abroad on its way. */
interface Running {
  readonly market: ForeignMarket
  readonly symbols: readonly ForeignSymbol[]
  date: TradeDate
  /** The last slot that was committed before the day was drawn; −1 = none. */
  committed: number
  /** Whether it begins anew: nothing is known of where it stands. */
  isFresh: boolean
  /** The day, once its session has begun. */
  day: RunningDay | undefined
  dueAt: number
}

interface RunningDay {
  readonly sessions: ReadonlyMap<string, ForeignSession>
  readonly minutes: MarketMinutes
  readonly first: number
  readonly last: number
  readonly version: number
  /** The slot that is committed next. */
  slot: number
}

/** After so many minutes made at a stretch other work gets a turn. */
const TURN = 16

/** Every market’s calendar ends with this day or later: days are drawn one by one, so the last one costs nothing. */
const LAST_DATE = tradeDate(20351231)

/**
 * 境外场次: the markets of the world’s profiles beside the Chinese one, each by its own clock. A day is drawn whole when its session begins; a minute that is over is one
 * transaction (prices, states, how far the market got), in the order of their ends over all markets. The numbers are a function of the world and the date: however often it is
 * stopped, they are those the night brings in.
 */
export class ForeignSessions implements Errand {
  readonly #ports: Ports
  readonly #request: ForeignSessionsRequest
  readonly #world: ForeignWorld
  readonly #running: readonly Running[]

  constructor(ports: Ports, request: ForeignSessionsRequest) {
    const { seed, firstDate, profiles } = request.settled
    this.#ports = ports
    this.#request = request
    this.#world = new ForeignWorld({ seed, firstDate, profiles, lastDate: { hk: LAST_DATE, us: LAST_DATE, crypto: LAST_DATE } })
    this.#running = profiles.map((market) => this.#start(market))
  }

  get nextAt(): number {
    return this.#running.reduce((earliest, { dueAt }) => Math.min(earliest, dueAt), Infinity)
  }

  /** Begin, commit and end what is due by an instant of the market. */
  async advance(to: number): Promise<void> {
    for (let done = 1; this.nextAt <= to && !this.#request.signal.aborted; done++) {
      const { nextAt } = this
      const running = this.#running.find(({ dueAt }) => dueAt === nextAt)!
      if (running.isFresh) await this.#settle(running)
      else if (running.day === undefined) await this.#begin(running)
      else this.#commit(running, running.day)
      const { day } = running
      if (day !== undefined && day.slot > day.last) await this.#end(running)
      if (done % TURN === 0) await breathe()
    }
  }

  /** Where a market goes on, or that it begins anew. */
  #start(market: ForeignMarket): Running {
    const { settled, startsAt, isVirtual, resumes } = this.#request
    const { ledger } = this.#ports
    const [calendar, ended] = [marketCalendar(market), lastEnded(market, startsAt)]
    const symbols = this.#world.symbols.filter((symbol) => symbol.market === market)
    const goingOn = (date: TradeDate, committed: number): Running => ({
      market,
      symbols,
      date,
      committed,
      isFresh: false,
      day: undefined,
      dueAt: openInstant(market, date),
    })
    const mark = resumes ? ledger.liveMarket.foreignSession(settled.digest, market) : undefined
    if (mark !== undefined && mark.isVirtual === isVirtual && mark.tradeDate >= calendar.shift(ended, -MOST_MISSED_DAYS))
      return mark.slot < minutesOn(market, mark.tradeDate) ? goingOn(mark.tradeDate, mark.slot) : goingOn(calendar.next(mark.tradeDate), -1)
    return { ...goingOn(calendar.next(ended), -1), isFresh: true, dueAt: -Infinity }
  }

  /** A market that begins anew stands as the last day left it; one transaction with the mark, so that whoever starts after a kill begins with the same day. */
  async #settle(running: Running): Promise<void> {
    const { market, date } = running
    const { settled, startsAt, isVirtual } = this.#request
    const { ledger, clock } = this.#ports
    const before = marketCalendar(market).previous(date)
    const day = before < settled.firstDate ? undefined : await this.#draw(running, before)
    if (this.#request.signal.aborted) return
    ledger.transaction(() => {
      this.#list(running)
      if (day !== undefined) this.#put(running, day, day.last)
      ledger.liveMarket.markForeign({ world: settled.digest, market, tradeDate: date, slot: -1, marketAt: startsAt, isVirtual }, clock.now())
    })
    running.isFresh = false
    running.dueAt = openInstant(market, date)
  }

  /** Draw the day and show it up to what was committed before. */
  async #begin(running: Running): Promise<void> {
    const { market, date, committed } = running
    const { clock, live, liveMarket: stats } = this.#ports
    const began = performance.now()
    const day = await this.#draw(running, date)
    if (day === undefined) return
    day.minutes.passed = committed
    day.slot = Math.max(day.first, committed + 1)
    running.day = day
    running.dueAt = dueAt(market, date, day.slot)
    live.klines.begin(`live:${market}:${date}:${clock.now()}`, day.minutes, market)
    stats.generated((performance.now() - began) / 1000)
  }

  /** A whole day of a market, the days before it walked with pauses for other work; nothing when it was stopped meanwhile. */
  async #draw({ market, symbols }: Running, date: TradeDate): Promise<RunningDay | undefined> {
    const at = this.#world.dates(market).indexOf(date)
    for (const _ of this.#world.walkTo(market, at)) {
      await breathe()
      if (this.#request.signal.aborted) return undefined
    }
    const sessions = new Map(symbols.map((symbol) => [symbol.code, this.#world.session(symbol, at)]))
    const days = Array.from(sessions, ([code, { day, previousClose }]) => [code, { bars: day, previousClose }] as const)
    const first = Math.min(...days.map(([, { bars }]) => bars.slot[0]!))
    const minutes = new MarketMinutes(market, date, new Map(days))
    return { sessions, minutes, first, last: minutesOn(market, date), version: this.#ports.ledger.nextVersion(), slot: first }
  }

  /** A minute is over: one transaction. */
  #commit(running: Running, day: RunningDay): void {
    const { market, symbols, date } = running
    const { settled, isVirtual } = this.#request
    const { ledger, clock, live } = this.#ports
    const { slot } = day
    ledger.transaction(() => {
      if (slot === day.first) this.#list(running)
      this.#put(running, day, slot)
      const marketAt = endInstant(market, date, slot)
      ledger.liveMarket.markForeign({ world: settled.digest, market, tradeDate: date, slot, marketAt, isVirtual }, clock.now())
    })
    day.minutes.passed = slot
    for (const { code } of symbols) live.klines.changed(code)
    day.slot++
    if (day.slot <= day.last) running.dueAt = dueAt(market, date, day.slot)
  }

  /** The list of a market’s symbols, without prices of another day. */
  #list({ market, symbols, date }: Running): void {
    const { liveMarket } = this.#ports.ledger
    const rows = symbols.map((symbol) => foreignMetadata(symbol, this.#request.settled.firstDate, date))
    liveMarket.replaceMetadata(market, rows)
    liveMarket.clearPrices(market)
  }

  /** Where every symbol of a market stands when a slot of a day is over. */
  #put({ symbols }: Running, { sessions, minutes, version }: RunningDay, slot: number): void {
    const { ledger, clock, liveMarket: stats } = this.#ports
    const shown = symbols.map(({ code }) => ({ code, day: minutes.at(code, slot) }))
    const states = shown.map(({ code, day }) => stateOf(code, sessions.get(code)!, day, slot, version))
    const prices = shown.flatMap(({ code, day }) => (day === undefined ? [] : [priceOf(code, day)]))
    stats.wrote('stock_state', ledger.liveMarket.putStates(this.#request.settled.digest, states))
    stats.wrote('stock_realtime_price', ledger.liveMarket.putPrices(prices, clock.now()))
  }

  /** Every minute of a day is committed. It is shown until the next one begins. */
  async #end(running: Running): Promise<void> {
    const { market, date } = running
    await this.#request.dayOver?.(market, date, this.#world)
    running.date = marketCalendar(market).next(date)
    running.committed = -1
    running.day = undefined
    running.dueAt = openInstant(market, running.date)
  }
}

/** A minute is due a moment after its end; the last one holds the closing auction, so it is over with the day: in Hong Kong ten minutes later. */
function dueAt(market: ForeignMarket, date: TradeDate, slot: number): number {
  return AFTER_MS + (slot === minutesOn(market, date) ? overInstant(market, date) : endInstant(market, date, slot))
}

function endInstant(market: ForeignMarket, date: TradeDate, slot: number): EpochMs {
  return zoneInstant(PROFILES[market].zone, date, slotEnd(sessionOn(market, date), slot))
}

function priceOf(code: string, day: LiveDay): RealtimePrice {
  const { previousClose, bid1, ask1, at } = day
  const { open, high, low, close: price, volume, amount } = barSoFar(day)
  return { symbol: code, price, previousClose, open, high, low, volume, amount, bid1, ask1, at }
}

function stateOf(
  code: string,
  { regime, volatility, previousClose, day }: ForeignSession,
  shown: LiveDay | undefined,
  slot: number,
  version: number,
): StockState {
  const state = MARKET_STATES[regime.state[slot]!]!
  const { drift, volatility: multiplier } = REGIMES[state]
  return {
    symbol: code,
    // Before its first minute of its first day a symbol stands where it will open.
    currentPrice: shown?.bars.close.at(-1) ?? (Number.isNaN(previousClose) ? day.open[0]! : previousClose),
    volatility: volatility * multiplier,
    trend: drift,
    marketState: state,
    nextTransitionMinutes: regime.left[slot]!,
    lastBarTime: shown?.at,
    version,
  }
}
