import type { Calendar } from '#core/calendar.ts'
import type { Rejection } from '#core/import-kind.ts'
import { SourceTrouble, type Dataset } from '#core/source.ts'
import type { Outcome } from '#core/run-event.ts'
import { clockTime } from '#core/shanghai-time.ts'
import type { EpochMs, TradeDate } from '#core/trade-date.ts'
import { WHOLE } from '#dag/fingerprint.ts'
import { EngineError } from '#warehouse/engine/engine.ts'
import { Load } from '#warehouse/load.ts'
import { COMPACT_FROM, compact } from '#warehouse/publish.ts'
import { readyAfter, readyInstant } from '#warehouse/ready-at.ts'
import type { Table } from '#warehouse/table.ts'
import { findTable } from '#warehouse/tables.ts'
import type { App } from './app.ts'
import { checkAbsent } from './check-absent.ts'
import { isDiskFull } from './disk-full.ts'
import { failureOf } from './engine-outcome.ts'
import { foreignLast } from './fetch-foreign.ts'
import { isWhole } from './night-graph.ts'
import { recordArrival } from './record-arrival.ts'
import { MINUTE_DAYS, TICK_DAYS } from './simulated-source.ts'
import type { VerbEvent } from './verb.ts'

/** Days of one dataset that a source can give and the warehouse does not have. */
export interface MissingRaw {
  readonly table: Table
  readonly dataset: Dataset
  readonly dates: readonly TradeDate[]
}

/** What a fetch brought beside its rows. */
interface Arrived {
  readonly rejected: Rejection[]
  /** The days its pages were complete for. */
  readonly dates: Set<number>
}

/** Days loaded at a time: a kill loses at most this much work. */
const DAYS_PER_LOAD: Readonly<Partial<Record<Dataset, number>>> = { ods_minute_bar: 5, ods_tick: 5, ods_quote: 5 }

/** Days of a bulky dataset that are asked for, at the end of the history. */
const KEPT_DAYS: Readonly<Partial<Record<Dataset, number>>> = { ods_tick: TICK_DAYS, ods_quote: TICK_DAYS, ods_cyq_chips: 5 }

/** Tables of the evening and of the next morning wait for their own time; those ready by then come with the day's bars. */
const WITH_THE_BARS = clockTime('17:30')

/**
 * What the source could fill between two dates and has not yet. Bulky datasets reach back only some days, and nothing is asked for before it is published.
 * What a source gives on request only is among it when its table is one of the `targets`.
 * Lists without days are asked for again whenever a day is: what is in them may have changed with it.
 */
export function missingRaw(app: App, from: TradeDate, to: TradeDate, targets: readonly string[] = []): readonly MissingRaw[] {
  const { source, calendar } = app
  if (source === undefined) return []
  const stateOf = app.ledger.partitions.reader()
  const now = app.clock.now()
  const last = calendar.lastCompleted(now)
  const asked = source.onRequest?.filter((dataset) => targets.includes(dataset)) ?? []
  const all = [...source.datasets, ...asked].flatMap((dataset) => {
    const table = findTable(dataset)
    if (table === undefined || table.build.by !== 'fetch') return []
    if (isWhole(table)) return [{ table, dataset, dates: [last] }]
    const [earliest, latest] = keptDays(calendar, dataset, last)
    const dates = calendar
      .dates(from < earliest ? earliest : from, to < latest ? to : latest)
      .filter((date) => stateOf(table.name, date) === undefined && isReady(table, date, now))
    return dates.length === 0 ? [] : [{ table, dataset, dates }]
  })
  const hasNewDay = all.some(({ table }) => table.name === 'ods_daily')
  return all.filter(({ table }) => !isWhole(table) || hasNewDay || stateOf(table.name, WHOLE) === undefined)
}

/** The last day of a table that can be there now: its source gives no later one, or has not published it yet; of markets abroad the one that all of them are over on. */
export function lastDue({ source, calendar, clock }: Pick<App, 'source' | 'calendar' | 'clock'>, table: Table): TradeDate {
  const now = clock.now()
  const last = calendar.lastCompleted(now)
  if (table.foreign === true) return Math.min(last, foreignLast(now)) as TradeDate
  const dataset = table.build.by === 'fetch' ? source?.datasets.find((name) => name === table.name) : undefined
  if (dataset === undefined || isWhole(table)) return last
  let [, due] = keptDays(calendar, dataset, last)
  while (!isReady(table, due, now)) due = calendar.previous(due)
  return due
}

function isReady(table: Table, date: TradeDate, now: EpochMs): boolean {
  return readyAfter(table.readyAt) <= WITH_THE_BARS || readyInstant(table, date) <= now
}

/** First and last day of a dataset that are asked for: of bulky ones the end of the history, minutes for the days before the ticks, which hold the minutes too. */
function keptDays(calendar: Calendar, dataset: Dataset, last: TradeDate): readonly [TradeDate, TradeDate] {
  if (dataset === 'ods_minute_bar') return [calendar.back(last, MINUTE_DAYS - 1), calendar.back(last, TICK_DAYS)]
  const kept = KEPT_DAYS[dataset]
  return [kept === undefined ? calendar.from : calendar.back(last, kept - 1), last]
}

/** Bring missing raw data in, dataset by dataset. Each load is staged, checked and published as one; killed at any moment, the next fetch goes on. */
export async function fetchRaw(
  app: App,
  missing: readonly MissingRaw[],
  run: string,
  emit: (event: VerbEvent) => void,
  signal: AbortSignal,
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = []
  // The engine merges what one dataset left in pieces while the next one is fetched.
  let merging = Promise.resolve()
  for (const { table, dataset, dates } of missing) {
    const task = `fetch ${dataset}`
    emit({ type: 'task-started', run, at: app.clock.now(), task })
    const outcome = await fetchDataset(app, table, dataset, dates, run, task, emit, signal)
    emit({ type: 'task-ended', run, at: app.clock.now(), task, outcome })
    outcomes.push(outcome)
    if (outcome.type === 'done' && dates.length >= COMPACT_FROM) merging = merging.then(() => merged(app, table, dates, emit, signal))
  }
  await merging
  if (app.source?.isChecked === true) {
    const fetched = [...new Set(missing.flatMap(({ dates }) => dates))].toSorted((a, b) => a - b)
    await checkAbsent(app, fetched, run, emit)
  }
  return outcomes
}

/** Merge the pieces of a backfill. What is in pieces is whole and only slower to read, so a failure of the engine is told and is no failure of the fetch. */
async function merged(app: App, table: Table, dates: readonly TradeDate[], emit: (event: VerbEvent) => void, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  try {
    await compact(app.engine, table, dates)
  } catch (error) {
    if (!(error instanceof EngineError)) throw error
    emit({ type: 'message', level: 'warning', text: `${table.name} stays in pieces and is slower to read until a night merges them: ${error.message}` })
  }
}

async function fetchDataset(
  app: App,
  table: Table,
  dataset: Dataset,
  dates: readonly TradeDate[],
  run: string,
  task: string,
  emit: (event: VerbEvent) => void,
  signal: AbortSignal,
): Promise<Outcome> {
  const started = app.clock.now()
  const chunk = DAYS_PER_LOAD[dataset] ?? (app.source!.isChecked === true ? 20 : 5000)
  let rows = 0
  const arrived: Arrived = { rejected: [], dates: new Set() }
  // A vendor may not have a day yet; our own simulator has every day it ever will.
  const isOutstanding = (date: TradeDate) => app.source!.isChecked === true && !isWhole(table) && !arrived.dates.has(date)
  // While some days are checked and published, the next ones are already fetched and staged.
  let publishing: Promise<Outcome | number> | undefined
  const settled = async (): Promise<Outcome | undefined> => {
    const ended = await publishing
    publishing = undefined
    if (typeof ended !== 'number') return ended
    rows += ended
    return undefined
  }
  try {
    for (let at = 0; at < dates.length; at += chunk) {
      const part = dates.slice(at, at + chunk)
      const version = app.ledger.nextVersion()
      const load = new Load(app.engine, version)
      const isStaged = await stageDays(app, load, table, dataset, part, arrived, signal, () =>
        emit({ type: 'task-progress', run, at: app.clock.now(), task, done: at, total: dates.length, unit: 'days' }),
      )
      const bad = await settled()
      if (bad !== undefined || !isStaged) {
        await load.discard()
        return bad ?? { type: 'cancelled' }
      }
      publishing = publishDays(
        app,
        load,
        table,
        dataset,
        part.filter((date) => !isOutstanding(date)),
        version,
        run,
      )
      // A failure is met at the next `settled`.
      publishing.catch(() => {})
    }
    const bad = await settled()
    if (bad !== undefined) return bad
    const outstanding = dates.filter(isOutstanding)
    if (outstanding.length > 0)
      return {
        type: 'not-ready',
        missing: `${dataset} of ${outstanding.slice(0, 5).join(', ')}${outstanding.length > 5 ? ` and ${outstanding.length - 5} more days` : ''}: the source has them not yet`,
        nextStep: `Run again later: ${rows} rows of the other days are there`,
      }
    return { type: 'done', rows, milliseconds: app.clock.now() - started }
  } catch (error) {
    // Expected: the foreseeable endings of the engine and of the source, the abort of the user, a full disk.
    await publishing?.catch(() => {})
    if (error instanceof EngineError) return failureOf(error, 'fupan run')
    if (error instanceof SourceTrouble) {
      const { reason, message, nextStep } = error
      return { type: 'failed', reason, detail: message, nextStep }
    }
    if (signal.aborted) return { type: 'cancelled' }
    if (isDiskFull(error))
      return {
        type: 'failed',
        reason: 'disk-full',
        detail: `The disk of ${app.folders.root} is full: ${(error as Error).message}`,
        nextStep: 'Free space in the data directory, then: fupan run',
      }
    throw error
  } finally {
    recordRejected(app, dataset, dates.at(-1)!, run, arrived.rejected, emit)
  }
}

/** Fetch some days into staging; false when the user stopped it. One page is on its way into the engine while the next one is made. */
async function stageDays(
  app: App,
  load: Load,
  table: Table,
  dataset: Dataset,
  part: readonly TradeDate[],
  arrived: Arrived,
  signal: AbortSignal,
  progress: () => void,
): Promise<boolean> {
  const wanted = new Set<number>(part)
  let adding: Promise<void> | undefined
  try {
    for await (const page of app.source!.fetch({ dataset, from: part[0]!, to: part.at(-1)! }, signal)) {
      if (signal.aborted) break
      if (page.dates.length > 0 && !page.dates.some((date) => wanted.has(date))) continue
      await adding
      arrived.rejected.push(...(page.rejected ?? []))
      for (const date of page.dates) arrived.dates.add(date)
      if (page.frame.length === 0) continue
      adding = load.add(table, page.frame)
      adding.catch(() => {})
      progress()
    }
    await adding
    return !signal.aborted
  } catch (error) {
    // Not handled: the rows of the unfinished load go, then the reason goes on.
    await adding?.catch(() => {})
    await load.discard()
    throw error
  }
}

/** Rows that were not loaded are never silent: a message, and an entry of the quality log with the first of them. */
function recordRejected(app: App, dataset: Dataset, date: TradeDate, run: string, rejected: readonly Rejection[], emit: (event: VerbEvent) => void): void {
  if (rejected.length === 0) return
  const reasons = [...Map.groupBy(rejected, ({ reason }) => reason)].map(([reason, rows]) => `${rows.length} ${reason}`)
  app.ledger.checks.record([
    {
      checkId: 'QC-FETCH-ROWS',
      target: dataset,
      date,
      runId: run,
      severity: 'WARN',
      passed: false,
      metric: rejected.length,
      threshold: 0,
      actual: reasons.join(', '),
      sample: rejected.slice(0, 20),
    },
  ])
  emit({
    type: 'message',
    level: 'warning',
    text: `${dataset}: ${rejected.length} rows of the source were not loaded (${reasons.join(', ')}). The first: ${rejected[0]!.found}`,
  })
}

/** Check and publish staged days: the rows written, or why they were not. */
async function publishDays(
  app: App,
  load: Load,
  table: Table,
  dataset: Dataset,
  part: readonly TradeDate[],
  version: number,
  run: string,
): Promise<Outcome | number> {
  try {
    const [broken] = (await load.audit()).filter(({ severity, offending }) => severity === 'error' && offending > 0)
    if (broken !== undefined) {
      return {
        type: 'failed',
        reason: 'bad-payload',
        detail: `${dataset}: ${broken.offending} rows break "${broken.rule}"; nothing was loaded`,
        nextStep: 'Fetch again; if it stays, the source changed its format',
      }
    }
    let written = 0
    for (const published of (await load.publish()).values()) written += published.written
    await recordArrival(app.engine, app.ledger, table, version, run, part)
    return written
  } finally {
    await load.discard()
  }
}
