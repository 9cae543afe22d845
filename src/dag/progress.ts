import type { Outcome, RunEvent } from '#core/run-event.ts'
import { remainingMs } from './eta.ts'
import type { Step } from './steps.ts'

/** At most one progress event per task, and one for the run, in this time (the last one always comes). */
const EVERY_MS = 500

export interface ProgressOptions {
  readonly run: string
  readonly steps: readonly Step[]
  readonly concurrency: number
  /** Milliseconds per day known from earlier runs. */
  readonly msPerDay: (task: string) => number | undefined
  readonly now: () => number
  readonly emit: (event: RunEvent) => void
}

interface TaskProgress {
  readonly steps: number
  readonly days: number
  daysDone: number
  /** Measured in this run: days built and the time they took. */
  daysBuilt: number
  builtMs: number
  shownAt: number
}

/** Counts days done and turns them into `task-progress` and `run-progress` events. */
export class Progress {
  readonly #options: ProgressOptions
  readonly #tasks = new Map<string, TaskProgress>()
  readonly #ended: Uint8Array
  readonly #days: number
  #daysDone = 0
  #shownAt = -Infinity

  constructor(options: ProgressOptions) {
    this.#options = options
    this.#ended = new Uint8Array(options.steps.length)
    this.#days = daysOf(options.steps)
    for (const [task, steps] of Map.groupBy(options.steps, ({ task }) => task))
      this.#tasks.set(task, { steps: steps.length, days: daysOf(steps), daysDone: 0, daysBuilt: 0, builtMs: 0, shownAt: -Infinity })
  }

  /** What a runner says of itself: a task with one step is shown in the runner's unit, one with several in days. */
  within(step: Step, done: number, total: number, unit: string): void {
    const task = this.#tasks.get(step.task)!
    if (this.#options.now() - task.shownAt < EVERY_MS) return
    if (task.steps === 1) this.#show(step.task, task, done, total, unit)
    else this.#show(step.task, task, task.daysDone + Math.floor((step.dates.length * done) / Math.max(1, total)), task.days, 'days')
  }

  /** A step ended, however it ended. */
  end(step: Step, outcome: Outcome): void {
    const task = this.#tasks.get(step.task)!
    this.#ended[step.ordinal] = 1
    this.#daysDone += step.dates.length
    task.daysDone += step.dates.length
    if (outcome.type === 'done') {
      task.daysBuilt += step.dates.length
      task.builtMs += outcome.milliseconds
    }
    const now = this.#options.now()
    if (task.steps > 1 && (task.daysDone === task.days || now - task.shownAt >= EVERY_MS)) this.#show(step.task, task, task.daysDone, task.days, 'days')
    if (this.#daysDone === this.#days || now - this.#shownAt >= EVERY_MS) this.#showRun(now)
  }

  #show(name: string, task: TaskProgress, done: number, total: number, unit: string): void {
    task.shownAt = this.#options.now()
    this.#options.emit({ type: 'task-progress', run: this.#options.run, at: task.shownAt, task: name, done, total, unit })
  }

  #showRun(now: number): void {
    const { run, steps, concurrency, emit } = this.#options
    const remaining = remainingMs({ steps, isEnded: ({ ordinal }) => this.#ended[ordinal] === 1, msPerDay: (task) => this.#msPerDay(task), concurrency })
    this.#shownAt = now
    emit({
      type: 'run-progress',
      run,
      at: now,
      done: this.#daysDone,
      total: this.#days,
      ...(remaining === undefined ? {} : { remainingMs: Math.round(remaining) }),
    })
  }

  #msPerDay(name: string): number | undefined {
    const { builtMs, daysBuilt } = this.#tasks.get(name)!
    return daysBuilt > 0 ? builtMs / daysBuilt : this.#options.msPerDay(name)
  }
}

function daysOf(steps: readonly Step[]): number {
  return steps.reduce((sum, { dates }) => sum + dates.length, 0)
}
