import type { Clock } from '#core/clock.ts'
import type { Outcome, RunEvent } from '#core/run-event.ts'
import { seededRng } from '#core/rng.ts'
import type { EpochMs, TradeDate } from '#core/trade-date.ts'
import { execute, type Execution, type RunReport, type StepRequest } from './execute.ts'
import { fingerprintsOf, wholeFingerprint, type DayState, type StateOf } from './fingerprint.ts'
import { graphOf, type Graph, type Need, type TaskNode } from './graph.ts'
import { planOf, type Plan, type PlanRequest } from './plan.ts'

/** A clock that stands still until `advance` is called. For tests. */
export interface ManualClock extends Clock {
  /** Let time pass, waking sleepers in the order of their hour; work they start runs in between. */
  advance(ms: number): Promise<void>
}

export function manualClock(start: number): ManualClock {
  let now = start
  const sleepers = new Set<{ readonly until: number; readonly wake: () => void }>()
  return {
    now: () => now as EpochMs,
    async sleep(ms, signal) {
      if (signal?.aborted === true) return
      await new Promise<void>((resolve) => {
        const sleeper = {
          until: now + ms,
          wake: () => {
            sleepers.delete(sleeper)
            resolve()
          },
        }
        sleepers.add(sleeper)
        signal?.addEventListener('abort', sleeper.wake, { once: true })
      })
    },
    async advance(ms) {
      const until = now + ms
      await settle()
      for (;;) {
        const next = [...sleepers].filter((sleeper) => sleeper.until <= until).toSorted((a, b) => a.until - b.until)[0]
        if (next === undefined) break
        now = Math.max(now, next.until)
        next.wake()
        await settle()
      }
      now = until
      await settle()
    },
  }
}

/** Let everything that can go on without time go on. */
export async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
}

/** `a --> b` in one line: `task('b', ['a'])`. */
export function task(name: string, needs: readonly (string | Need)[] = [], rest: Partial<TaskNode> = {}): TaskNode {
  return { name, needs: needs.map((need) => (typeof need === 'string' ? { name: need, lookback: 0 } : need)), definition: `${name} v1`, ...rest }
}

/** States in memory, with versions counted up by one per recorded step. */
export class States {
  readonly #states = new Map<string, DayState>()
  version = 0

  readonly stateOf: StateOf = (task, date) => this.#states.get(`${task} ${date}`)

  /** A given day arrives, or arrives again. */
  arrive(task: string, ...dates: number[]): void {
    this.version++
    for (const date of dates) this.#states.set(`${task} ${date}`, { version: this.version, fingerprint: '' })
  }

  /** A step is built; `sameContent` keeps the old versions. */
  record(request: Pick<StepRequest, 'task' | 'fingerprints'>, sameContent: boolean | ((date: TradeDate) => boolean) = false): void {
    this.version++
    for (const [date, fingerprint] of request.fingerprints) {
      const before = this.stateOf(request.task, date)
      const isSame = typeof sameContent === 'function' ? sameContent(date) : sameContent
      this.#states.set(`${request.task} ${date}`, { version: isSame && before !== undefined ? before.version : this.version, fingerprint })
    }
  }
}

interface RunningStep {
  readonly request: StepRequest
  readonly end: (outcome: Outcome) => void
  readonly fail: (error: unknown) => void
}

/** Every ending decided by hand: `await rig.end('a', …)`. Steps that run are in `running`, in order of start. */
export class Rig {
  readonly graph: Graph
  readonly days: readonly TradeDate[]
  readonly states = new States()
  readonly clock = manualClock(Date.UTC(2026, 0, 5, 8, 1))
  readonly events: RunEvent[] = []
  readonly stop = new AbortController()
  readonly #waiting: RunningStep[] = []

  constructor(nodes: readonly TaskNode[], days: readonly number[]) {
    this.graph = graphOf(nodes)
    this.days = days as TradeDate[]
  }

  plan(rest: Partial<PlanRequest> = {}): Plan {
    const [from, to] = [this.days[0]!, this.days.at(-1)!]
    return planOf({ graph: this.graph, days: this.days, targets: [], from, to, cap: to, stateOf: this.states.stateOf, maxDays: () => 1000, ...rest })
  }

  async start(plan: Plan = this.plan(), rest: Partial<Execution> = {}): Promise<{ readonly report: Promise<RunReport> }> {
    const report = execute({
      graph: this.graph,
      plan,
      stateOf: this.states.stateOf,
      run: async (request) => await new Promise<Outcome>((end, fail) => this.#waiting.push({ request, end, fail })),
      emit: (event) => this.events.push(event),
      clock: this.clock,
      rng: seededRng(1),
      limits: { total: 8 },
      signal: this.stop.signal,
      ...rest,
    })
    await settle()
    return { report }
  }

  /** What the days of a task would be built from now. */
  printsOf(task: string, dates: readonly TradeDate[]): ReadonlyMap<TradeDate, string> {
    const node = this.graph.byName.get(task)!
    const printOf = (date: TradeDate): string => {
      const at = this.days.indexOf(date)
      return at < 0
        ? wholeFingerprint(this.graph, node, this.days, this.states.stateOf)
        : fingerprintsOf(this.graph, node, this.days, at, at, this.states.stateOf)[0]!
    }
    return new Map(dates.map((date) => [date, printOf(date)]))
  }

  get running(): string[] {
    return this.#waiting.map(({ request }) => request.task)
  }

  requestOf(task: string): StepRequest {
    return this.#find(task).request
  }

  /** End the oldest running step of a task. 'done' records its states, 'unchanged' records them with equal content. */
  async end(task: string, how: 'done' | 'unchanged' | Outcome | Error = 'done'): Promise<void> {
    const step = this.#find(task)
    this.#waiting.splice(this.#waiting.indexOf(step), 1)
    if (how === 'done' || how === 'unchanged') this.states.record(step.request, how === 'unchanged')
    if (how instanceof Error) step.fail(how)
    else step.end(how === 'done' || how === 'unchanged' ? { type: 'done', rows: 10 * step.request.dates.length, milliseconds: 1000 } : how)
    await settle()
  }

  #find(task: string): RunningStep {
    const step = this.#waiting.find(({ request }) => request.task === task)
    if (step === undefined) throw new RangeError(`Cannot find a running step of ${task}: running are ${this.running.join(', ') || 'none'}`)
    return step
  }
}

export function failed(reason: Extract<Outcome, { type: 'failed' }>['reason'], rest: { retryAfterMs?: number } = {}): Outcome {
  return { type: 'failed', reason, detail: `${reason} on purpose`, nextStep: 'none', ...rest }
}
