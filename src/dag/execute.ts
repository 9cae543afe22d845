import type { Clock } from '#core/clock.ts'
import type { Rng } from '#core/rng.ts'
import type { Outcome, RunEvent } from '#core/run-event.ts'
import type { TradeDate } from '#core/trade-date.ts'
import { attempt, isPermanent, type Ending } from './attempt.ts'
import { fingerprintsOf, wholeFingerprint, type StateOf } from './fingerprint.ts'
import type { Graph } from './graph.ts'
import { UNCHANGED, combineOutcomes, exitCodeOfAll, isUsable } from './outcome.ts'
import type { Blocked, Plan } from './plan.ts'
import { Progress } from './progress.ts'
import { DEFAULT_RETRY, retriesFor, retryDelay, type RetryPolicy } from './retry.ts'
import { runIdOf } from './run-id.ts'
import { Slots, type Limits } from './slots.ts'
import type { Step } from './steps.ts'

/** What a runner is told. */
export interface StepRequest {
  readonly run: string
  readonly task: string
  readonly from: TradeDate
  readonly to: TradeDate
  /** The days to build, neighbours in the calendar; `[WHOLE]` for a task without days. */
  readonly dates: readonly TradeDate[]
  /** Per date, what it is built from: to be stored with the new state. Taken before the build reads anything. */
  readonly fingerprints: ReadonlyMap<TradeDate, string>
  /** 1, 2, … */
  readonly attempt: number
  /** Aborts on cancellation and on timeout; a runner then has 30 s to stop. */
  readonly signal: AbortSignal
  readonly progress: (done: number, total: number, unit: string) => void
}

/** Everything a run needs from outside. */
export interface Execution {
  readonly graph: Graph
  readonly plan: Plan
  /** Live states: a step asks again when its turn comes, so what turned out unchanged is not rebuilt. */
  readonly stateOf: StateOf
  /**
   * Does the work of one step and records its new states with the fingerprints given. Idempotent: it may be repeated after any ending.
   * Foreseeable endings are outcomes; a throw is a bug.
   */
  readonly run: (request: StepRequest) => Promise<Outcome>
  readonly emit: (event: RunEvent) => void
  readonly clock: Clock
  readonly rng: Rng
  readonly limits: Limits
  readonly signal?: AbortSignal
  readonly retryOf?: (task: string) => RetryPolicy
  /** Infinity or absent: no limit. */
  readonly timeoutMsOf?: (task: string) => number
  /** Known milliseconds per day of a task, for the estimate. */
  readonly msPerDay?: (task: string) => number | undefined
}

/** What came of it. */
export interface RunReport {
  readonly run: string
  readonly state: 'success' | 'degraded' | 'failed' | 'cancelled'
  /** One ending per task of the plan, in the order of the plan. */
  readonly outcomes: ReadonlyMap<string, Outcome>
  readonly steps: readonly { readonly step: Step; readonly outcome: Outcome; readonly attempts: number; readonly milliseconds: number }[]
  /** What runners threw. The run went on; the exit code is 70. */
  readonly bugs: readonly { readonly task: string; readonly error: unknown }[]
  /** See outcome.ts; days of the plan that wait for data make it 75 when nothing worse happened. */
  readonly exitCode: number
}

/**
 * Run a plan. Laws: a step starts after every step it reads from has ended; steps of one task run one after another, oldest first (one
 * writer per table); a bad ending stops only what needs it; the report is complete whatever happened. A runner that throws is a bug: its
 * step ends as failed 'engine-error', the other branches go on, and the error comes back in `bugs` (not rethrown: the report would be lost).
 */
export async function execute(execution: Execution): Promise<RunReport> {
  return new Run(execution).toEnd()
}

interface StepEnding {
  readonly outcome: Outcome
  readonly attempts: number
  readonly milliseconds: number
}

class Run {
  readonly #execution: Execution
  readonly #id: string
  readonly #slots: Slots
  readonly #endings: (StepEnding | undefined)[]
  readonly #ended: readonly PromiseWithResolvers<void>[]
  readonly #bugs: { task: string; error: unknown }[] = []
  readonly #started = new Set<string>()
  readonly #runaways = new Set<string>()
  readonly #progress: Progress

  constructor(execution: Execution) {
    this.#execution = execution
    this.#id = runIdOf(execution.plan, execution.clock.now())
    this.#slots = new Slots(execution.limits)
    this.#endings = execution.plan.steps.map(() => undefined)
    this.#ended = execution.plan.steps.map(() => Promise.withResolvers<void>())
    this.#progress = new Progress({
      run: this.#id,
      steps: execution.plan.steps,
      concurrency: execution.limits.total,
      msPerDay: (task) => execution.msPerDay?.(task),
      now: () => this.#now(),
      emit: (event) => execution.emit(event),
    })
  }

  async toEnd(): Promise<RunReport> {
    const { plan, emit, graph } = this.#execution
    const byTask = Map.groupBy(plan.steps, ({ task }) => task)
    emit({ type: 'run-started', run: this.#id, at: this.#now(), tasks: [...byTask].map(([task, steps]) => summaryOf(task, steps)) })
    const outcomes = new Map<string, Outcome>()
    await Promise.all([...byTask].map(async ([task, steps]) => outcomes.set(task, await this.#walk(task, steps))))
    const notYet = plan.blocked.filter(({ kind }) => kind === 'not-yet')
    for (const waiting of notYet) {
      const { task } = waiting
      if (outcomes.has(task)) continue
      emit({ type: 'task-ended', run: this.#id, at: this.#now(), task, outcome: notReadyOf(waiting) })
      outcomes.set(task, notReadyOf(waiting))
    }
    const ordered = new Map(graph.nodes.flatMap(({ name }) => (outcomes.has(name) ? [[name, outcomes.get(name)!] as const] : [])))
    const state = this.#stateOf(ordered, notYet.length > 0)
    emit({ type: 'run-ended', run: this.#id, at: this.#now(), state })
    return {
      run: this.#id,
      state,
      outcomes: ordered,
      steps: plan.steps.map((step, i) => ({ step, ...this.#endings[i]! })),
      bugs: this.#bugs,
      exitCode: exitCodeOfAll([...ordered.values(), ...notYet.map(notReadyOf)], this.#bugs.length > 0),
    }
  }

  async #walk(task: string, steps: readonly Step[]): Promise<Outcome> {
    for (const step of steps) {
      await Promise.all(step.after.map(({ last }) => this.#ended[last]!.promise))
      const since = this.#now()
      const { outcome, attempts } = await this.#endingOf(step)
      this.#endings[step.ordinal] = { outcome, attempts, milliseconds: this.#now() - since }
      this.#ended[step.ordinal]!.resolve()
      this.#progress.end(step, outcome)
    }
    const outcome = combineOutcomes(steps.map(({ ordinal }) => this.#endings[ordinal]!.outcome))
    this.#execution.emit({ type: 'task-ended', run: this.#id, at: this.#now(), task, outcome })
    return outcome
  }

  async #endingOf(step: Step): Promise<{ outcome: Outcome; attempts: number }> {
    const { clock, signal, rng } = this.#execution
    const because = this.#obstacleOf(step)
    if (because !== undefined) return { outcome: { type: 'skipped', because }, attempts: 0 }
    const policy = this.#execution.retryOf?.(step.task) ?? DEFAULT_RETRY
    const dice = rng.fork(`${step.task} ${step.from}`)
    for (let attempts = 1; ; attempts++) {
      const ending = await this.#attempt(step, attempts)
      if (ending === 'unchanged') return { outcome: { type: 'skipped', because: UNCHANGED }, attempts: attempts - 1 }
      const { outcome, thrown, runaway } = ending
      if (runaway === true) this.#runaways.add(step.task)
      const retries = outcome.type !== 'failed' || runaway === true || isPermanent(thrown) ? 0 : retriesFor(outcome.reason, policy)
      if (outcome.type !== 'failed' || attempts > retries) {
        if ('thrown' in ending) this.#bugs.push({ task: step.task, error: thrown })
        return { outcome, attempts }
      }
      const delayMs = retryDelay(policy, attempts, dice, outcome.retryAfterMs)
      this.#execution.emit({
        type: 'task-retrying',
        run: this.#id,
        at: this.#now(),
        task: step.task,
        attempt: attempts + 1,
        delayMs,
        because: `${outcome.reason}: ${outcome.detail}`,
      })
      await clock.sleep(delayMs, signal)
      if (signal?.aborted === true) return { outcome: { type: 'cancelled' }, attempts }
    }
  }

  /** One attempt inside a slot; a waiting retry holds none. */
  async #attempt(step: Step, attempts: number): Promise<Ending | 'unchanged'> {
    const { clock, signal, graph } = this.#execution
    const pool = graph.byName.get(step.task)!.pool
    await this.#slots.enter(step.ordinal, pool)
    try {
      if (signal?.aborted === true) return { outcome: { type: 'cancelled' } }
      const work = this.#workLeft(step)
      if (work.size === 0) return 'unchanged'
      if (!this.#started.has(step.task)) this.#execution.emit({ type: 'task-started', run: this.#id, at: this.#now(), task: step.task })
      this.#started.add(step.task)
      const dates = [...work.keys()]
      return await attempt(
        (signal) =>
          this.#execution.run({
            run: this.#id,
            task: step.task,
            from: dates[0]!,
            to: dates.at(-1)!,
            dates,
            fingerprints: work,
            attempt: attempts,
            signal,
            progress: (done, total, unit) => this.#progress.within(step, done, total, unit),
          }),
        { clock, timeoutMs: this.#execution.timeoutMsOf?.(step.task) ?? Infinity, signal },
      )
    } finally {
      this.#slots.leave(pool)
    }
  }

  /** The days of a step whose fingerprint now differs from the stored one, trimmed at both ends so that they stay neighbours. */
  #workLeft(step: Step): ReadonlyMap<TradeDate, string> {
    const { graph, plan, stateOf } = this.#execution
    const task = graph.byName.get(step.task)!
    const prints =
      step.first < 0
        ? [wholeFingerprint(graph, task, plan.days, stateOf)]
        : fingerprintsOf(graph, task, plan.days, step.first, step.first + step.dates.length - 1, stateOf)
    const all = step.dates.map((date, i) => [date, prints[i]!] as const)
    if (step.reasons.some(({ why }) => why === 'forced')) return new Map(all)
    const isStale = ([date, print]: readonly [TradeDate, string]): boolean => stateOf(step.task, date)?.fingerprint !== print
    return new Map(all.slice(all.findIndex(isStale) < 0 ? all.length : all.findIndex(isStale), all.findLastIndex(isStale) + 1))
  }

  /** Why a step cannot run: the first step that it needs and that ended badly, by its root cause. */
  #obstacleOf(step: Step): string | undefined {
    if (this.#runaways.has(step.task)) return `an earlier attempt of ${step.task} did not stop and may still be writing`
    for (const { first, last, hard } of step.after) {
      if (!hard) continue
      for (let ordinal = first; ordinal <= last; ordinal++) {
        const { outcome } = this.#endings[ordinal]!
        if (!isUsable(outcome))
          return outcome.type === 'skipped' ? outcome.because : `upstream ${nameOf(this.#execution.plan.steps[ordinal]!)} ${wordsOf(outcome)}`
      }
    }
    return undefined
  }

  #stateOf(outcomes: ReadonlyMap<string, Outcome>, isWaiting: boolean): RunReport['state'] {
    const all = [...outcomes]
    if (all.some(([, { type }]) => type === 'cancelled')) return 'cancelled'
    const isCritical = (task: string): boolean => this.#execution.graph.byName.get(task)!.optional !== true
    if (all.some(([task, { type }]) => type === 'failed' && isCritical(task))) return 'failed'
    return !isWaiting && all.every(([, outcome]) => isUsable(outcome)) ? 'success' : 'degraded'
  }

  #now(): number {
    return this.#execution.clock.now()
  }
}

function summaryOf(task: string, steps: readonly Step[]): { task: string; from: TradeDate; to: TradeDate; days: number; why: string } {
  const counts = new Map<string, number>()
  for (const { reasons } of steps) for (const { why, days } of reasons) counts.set(why, (counts.get(why) ?? 0) + days)
  const [why] = [...counts].toSorted((a, b) => b[1] - a[1])[0]!
  return { task, from: steps[0]!.from, to: steps.at(-1)!.to, days: steps.reduce((sum, { dates }) => sum + dates.length, 0), why }
}

function notReadyOf({ missing, dates }: Blocked): Outcome {
  return { type: 'not-ready', missing, nextStep: `Import or fetch ${missing} for ${spanOf(dates)}, then run again.` }
}

function spanOf(dates: readonly TradeDate[]): string {
  return dates.length === 1 ? `${dates[0]}` : `${dates[0]}..${dates.at(-1)}`
}

function nameOf({ task, from, to }: Step): string {
  return from === 0 ? task : from === to ? `${task} ${from}` : `${task} ${from}..${to}`
}

function wordsOf(outcome: Outcome): string {
  return outcome.type === 'failed' ? `failed: ${outcome.reason}` : outcome.type === 'not-ready' ? `is not ready: ${outcome.missing}` : 'was cancelled'
}
