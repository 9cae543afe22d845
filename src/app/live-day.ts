import { LAST_SLOT, slotLabel } from '#core/session.ts'
import { clockTime, formatClock, instantOf } from '#core/shanghai-time.ts'
import type { TradeDate } from '#core/trade-date.ts'
import { TickCursor } from '#market/merge-ticks.ts'
import type { StockCheckpoint } from '#market/stock-walk.ts'
import { createWorld } from '#market/world.ts'
import { TickQueue } from '#stream/tick-queue.ts'
import { aggregateSession } from './aggregate-session.ts'
import type { App } from './app.ts'
import { dayTruth } from './day-truth.ts'
import type { LiveMarketRequest } from './live-market-args.ts'
import { AFTER_MS, type MarketPace } from './market-pace.ts'
import { simDay, type SimDay } from './sim-day.ts'
import { settingsOf, type SimulatedWorld } from './simulated-source.ts'
import { stockMetadata } from './stock-metadata.ts'

/** Single ticks are handed on this often, in time of the market. */
const TICK_STEP_MS = 3000
/** Minutes of the market between two foldings of the session into coarser bars; both halves of the day end with one. */
const AGGREGATED_EVERY = 5

/** A live market under way. */
export interface LiveRun {
  readonly app: App
  readonly request: LiveMarketRequest
  readonly settled: SimulatedWorld
  /** Stocks without trading on the day that was drawn last. */
  halted: number
  /** Whether the night is at work: days abroad are its business then. */
  isNight: boolean
  readonly report: { days: number; minutes: number; ticks: number; events: number }
}

/** When a played day begins: with the opening auction, or a minute before the first one that is missing. */
export function startOf(date: TradeDate, slot: number): number {
  return slot === 0 ? instantOf(date, clockTime('09:25')) : instantOf(date, slotLabel(slot)) - 60_000
}

/** One session from a slot on. False when `until` came first. */
export async function playDay(run: LiveRun, date: TradeDate, from: number, pace: MarketPace): Promise<boolean> {
  const { app, request } = run
  const { signal, emit, test, speed, until = Infinity } = request
  const { ledger, liveMarket: stats } = app
  const day = await drawDay(run, date)
  if (from === 0) ledger.liveMarket.clearPrices('cn')
  run.halted = day.halted
  if (test) app.live.truth.begin(`test:${date}:${app.clock.now()}`, await dayTruth(app.engine, date), startOf(date, from))
  const version = ledger.nextVersion()
  const cursor = new TickCursor(date, day.ticks)
  const queue = new TickQueue()
  const endFeed = () => queue.end()
  signal.addEventListener('abort', endFeed, { once: true })
  const playing = app.live.play({ date, kind: 'live', speed: test ? speed : 1, feed: queue, minutes: day.minutes, isTest: test, signal })
  // A failure of the session is met at the end of the day.
  playing.catch(endFeed)
  let isWhole = true
  const bestQuotes = new Map<string, readonly [number, number]>()
  const handOn = async (to: number) => {
    const batch = cursor.take(Infinity, to)
    for (const { code, bid1, ask1 } of batch) if (!Number.isNaN(bid1)) bestQuotes.set(code, [bid1 / 1000, ask1 / 1000])
    await queue.push(batch)
  }
  try {
    // Minutes committed before: their ticks are heard again, so that what is found after them is found on the whole day.
    if (from > 0)
      for (const heard = instantOf(date, slotLabel(from - 1)); (cursor.nextAt ?? Infinity) <= heard && !signal.aborted;)
        await handOn(Math.min(heard, cursor.nextAt! + 60_000))
    const dueAt = (slot: number) => (test || slot > LAST_SLOT ? undefined : instantOf(date, slotLabel(slot)) + AFTER_MS)
    stats.dueAt = dueAt(from)
    for (let slot = from; slot <= LAST_SLOT && !signal.aborted; slot++) {
      const end = instantOf(date, slotLabel(slot))
      if (end > until) {
        isWhole = false
        break
      }
      for (let at = cursor.nextAt; at !== undefined && at <= end; at = cursor.nextAt) {
        const step = test && (speed === 'max' || speed > 60) ? end : Math.min(end, Math.max(at, pace.now() + TICK_STEP_MS))
        await pace.until(step, isBreak(slot, from))
        if (signal.aborted) break
        await handOn(step)
        if (test) app.live.truth.passed(step)
      }
      await pace.until(end + AFTER_MS)
      if (signal.aborted) break
      commit(run, day, slot, version, bestQuotes)
      if (test) app.live.truth.passed(end)
      stats.dueAt = dueAt(slot + 1)
      if (!test && slot % AGGREGATED_EVERY === 0) await aggregate(app)
      emit({
        type: 'progress',
        what: `${test ? 'played' : 'live'} ${date} ${formatClock(slotLabel(slot)).slice(0, 5)}`,
        done: slot + 1,
        total: LAST_SLOT + 1,
        unit: 'minutes',
      })
    }
  } finally {
    // Whatever ended the minutes, the session must not wait for more of them, nor the signal hold the day.
    endFeed()
    signal.removeEventListener('abort', endFeed)
    stats.dueAt = undefined
  }
  const played = await playing
  run.report.ticks += played.ticks
  run.report.events += played.events
  if (signal.aborted || !isWhole) return false
  emit({
    type: 'message',
    level: 'note',
    text: `${date} is over: ${played.ticks} ticks of ${played.stocks} stocks, ${played.events} events${test ? '; played, not lived through' : ''}.`,
  })
  return true
}

/** The day ready to be shown. The world it was drawn from does not stay. */
async function drawDay({ app, request, settled }: LiveRun, date: TradeDate): Promise<SimDay> {
  const { ledger, liveMarket: stats } = app
  const world = createWorld(settingsOf(settled, app.calendar, date))
  const began = performance.now()
  const day = await simDay(world, {
    earlier: ledger.liveMarket.checkpointsBefore<StockCheckpoint>(settled.digest, date),
    signal: request.signal,
    keep(checkpoints) {
      ledger.liveMarket.putCheckpoints(settled.digest, date, checkpoints)
      stats.wrote('sim_checkpoint', checkpoints.length)
    },
    progress: (done, total) => request.emit({ type: 'progress', what: `making ${date}`, done, total, unit: 'stocks' }),
  })
  stats.generated((performance.now() - began) / 1000)
  ledger.liveMarket.replaceMetadata('cn', stockMetadata(world, day.status))
  return day
}

/** The first minute of a played day and of an afternoon come after a stretch in which nothing happens. */
function isBreak(slot: number, from: number): boolean {
  return slot === from || slot === 1 || slot === 121
}

/** One cycle of the aggregator over the session that runs. */
async function aggregate(app: App): Promise<void> {
  const began = performance.now()
  const { incomplete } = await aggregateSession(app)
  app.liveMarket.aggregated((performance.now() - began) / 1000, incomplete)
}

/** A minute is over: one transaction. */
function commit(
  { app, request, settled, report }: LiveRun,
  day: SimDay,
  slot: number,
  version: number,
  quotes: ReadonlyMap<string, readonly [number, number]>,
): void {
  const began = performance.now()
  const { ledger, clock, liveMarket: stats } = app
  const marketAt = instantOf(day.date, slotLabel(slot))
  day.minutes.passed = slot
  const [states, prices] = ledger.transaction(() => {
    const now = clock.now()
    ledger.liveMarket.mark({ world: settled.digest, tradeDate: day.date, slot, marketAt, isVirtual: request.test }, now)
    return [ledger.liveMarket.putStates(settled.digest, day.statesAt(slot, version)), ledger.liveMarket.putPrices(day.pricesAt(slot, quotes), now)]
  })
  // Also those of stocks without ticks, which no trade moves.
  for (const code of day.minutes.codes) app.live.klines.changed(code)
  report.minutes++
  stats.wrote('stock_state', states)
  stats.wrote('stock_realtime_price', prices)
  stats.regimes = day.regimesAt(slot)
  stats.activeSymbols = prices
  stats.lastBarAt = marketAt
  stats.committed((performance.now() - began) / 1000)
}
