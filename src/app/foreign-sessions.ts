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
import { MarketMinutes } from '#stream/market-minutes.ts'
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
      if (running.day === undefined) await this.#begin(running)
      else this.#commit(running, running.day)
      const { day } = running
      if (day !== undefined && day.slot > day.last) await this.#end(running)
      if (done % TURN === 0) await breathe()
    }
  }

  /** Where a market goes on. One that begins anew keeps that it did, so that whoever starts after a kill begins with the same day. */
  #start(market: ForeignMarket): Running {
    const { settled, startsAt, isVirtual, resumes } = this.#request
    const { ledger, clock } = this.#ports
    const [calendar, ended] = [marketCalendar(market), lastEnded(market, startsAt)]
    const symbols = this.#world.symbols.filter((symbol) => symbol.market === market)
    const waiting = (date: TradeDate, committed: number): Running => ({ market, symbols, date, committed, day: undefined, dueAt: openInstant(market, date) })
    const mark = resumes ? ledger.liveMarket.foreignSession(settled.digest, market) : undefined
    if (mark !== undefined && mark.isVirtual === isVirtual && mark.tradeDate >= calendar.shift(ended, -MOST_MISSED_DAYS))
      return mark.slot < minutesOn(market, mark.tradeDate) ? waiting(mark.tradeDate, mark.slot) : waiting(calendar.next(mark.tradeDate), -1)
    const date = calendar.next(ended)
    ledger.liveMarket.markForeign({ world: settled.digest, market, tradeDate: date, slot: -1, marketAt: startsAt, isVirtual }, clock.now())
    return waiting(date, -1)
  }

  /** Draw the day and show it up to what was committed before. */
  async #begin(running: Running): Promise<void> {
    const { market, symbols, date, committed } = running
    const { clock, ledger, live, liveMarket: stats } = this.#ports
    const began = performance.now()
    const at = this.#world.dates(market).indexOf(date)
    for (const _ of this.#world.walkTo(market, at)) {
      await breathe()
      if (this.#request.signal.aborted) return
    }
    const sessions = new Map(symbols.map((symbol) => [symbol.code, this.#world.session(symbol, at)]))
    const minutes = new MarketMinutes(market, date, new Map(Array.from(sessions, ([code, { day, previousClose }]) => [code, { bars: day, previousClose }])))
    const first = Math.min(...Array.from(sessions.values(), ({ day }) => day.slot[0]!))
    minutes.passed = committed
    running.day = { sessions, minutes, first, last: minutesOn(market, date), version: ledger.nextVersion(), slot: Math.max(first, committed + 1) }
    running.dueAt = dueAt(market, date, running.day.slot)
    live.klines.begin(`live:${market}:${date}:${clock.now()}`, minutes, market)
    stats.generated((performance.now() - began) / 1000)
  }

  /** A minute is over: one transaction. */
  #commit(running: Running, day: RunningDay): void {
    const { market, symbols, date } = running
    const { settled, isVirtual } = this.#request
    const { ledger, clock, live, liveMarket: stats } = this.#ports
    const { slot, minutes, version } = day
    const marketAt = endInstant(market, date, slot)
    const prices = symbols.flatMap(({ code }) => priceAt(code, day.sessions.get(code)!, minutes, slot, marketAt) ?? [])
    const states = symbols.map(({ code }) => stateAt(code, day.sessions.get(code)!, minutes, slot, version))
    ledger.transaction(() => {
      const now = clock.now()
      if (slot === day.first) {
        ledger.liveMarket.replaceMetadata(
          market,
          symbols.map((symbol) => foreignMetadata(symbol, settled.firstDate, date)),
        )
        ledger.liveMarket.clearPrices(market)
      }
      ledger.liveMarket.putStates(settled.digest, states)
      ledger.liveMarket.putPrices(prices, now)
      ledger.liveMarket.markForeign({ world: settled.digest, market, tradeDate: date, slot, marketAt, isVirtual }, now)
    })
    minutes.passed = slot
    for (const { code } of symbols) live.klines.changed(code)
    stats.wrote('stock_state', states.length)
    stats.wrote('stock_realtime_price', prices.length)
    day.slot++
    if (day.slot <= day.last) running.dueAt = dueAt(market, date, day.slot)
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

function priceAt(code: string, { previousClose }: ForeignSession, minutes: MarketMinutes, slot: number, at: EpochMs): RealtimePrice | undefined {
  const soFar = minutes.soFar(code, slot)
  if (soFar === undefined) return undefined
  const { close: price, ...bar } = soFar
  return { symbol: code, ...bar, price, previousClose, bid1: NaN, ask1: NaN, at }
}

function stateAt(code: string, { regime, volatility, previousClose, day }: ForeignSession, minutes: MarketMinutes, slot: number, version: number): StockState {
  const shown = minutes.at(code, slot)
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
