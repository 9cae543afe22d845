import type { Dataset } from '#core/source.ts'
import type { Outcome } from '#core/run-event.ts'
import type { TradeDate } from '#core/trade-date.ts'
import { WHOLE } from '#dag/fingerprint.ts'
import { EngineError } from '#warehouse/engine/engine.ts'
import { Load } from '#warehouse/load.ts'
import { compact } from '#warehouse/publish.ts'
import type { Table } from '#warehouse/table.ts'
import { findTable } from '#warehouse/tables.ts'
import type { App } from './app.ts'
import { failureOf } from './engine-outcome.ts'
import { isWhole } from './night-graph.ts'
import { recordArrival } from './record-arrival.ts'
import { TICK_DAYS } from './simulated-source.ts'
import type { VerbEvent } from './verb.ts'

/** Days of one dataset that a source can give and the warehouse does not have. */
export interface MissingRaw {
  readonly table: Table
  readonly dataset: Dataset
  readonly dates: readonly TradeDate[]
}

/** Days loaded at a time: a kill loses at most this much work. */
const DAYS_PER_LOAD: Readonly<Partial<Record<Dataset, number>>> = { ods_tick: 5, ods_quote: 5 }

/** What the source could fill between two dates and has not yet. Ticks reach back only as far as the source keeps them. */
export function missingRaw(app: App, from: TradeDate, to: TradeDate): readonly MissingRaw[] {
  const { source, calendar } = app
  if (source === undefined) return []
  const stateOf = app.ledger.partitions.reader()
  const last = calendar.lastCompleted(app.clock.now())
  return source.datasets.flatMap((dataset) => {
    const table = findTable(dataset)
    if (table === undefined || table.build.by !== 'fetch') return []
    if (isWhole(table)) return stateOf(table.name, WHOLE) === undefined ? [{ table, dataset, dates: [last] }] : []
    const earliest = dataset === 'ods_tick' || dataset === 'ods_quote' ? calendar.shift(last, 1 - TICK_DAYS) : calendar.from
    const dates = calendar.dates(from < earliest ? earliest : from, to < last ? to : last).filter((date) => stateOf(table.name, date) === undefined)
    return dates.length === 0 ? [] : [{ table, dataset, dates }]
  })
}

/** Bring missing raw data in, dataset by dataset. Each load is staged, checked and published as one; killed at any moment, the next fetch goes on. */
export async function fetchRaw(app: App, missing: readonly MissingRaw[], run: string, emit: (event: VerbEvent) => void, signal: AbortSignal): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = []
  for (const { table, dataset, dates } of missing) {
    const task = `fetch ${dataset}`
    emit({ type: 'task-started', run, at: app.clock.now(), task })
    const outcome = await fetchDataset(app, table, dataset, dates, run, task, emit, signal)
    emit({ type: 'task-ended', run, at: app.clock.now(), task, outcome })
    outcomes.push(outcome)
  }
  return outcomes
}

async function fetchDataset(app: App, table: Table, dataset: Dataset, dates: readonly TradeDate[], run: string, task: string, emit: (event: VerbEvent) => void, signal: AbortSignal): Promise<Outcome> {
  const started = app.clock.now()
  const chunk = DAYS_PER_LOAD[dataset] ?? 5000
  let rows = 0
  try {
    for (let at = 0; at < dates.length; at += chunk) {
      if (signal.aborted) return { type: 'cancelled' }
      const part = dates.slice(at, at + chunk)
      const version = app.ledger.nextVersion()
      const load = new Load(app.engine, version)
      try {
        const wanted = new Set<number>(part)
        for await (const page of app.source!.fetch({ dataset, from: part[0]!, to: part.at(-1)! }, signal)) {
          if (page.dates.length > 0 && !page.dates.some((date) => wanted.has(date))) continue
          await load.add(table, page.frame)
          emit({ type: 'task-progress', run, at: app.clock.now(), task, done: at, total: dates.length, unit: 'days' })
        }
        const broken = (await load.audit()).filter(({ severity, offending }) => severity === 'error' && offending > 0)
        if (broken.length > 0) {
          const [first] = broken
          return { type: 'failed', reason: 'bad-payload', detail: `${dataset}: ${first!.offending} rows break "${first!.rule}"; nothing was loaded`, nextStep: 'Fetch again; if it stays, the source changed its format' }
        }
        for (const published of (await load.publish()).values()) rows += published.written
        await recordArrival(app.engine, app.ledger, table, version, run, part)
      } finally {
        await load.discard()
      }
    }
    if (dates.length >= 20) await compact(app.engine, table, dates)
    return { type: 'done', rows, milliseconds: app.clock.now() - started }
  } catch (error) {
    // Expected: the engine's foreseeable endings, and the abort of the user.
    if (error instanceof EngineError) return failureOf(error, 'fupan run')
    if (signal.aborted) return { type: 'cancelled' }
    throw error
  }
}
