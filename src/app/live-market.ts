import { UsageError } from '#core/errors.ts'
import { COMPLETE_FROM } from '#core/calendar.ts'
import { lastEnded } from '#core/market-day.ts'
import { LAST_SLOT, slotLabel } from '#core/session.ts'
import { clockTime, dateOf, formatClock, instantOf } from '#core/shanghai-time.ts'
import type { EpochMs, TradeDate } from '#core/trade-date.ts'
import type { ForeignMarket } from '#market/foreign-symbols.ts'
import type { ForeignWorld } from '#market/foreign-world.ts'
import { TickCursor } from '#market/merge-ticks.ts'
import type { StockCheckpoint } from '#market/stock-walk.ts'
import { createWorld } from '#market/world.ts'
import { TickQueue } from '#stream/tick-queue.ts'
import { z } from 'zod'
import { aggregateSession } from './aggregate-session.ts'
import type { App } from './app.ts'
import { dayTruth } from './day-truth.ts'
import { diskFull } from './disk-full.ts'
import { fetchForeign } from './fetch-foreign.ts'
import { ForeignSessions } from './foreign-sessions.ts'
import type { PlayReport } from './live-river.ts'
import { AFTER_MS, livedPace, MOST_MISSED_DAYS, paceWithErrands, playedPace, type Errand, type MarketPace } from './market-pace.ts'
import { dateText } from './night-args.ts'
import { runVerb } from './run-verb.ts'
import { simDay, type SimDay } from './sim-day.ts'
import { keepTruth } from './sim-truth.ts'
import { statusErrand } from './status-errand.ts'
import { stockMetadata } from './stock-metadata.ts'
import { settingsOf, settleWorld, simulatedSource, type SimulatedWorld } from './simulated-source.ts'
import type { VerbContext } from './verb.ts'

/**
 * How a live market is asked for. `test` plays past sessions without waiting for the clock: `speed` seconds of the market per second, or as fast as it goes; `from` = the first
 * day of a test (by default where the last one stopped, else the last completed day); `until` ends it when the market has reached this instant; `night` brings the history in
 * before the first session and runs the night after each one.
 */
export const liveMarketArgs = z.strictObject({
  action: z.literal('run'),
  test: z.boolean().default(false),
  speed: z.union([z.literal('max'), z.number().positive().max(100_000)]).default(60),
  from: dateText.optional(),
  until: z
    .number()
    .transform((at) => at as EpochMs)
    .optional(),
  night: z.boolean().default(true),
})

export type LiveMarketArgs = z.output<typeof liveMarketArgs>

export type LiveMarketRequest = LiveMarketArgs & VerbContext

/** What came of a live market. */
export interface LiveMarketReport {
  /** 'stopped' by the user, 'until' = the instant asked for was reached, 'caught-up' = a test has played the last completed day. */
  readonly ended: 'stopped' | 'until' | 'caught-up'
  readonly days: number
  readonly minutes: number
  readonly ticks: number
  readonly events: number
  /** The last minute that was committed, label as epoch ms. */
  readonly lastBarAt: number | undefined
  readonly milliseconds: number
}

/** Single ticks are handed on this often, in time of the market. */
const TICK_STEP_MS = 3000
/** Minutes of the market between two foldings of the session into coarser bars; both halves of the day end with one. */
const AGGREGATED_EVERY = 5
const PREPARED_AT = clockTime('09:00')
const CLOSED_AT = clockTime('15:00')

/**
 * 实时模拟市场: the simulated market day after day, minute by minute. Single ticks go through the pipeline of the live river; a minute that is over is one transaction of the ledger (states, prices,
 * market status, and how far it got), so a kill between two minutes loses nothing and the next start goes on with the minute after it. The numbers are a function of the world and the date alone:
 * however often it is stopped, the days are those the night brings in.
 */
export async function runLiveMarket(app: App, request: LiveMarketRequest): Promise<LiveMarketReport> {
  if (app.world !== 'sim') throw new UsageError('Cannot run the simulated market: this is the real one. Ask with --world sim')
  if (app.liveMarket.isRunning) throw new UsageError('Cannot run the simulated market twice: it is running in this process already')
  const { signal, emit } = request
  const settled = settleWorld(app.folders.root, app.calendar, app.clock.now())
  const started = app.clock.now()
  const run: Run = { app, request, settled, halted: 0, isNight: false, report: { days: 0, minutes: 0, ticks: 0, events: 0 } }
  app.liveMarket.isRunning = true
  let ended: LiveMarketReport['ended'] = 'stopped'
  try {
    if (request.test) app.live.truth.open(`test:${started}`)
    if (request.night) await night(run)
    if (request.test) await keepTruth(app, settled, request)
    let next = firstOf(run)
    const errands = next === undefined ? [] : errandsOf(run, next)
    while (next !== undefined && !signal.aborted) {
      const { date, slot } = next
      if (request.until !== undefined && instantOf(date, clockTime('09:25')) > request.until) {
        ended = 'until'
        break
      }
      const pace = paceWithErrands(
        request.test ? playedPace(app.clock, signal, startOf(date, slot), request.speed) : livedPace(app.clock, signal),
        errands,
        signal,
      )
      if (!request.test && app.clock.now() < instantOf(date, PREPARED_AT))
        emit({ type: 'message', level: 'note', text: `The market is closed; the next session is that of ${date}, its opening auction at 09:15 exchange time.` })
      await pace.until(Math.min(instantOf(date, PREPARED_AT), request.until ?? Infinity))
      if (signal.aborted) break
      const whole = await playDay(run, date, slot, pace)
      if (signal.aborted) break
      if (!whole) {
        ended = 'until'
        break
      }
      run.report.days++
      if (!request.test && request.night) {
        await pace.until(instantOf(date, COMPLETE_FROM))
        if (!signal.aborted) await nightBeside(run, errands)
      }
      next = nextOf(run, date)
    }
    if (next === undefined && !signal.aborted) {
      ended = 'caught-up'
      const last = app.calendar.lastCompleted(app.clock.now())
      emit({
        type: 'message',
        level: 'note',
        text: `Every day up to ${last}, the last completed one, has been played. Play again with --from ${last} or an earlier day.`,
      })
    }
  } catch (error) {
    // Expected: the user stopped it while a day was being drawn, or the disk is full. Anything else goes on.
    if (!signal.aborted || error !== signal.reason) throw diskFull(error, app.folders.root, 'The minute was not written; everything before it is kept') ?? error
  } finally {
    app.liveMarket.isRunning = false
    app.live.truth.end()
  }
  return { ended, ...run.report, lastBarAt: app.liveMarket.lastBarAt, milliseconds: app.clock.now() - started }
}

interface Run {
  readonly app: App
  readonly request: LiveMarketRequest
  readonly settled: SimulatedWorld
  /** Stocks without trading on the day that was drawn last. */
  halted: number
  /** Whether the night is at work: days abroad are its business then. */
  isNight: boolean
  readonly report: { days: number; minutes: number; ticks: number; events: number }
}

/** A day to play, from a minute slot on. */
interface Start {
  readonly date: TradeDate
  readonly slot: number
}

/** Where to begin: after the last minute that was committed, so that nothing is left out; a market left alone for long begins today. */
function firstOf(run: Run): Start | undefined {
  const { app, request, settled } = run
  const { calendar, clock, ledger } = app
  const mark = ledger.liveMarket.session(settled.digest)
  const last = calendar.lastCompleted(clock.now())
  if (request.test) {
    const from = request.from
    if (from !== undefined) {
      if (!calendar.isOpen(from) || from < settled.firstDate || from > last)
        throw new UsageError(
          `Cannot play from ${from}: it is a market day from ${settled.firstDate}, where the simulated market begins, to ${last}, the last completed one`,
        )
      return { date: from, slot: 0 }
    }
    if (mark === undefined || !mark.isVirtual) return { date: last, slot: 0 }
    return mark.slot < LAST_SLOT ? { date: mark.tradeDate, slot: mark.slot + 1 } : nextOf(run, mark.tradeDate)
  }
  const today = currentSession(app)
  if (mark === undefined || mark.isVirtual || mark.tradeDate < calendar.back(last, MOST_MISSED_DAYS)) return { date: today, slot: 0 }
  if (mark.slot < LAST_SLOT) return { date: mark.tradeDate, slot: mark.slot + 1 }
  return { date: calendar.next(mark.tradeDate), slot: 0 }
}

/** The session that runs or comes next; the one of today until it is complete. */
function currentSession({ calendar, clock }: App): TradeDate {
  const now = clock.now()
  const today = dateOf(now)
  return calendar.isOpen(today) && now <= instantOf(today, CLOSED_AT) ? today : calendar.next(today)
}

function nextOf({ app, request }: Run, date: TradeDate): Start | undefined {
  const next = app.calendar.next(date)
  return request.test && next > app.calendar.lastCompleted(app.clock.now()) ? undefined : { date: next, slot: 0 }
}

/** When a played day begins: with the opening auction, or a minute before the first one that is missing. */
function startOf(date: TradeDate, slot: number): number {
  return slot === 0 ? instantOf(date, clockTime('09:25')) : instantOf(date, slotLabel(slot)) - 60_000
}

/** One session from a slot on. False when `until` came first. */
async function playDay(run: Run, date: TradeDate, from: number, pace: MarketPace): Promise<boolean> {
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
  signal.addEventListener('abort', () => queue.end(), { once: true })
  const playing = app.live.play({ date, kind: 'live', speed: test ? speed : 1, feed: queue, minutes: day.minutes, signal })
  // A failure of the session is met at the end of the day.
  playing.catch(() => queue.end())
  let isWhole = true
  const bestQuotes = new Map<string, readonly [number, number]>()
  const handOn = async (to: number) => {
    const batch = cursor.takeUntil(to)
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
      if (!test && slot % AGGREGATED_EVERY === 0) await aggregateSession(app)
      emit({
        type: 'progress',
        what: `${test ? 'played' : 'live'} ${date} ${formatClock(slotLabel(slot)).slice(0, 5)}`,
        done: slot + 1,
        total: LAST_SLOT + 1,
        unit: 'minutes',
      })
    }
  } finally {
    // Whatever ended the minutes, the session must not wait for more of them.
    queue.end()
    stats.dueAt = undefined
  }
  const played: PlayReport = await playing
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

/** The day ready to be shown. Not even the world stays: 40 MB of what 5,000 stocks announced. */
async function drawDay({ app, request, settled }: Run, date: TradeDate): Promise<SimDay> {
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

/** What goes on while this market waits: `market_status` of every market of the world, and the sessions of the others. */
function errandsOf(run: Run, start: Start): readonly Errand[] {
  const { app, request, settled } = run
  const { profiles, digest } = settled
  const statuses = [statusErrand(app, 'cn', () => run.halted), ...profiles.map((market) => statusErrand(app, market, () => 0))]
  if (profiles.length === 0) return statuses
  const abroad = new ForeignSessions(app, {
    settled,
    startsAt: (request.test ? startOf(start.date, start.slot) : app.clock.now()) as EpochMs,
    isVirtual: request.test,
    resumes: !request.test || (request.from === undefined && app.ledger.liveMarket.session(digest)?.isVirtual === true),
    ...(request.night && !request.test ? { dayOver: (market, date, world) => broughtIn(run, market, date, world) } : {}),
    signal: request.signal,
  })
  return [...statuses, abroad]
}

/** The day of a market abroad that is over goes where the night would bring it, so that nothing is missing when the next one begins; older days come with the last one. */
async function broughtIn({ app, request, isNight }: Run, market: ForeignMarket, date: TradeDate, world: ForeignWorld): Promise<void> {
  if (isNight || date < lastEnded(market, app.clock.now())) return
  const outcomes = await fetchForeign(app, `fetch-${app.clock.now()}`, request.emit, request.signal, world)
  const failed = outcomes.find((outcome) => outcome.type === 'failed')
  if (failed === undefined) return
  request.emit({
    type: 'message',
    level: 'warning',
    text: `The day of ${market} could not be brought in (${failed.detail}); the market goes on, and the next night tries again.`,
  })
}

/** The night of a day that was lived through; other markets do not wait for it. */
async function nightBeside(run: Run, errands: readonly Errand[]): Promise<void> {
  const over = new AbortController()
  const signal = AbortSignal.any([run.request.signal, over.signal])
  run.isNight = true
  const [work, beside] = await Promise.allSettled([
    night(run).finally(() => over.abort()),
    paceWithErrands(livedPace(run.app.clock, signal), errands, signal).until(Infinity),
  ])
  run.isNight = false
  for (const each of [work, beside]) if (each.status === 'rejected') throw each.reason
}

/** The first minute of a played day and of an afternoon come after a stretch in which nothing happens. */
function isBreak(slot: number, from: number): boolean {
  return slot === from || slot === 1 || slot === 121
}

/** A minute is over: one transaction. */
function commit(
  { app, request, settled, report }: Run,
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

/** Everything up to the last completed day: fetched, built and audited. */
async function night({ app, request, settled }: Run): Promise<void> {
  const own: App = { ...app, source: simulatedSource(app.folders.root, settled, app.calendar, app.clock) }
  const { exitCode } = await runVerb(own, 'run', { all: true }, request)
  if (exitCode !== 0 && !request.signal.aborted)
    request.emit({ type: 'message', level: 'warning', text: 'The night did not end well; the market goes on. What failed: fupan status' })
}
