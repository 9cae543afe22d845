import type { Outcome } from '#core/run-event.ts'
import { numbers, labels, labelAt } from '#core/frame.ts'
import { lastEnded, marketCalendar } from '#core/market-day.ts'
import { marketOf } from '#core/symbol.ts'
import type { Dataset, Source } from '#core/source.ts'
import type { EpochMs, TradeDate } from '#core/trade-date.ts'
import { foreignSymbols, type ForeignMarket } from '#market/foreign-symbols.ts'
import type { ForeignWorld } from '#market/foreign-world.ts'
import { foreignSimulator } from '#sources/foreign-simulator.ts'
import { dimForeignSymbol } from '#warehouse/dim/dim_foreign_symbol.ts'
import { EngineError } from '#warehouse/engine/engine.ts'
import { Load } from '#warehouse/load.ts'
import { odsForeignDaily } from '#warehouse/ods/ods_foreign_daily.ts'
import { odsForeignMinute } from '#warehouse/ods/ods_foreign_minute.ts'
import type { Table } from '#warehouse/table.ts'
import type { App } from './app.ts'
import { failureOf } from './engine-outcome.ts'
import { recordArrival } from './record-arrival.ts'
import { settleWorld, type SimulatedWorld } from './simulated-source.ts'
import type { VerbEvent } from './verb.ts'

/** Days of each market whose minutes are stored (spec simulator §3.1); days that have them keep them. */
export const FOREIGN_MINUTE_DAYS = 60

/** The last day every foreign market is over on: tables that reach it are up to date. */
export function foreignLast(now: EpochMs): TradeDate {
  return Math.min(lastEnded('hk', now), lastEnded('us', now), lastEnded('crypto', now)) as TradeDate
}

/** Symbols loaded at a time: a kill loses at most this much work. */
const SYMBOLS_PER_LOAD = 10

/**
 * Bring in what the simulated foreign markets have and the warehouse does not, up to the last session of each market that is over. They have calendars of their
 * own and feed no A-share table, so they are no part of the night's plan (ADR 15). Nothing in the real world. `walked`: the same markets, walked already up to where
 * something may be missing.
 */
export async function fetchForeign(
  app: App,
  run: string,
  emit: (event: VerbEvent) => void,
  signal: AbortSignal,
  walked?: ForeignWorld,
): Promise<readonly Outcome[]> {
  if (app.world !== 'sim') return []
  const world = settleWorld(app.folders.root, app.calendar, app.clock.now())
  const source = foreignSource(app, world, walked)
  const outcomes: Outcome[] = []
  const tables = [
    { table: dimForeignSymbol, missing: await missingSymbols(app, world) },
    { table: odsForeignDaily, missing: await missingDays(app, world, odsForeignDaily, Infinity) },
    { table: odsForeignMinute, missing: await missingDays(app, world, odsForeignMinute, FOREIGN_MINUTE_DAYS) },
  ]
  for (const { table, missing } of tables) {
    if (missing.length === 0) continue
    const task = `fetch ${table.name}`
    emit({ type: 'task-started', run, at: app.clock.now(), task })
    const outcome = await bringIn(app, source, table, missing, run, signal, (done) =>
      emit({ type: 'task-progress', run, at: app.clock.now(), task, done, total: missing.length, unit: 'symbols' }),
    )
    emit({ type: 'task-ended', run, at: app.clock.now(), task, outcome })
    outcomes.push(outcome)
  }
  return outcomes
}

/** A symbol and the days of it that are wanted, first and last. */
interface Missing {
  readonly code: string
  readonly from: TradeDate
  readonly to: TradeDate
}

function foreignSource(app: App, { seed, firstDate, profiles }: SimulatedWorld, walked: ForeignWorld | undefined): Source {
  const last = (market: ForeignMarket) => lastEnded(market, app.clock.now())
  return foreignSimulator({
    seed,
    firstDate,
    profiles,
    lastDate: { hk: last('hk'), us: last('us'), crypto: last('crypto') },
    ...(walked === undefined ? {} : { walked }),
  })
}

async function missingSymbols(app: App, { firstDate, profiles }: SimulatedWorld): Promise<readonly Missing[]> {
  const rows = await app.engine.rows<{ ts_code: string }>('select ts_code from fupan.dim_foreign_symbol')
  const known = new Set(rows.map(({ ts_code }) => ts_code))
  const wanted = foreignSymbols(profiles)
  return wanted.every(({ code }) => known.has(code)) ? [] : wanted.map(({ code }) => ({ code, from: firstDate, to: firstDate }))
}

/** Of each symbol the days up to its market’s last, from the first one that is not there; at most the last `most`. */
async function missingDays(app: App, { firstDate, profiles }: SimulatedWorld, table: Table, most: number): Promise<readonly Missing[]> {
  const frame = await app.engine.frame(
    `select ts_code, toUInt32(min(trade_date)) as first, toUInt32(max(trade_date)) as last, toUInt32(uniqExact(trade_date)) as days from fupan.${table.name} group by ts_code`,
  )
  const [code, first, last, days] = [labels(frame, 'ts_code'), numbers(frame, 'first'), numbers(frame, 'last'), numbers(frame, 'days')]
  const stored = new Map(Array.from({ length: frame.length }, (_, row) => [labelAt(code, row)!, { first: first[row]!, last: last[row]!, days: days[row]! }]))
  return foreignSymbols(profiles).flatMap((symbol): readonly Missing[] => {
    const market = marketOf(symbol.code)
    const to = lastEnded(market, app.clock.now())
    const wanted = to < firstDate ? [] : marketCalendar(market).dates(firstDate, to).slice(-most)
    const [from, own] = [wanted[0], stored.get(symbol.code)]
    if (from === undefined) return []
    if (own === undefined || own.first > from) return [{ code: symbol.code, from, to }]
    // A hole among the stored days: whoever stopped half-way begins anew.
    const isWhole = own.days === marketCalendar(market).dates(own.first as TradeDate, own.last as TradeDate).length
    if (!isWhole) return [{ code: symbol.code, from, to }]
    if (own.last >= to) return []
    return [{ code: symbol.code, from: wanted.find((date) => date > own.last)!, to }]
  })
}

async function bringIn(
  app: App,
  source: Source,
  table: Table,
  missing: readonly Missing[],
  run: string,
  signal: AbortSignal,
  progress: (done: number) => void,
): Promise<Outcome> {
  const started = app.clock.now()
  let rows = 0
  try {
    for (let at = 0; at < missing.length; at += SYMBOLS_PER_LOAD) {
      const version = app.ledger.nextVersion()
      const load = new Load(app.engine, version)
      const dates = new Set<TradeDate>()
      try {
        for (const { code, from, to } of missing.slice(at, at + SYMBOLS_PER_LOAD))
          for await (const page of source.fetch({ dataset: table.name as Dataset, from, to, codes: [code] }, signal)) {
            for (const date of page.dates) dates.add(date)
            await load.add(table, page.frame)
          }
        const [broken] = (await load.audit()).filter(({ severity, offending }) => severity === 'error' && offending > 0)
        if (broken !== undefined)
          return {
            type: 'failed',
            reason: 'bad-payload',
            detail: `${table.name}: ${broken.offending} rows break "${broken.rule}"; nothing was loaded`,
            nextStep: 'Report this: the simulator broke its own rule',
          }
        for (const published of (await load.publish()).values()) rows += published.written
        await recordArrival(
          app.engine,
          app.ledger,
          table,
          version,
          run,
          [...dates].toSorted((a, b) => a - b),
        )
      } finally {
        await load.discard()
      }
      progress(Math.min(missing.length, at + SYMBOLS_PER_LOAD))
    }
    return { type: 'done', rows, milliseconds: app.clock.now() - started }
  } catch (error) {
    // Expected: the engine's foreseeable endings, and the abort of the user.
    if (error instanceof EngineError) return failureOf(error, 'fupan run')
    if (signal.aborted) return { type: 'cancelled' }
    throw error
  }
}
