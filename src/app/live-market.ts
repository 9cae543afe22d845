import { UsageError } from '#core/errors.ts'
import { COMPLETE_FROM } from '#core/calendar.ts'
import { lastEnded } from '#core/market-day.ts'
import { LAST_SLOT } from '#core/session.ts'
import { clockTime, dateOf, instantOf } from '#core/shanghai-time.ts'
import type { EpochMs, TradeDate } from '#core/trade-date.ts'
import type { ForeignMarket } from '#market/foreign-symbols.ts'
import type { ForeignWorld } from '#market/foreign-world.ts'
import type { App } from './app.ts'
import { diskFull } from './disk-full.ts'
import { fetchForeign } from './fetch-foreign.ts'
import { ForeignSessions } from './foreign-sessions.ts'
import { playDay, startOf, type LiveRun } from './live-day.ts'
import type { LiveMarketRequest } from './live-market-args.ts'
import { livedPace, MOST_MISSED_DAYS, paceWithErrands, playedPace, type Errand } from './market-pace.ts'
import { runVerb } from './run-verb.ts'
import { keepTruth } from './sim-truth.ts'
import { statusErrand } from './status-errand.ts'
import { settleWorld, simulatedSource } from './simulated-source.ts'

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
  const { signal, emit, until = Infinity } = request
  const settled = settleWorld(app.folders.root, app.calendar, app.clock.now())
  const started = app.clock.now()
  const run: LiveRun = { app, request, settled, halted: 0, isNight: false, report: { days: 0, minutes: 0, ticks: 0, events: 0 } }
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
      if (startOf(date, 0) > until) {
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
      await pace.until(Math.min(instantOf(date, PREPARED_AT), until))
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

/** A day to play, from a minute slot on. */
interface Start {
  readonly date: TradeDate
  readonly slot: number
}

/** Where to begin: after the last minute that was committed, so that nothing is left out; a market left alone for long begins today. */
function firstOf(run: LiveRun): Start | undefined {
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

function nextOf({ app, request }: LiveRun, date: TradeDate): Start | undefined {
  const next = app.calendar.next(date)
  return request.test && next > app.calendar.lastCompleted(app.clock.now()) ? undefined : { date: next, slot: 0 }
}

/** What goes on while this market waits: `market_status` of every market of the world, and the sessions of the others. */
function errandsOf(run: LiveRun, start: Start): readonly Errand[] {
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
async function broughtIn({ app, request, isNight }: LiveRun, market: ForeignMarket, date: TradeDate, world: ForeignWorld): Promise<void> {
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
async function nightBeside(run: LiveRun, errands: readonly Errand[]): Promise<void> {
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

/** Everything up to the last completed day: fetched, built and audited. */
async function night({ app, request, settled }: LiveRun): Promise<void> {
  // A source of its own goes when the night is over, and with it the bars of all stocks that it has drawn: 500 MB of 5,000.
  const own: App = { ...app, source: simulatedSource(app.folders.root, settled, app.calendar, app.clock) }
  const { exitCode } = await runVerb(own, 'run', { all: true }, request)
  if (exitCode !== 0 && !request.signal.aborted)
    request.emit({ type: 'message', level: 'warning', text: 'The night did not end well; the market goes on. What failed: fupan status' })
}
