import type { Outcome } from '#core/run-event.ts'
import { seededRng } from '#core/rng.ts'
import type { TradeDate } from '#core/trade-date.ts'
import { execute, type RunReport, type StepRequest } from '#dag/execute.ts'
import type { StateOf } from '#dag/fingerprint.ts'
import { planOf, type Plan } from '#dag/plan.ts'
import { EngineError } from '#warehouse/engine/engine.ts'
import { buildTable } from '#warehouse/build.ts'
import { COMPACT_FROM, compact } from '#warehouse/publish.ts'
import type { AuditResult } from '#warehouse/audit.ts'
import type { Table } from '#warehouse/table.ts'
import { findTable } from '#warehouse/tables.ts'
import type { App } from './app.ts'
import { failureOf } from './engine-outcome.ts'
import { isWhole, nightGraph, withAlternatives } from './night-graph.ts'
import { contentOf } from './record-arrival.ts'
import type { VerbEvent } from './verb.ts'

/** What the user wants built. */
export interface NightRequest {
  /** Table names; empty = all. What they need is built too. */
  readonly targets: readonly string[]
  readonly from: TradeDate
  readonly to: TradeDate
  /** Only these stocks are written. */
  readonly codes?: readonly string[]
  readonly scope: 'pool' | 'all'
  readonly force: boolean
}

const graph = nightGraph()

/** 计划: what `run` would do now, and why. */
export function planNight(app: App, request: NightRequest): Plan {
  const cap = app.calendar.lastCompleted(app.clock.now())
  return planOf({
    graph,
    days: app.calendar.dates(app.calendar.from, cap),
    targets: request.targets,
    from: request.from,
    to: request.to,
    cap,
    stateOf: statesFor(app, request),
    force: request.force,
    maxDays: (task) => findTable(task)?.maxDaysPerStep ?? 250,
    mayShareStep: () => true,
  })
}

/** Run what is stale. Every table's days are audited before they are published and recorded after; killed at any moment, the next run goes on. */
export async function runNight(app: App, request: NightRequest, emit: (event: VerbEvent) => void, signal: AbortSignal): Promise<RunReport> {
  const plan = planNight(app, request)
  const pieces = new Map<Table, TradeDate[]>()
  const report = await execute({
    graph,
    plan,
    stateOf: statesFor(app, request),
    run: (step) => runStep(app, request, step, pieces),
    emit(event) {
      app.ledger.runs.record(event)
      emit(event)
    },
    clock: app.clock,
    rng: seededRng(`retry ${app.clock.now()}`),
    limits: { total: 2, pools: { engine: 2 } },
    signal: AbortSignal.any([signal, app.ended]),
    msPerDay: (task) => app.ledger.runs.msPerDay(task),
  })
  for (const [table, dates] of pieces) if (dates.length >= COMPACT_FROM && !signal.aborted) await compact(app.engine, table, dates)
  app.ledger.runs.describe(report.run, { args: request })
  for (const { task, error } of report.bugs) app.log.error({ err: error, task }, 'a task failed by a fault of the program')
  return report
}

/** States as this request sees them: alternatives resolved, a build of all stocks good enough for the work set, nothing built when only some stocks are asked for. */
function statesFor(app: App, { codes, scope }: NightRequest): StateOf {
  const kept = withAlternatives(app.ledger.partitions.reader())
  return (task, date) => {
    const table = findTable(task)
    if (codes !== undefined && table !== undefined && table.build.by !== 'fetch' && !isWhole(table)) return undefined
    const state = kept(task, date)
    if (state === undefined || !isScoped(task)) return state
    const [built, fingerprint] = [state.fingerprint.slice(0, 4), state.fingerprint.slice(4)]
    return built === '_all' || scope === 'pool' ? { ...state, fingerprint } : { ...state, fingerprint: `pool only ${fingerprint}` }
  }
}

/** Tables whose rows depend on how many stocks' ticks were worked on; their fingerprints say which. */
function isScoped(task: string): boolean {
  return task === 'stock_microstructure_daily' || task === 'stock_level_microstructure'
}

/** One step of the plan. Days that it published in small pieces are noted in `pieces`, for whoever has the whole run in sight. */
async function runStep(app: App, request: NightRequest, step: StepRequest, pieces: Map<Table, TradeDate[]>): Promise<Outcome> {
  const table = findTable(step.task)
  if (table === undefined) throw new RangeError(`Cannot run ${step.task}: no table has this name`)
  const started = app.clock.now()
  const version = app.ledger.nextVersion()
  try {
    const result = await buildTable(app.engine, table, {
      dates: step.dates,
      scope: request.scope,
      version,
      signal: step.signal,
      progress: step.progress,
      ...(request.codes === undefined ? {} : { codes: request.codes }),
    })
    recordAudits(app, table, step, result.audits)
    if (result.type === 'audit-failed') return auditFailure(table, step, result.audits)
    await recordBuild(app, table, request, step, version)
    if (result.published.written > 0) {
      if (step.dates.length >= COMPACT_FROM) await compact(app.engine, table, step.dates)
      else pieces.getOrInsertComputed(table, () => []).push(...step.dates)
    }
    return { type: 'done', rows: result.published.written + result.published.deleted, milliseconds: app.clock.now() - started }
  } catch (error) {
    // Expected: the engine ended a statement in one of the ways we can imagine. Anything else is a bug and goes on.
    if (error instanceof EngineError) return failureOf(error, `fupan run ${table.name} --from ${step.from} --to ${step.to}`)
    throw error
  }
}

async function recordBuild(app: App, table: Table, request: NightRequest, step: StepRequest, version: number): Promise<void> {
  const known = app.ledger.partitions.reader()
  const content = await contentOf(app.engine, table, isWhole(table) ? [] : step.dates)
  const days = content.flatMap((day) => {
    const mark = isScoped(table.name) ? (request.scope === 'all' ? '_all' : 'pool') : ''
    if (request.codes === undefined) return [{ ...day, fingerprint: mark + (step.fingerprints.get(day.date) ?? '') }]
    // Only some stocks were written: a day that was complete stays complete with its new content, others stay unbuilt.
    const before = known(table.name, day.date)
    return before === undefined ? [] : [{ ...day, fingerprint: before.fingerprint }]
  })
  app.ledger.transaction(() => {
    app.ledger.partitions.record({ table: table.name, version, runId: step.run, days })
    if (isWhole(table) || request.codes !== undefined) return
    const cap = app.calendar.lastCompleted(app.clock.now())
    app.ledger.watermarks.advance({
      apiName: table.name,
      to: completeThrough(app, table, step.to),
      cap,
      runId: step.run,
      reason: 'built',
      historyStart: step.from,
    })
  })
}

/**
 * The last built day up to which nothing is missing that could have been built: a market day without the raw data the table comes from is no hole
 * (an import covers what it covers), a day that has them and was not built is one.
 */
function completeThrough(app: App, table: Table, latest: TradeDate): TradeDate {
  const stateOf = withAlternatives(app.ledger.partitions.reader())
  const roots = rawRootsOf(table)
  const newest = app.ledger.partitions.coverage().find((covered) => covered.table === table.name)?.to ?? latest
  let through = app.ledger.watermarks.read(table.name)?.waterMark ?? latest
  for (let day = through; day < newest;) {
    day = app.calendar.next(day)
    if (stateOf(table.name, day) !== undefined) through = day
    else if (roots.every((root) => stateOf(root, day) !== undefined)) return through
  }
  return through
}

/** The given inputs without which a day of the table cannot be built, through all its hard needs. */
function rawRootsOf(table: Table): readonly string[] {
  const roots = new Set<string>()
  const visit = (name: string) => {
    const node = graph.byName.get(name)!
    if (node.whole === true) return
    if (node.given === true) roots.add(name)
    for (const need of node.needs) if (need.strength !== 'soft' && need.strength !== 'order') visit(need.name)
  }
  visit(table.name)
  return [...roots]
}

function recordAudits(app: App, table: Table, step: StepRequest, audits: readonly AuditResult[]): void {
  app.ledger.checks.record(
    audits.map((audit) => ({
      checkId: audit.audit,
      target: table.name,
      date: step.to,
      runId: step.run,
      severity: audit.severity === 'error' ? ('ERROR' as const) : ('WARN' as const),
      passed: audit.offending === 0,
      metric: audit.offending,
      threshold: 0,
      expected: audit.rule,
      actual: `${audit.offending} rows of ${step.from}..${step.to}`,
      sample: audit.sample,
    })),
  )
}

function auditFailure(table: Table, step: StepRequest, audits: readonly AuditResult[]): Outcome {
  const failed = audits.filter(({ severity, offending }) => severity === 'error' && offending > 0)
  const [first] = failed
  return {
    type: 'failed',
    reason: 'audit-failed',
    detail: `${table.name} ${step.from}..${step.to}: ${failed.map(({ rule, offending }) => `${offending} rows break "${rule}"`).join(', ')}; the first: ${JSON.stringify(first!.sample[0])}. Nothing was published.`,
    nextStep: `Look at the inputs with: fupan explain ${table.name}; the checks are in: fupan query "select * from meta_quality_check_log"`,
  }
}
