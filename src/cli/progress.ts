import type { VerbEvent } from '#app/verb.ts'
import type { Outcome } from '#core/run-event.ts'
import { styleText } from 'node:util'
import { clip } from './text-table.ts'

/** A reader of events that writes to the terminal. `end` leaves the screen clean. */
export interface ProgressReader {
  readonly read: (event: VerbEvent) => void
  readonly end: () => void
}

interface Task {
  state: 'waiting' | 'running' | 'ended'
  done: number
  total: number
  unit: string
  since: number
  outcome?: Outcome
}

/** One repainted block: a line per running task with bar and rate, the run's remaining time below. For terminals. */
export function repaintedProgress(out: NodeJS.WriteStream, now: () => number): ProgressReader {
  const tasks = new Map<string, Task>()
  let painted = 0
  let remaining: number | undefined
  let lastPaint = 0
  const wipe = () => {
    if (painted > 0) out.write(`\u001B[${painted}F\u001B[J`)
    painted = 0
  }
  const paint = (force: boolean) => {
    if (!force && now() - lastPaint < 80) return
    lastPaint = now()
    const width = Math.max(40, (out.columns ?? 100) - 1)
    const running = [...tasks].filter(([, task]) => task.state === 'running')
    const lines = running.map(([name, task]) => clip(`${barOf(task)} ${name}  ${countOf(task)}`, width))
    const ended = [...tasks.values()].filter((task) => task.state === 'ended').length
    if (tasks.size > 1) lines.push(clip(`${ended}/${tasks.size} tasks${remaining === undefined ? '' : `, about ${durationOf(remaining)} left`}`, width))
    wipe()
    if (lines.length > 0) out.write(`${lines.join('\n')}\n`)
    painted = lines.length
  }
  return {
    read(event) {
      switch (event.type) {
        case 'run-started':
          for (const { task, days } of event.tasks) tasks.set(task, { state: 'waiting', done: 0, total: days, unit: 'days', since: now() })
          break
        case 'task-started':
          tasks.set(event.task, { ...(tasks.get(event.task) ?? { done: 0, total: 0, unit: 'days' }), state: 'running', since: now() })
          break
        case 'task-progress': {
          const task = tasks.get(event.task)
          if (task !== undefined) Object.assign(task, { done: event.done, total: event.total, unit: event.unit })
          break
        }
        case 'run-progress':
          remaining = event.remainingMs
          break
        case 'task-ended': {
          const task = tasks.get(event.task) ?? { state: 'ended', done: 0, total: 0, unit: 'days', since: now() }
          tasks.set(event.task, { ...task, state: 'ended', outcome: event.outcome })
          wipe()
          out.write(`${endingLine(event.task, event.outcome)}\n`)
          break
        }
        case 'progress':
          tasks.set(event.what, { state: 'running', done: event.done, total: event.total ?? 0, unit: event.unit, since: tasks.get(event.what)?.since ?? now() })
          if (event.total !== undefined && event.done >= event.total) tasks.delete(event.what)
          break
        case 'message':
          wipe()
          out.write(`${event.level === 'warning' ? styleText('yellow', event.text) : event.text}\n`)
          break
        case 'task-retrying':
          wipe()
          out.write(`${styleText('yellow', '↻')} ${event.task} tries again in ${durationOf(event.delayMs)}: ${event.because}\n`)
          break
        case 'run-ended':
          break
      }
      paint(event.type !== 'task-progress' && event.type !== 'progress')
    },
    end: wipe,
  }
}

/** One line per change and at most one progress line every ten seconds. For pipes, logs and CI. */
export function plainProgress(out: NodeJS.WritableStream, now: () => number): ProgressReader {
  let lastProgress = now()
  const start = now()
  const say = (text: string) => out.write(`${((now() - start) / 1000).toFixed(1).padStart(7)}s ${text}\n`)
  return {
    read(event) {
      if (event.type === 'run-started') say(`run ${event.run}: ${event.tasks.length} tasks`)
      else if (event.type === 'task-ended') say(endingLine(event.task, event.outcome))
      else if (event.type === 'message') say(event.text)
      else if (event.type === 'task-retrying') say(`${event.task} tries again in ${durationOf(event.delayMs)}: ${event.because}`)
      else if ((event.type === 'task-progress' || event.type === 'progress') && now() - lastProgress >= 10_000) {
        lastProgress = now()
        say(`${event.type === 'progress' ? event.what : event.task}: ${event.done}${event.total === undefined ? '' : `/${event.total}`} ${event.unit}`)
      }
    },
    end() {},
  }
}

/** Events as newline-delimited JSON on the error stream, so that the reply alone is on the output stream. */
export function jsonProgress(out: NodeJS.WritableStream): ProgressReader {
  return { read: (event) => void out.write(`${JSON.stringify(event)}\n`), end() {} }
}

function endingLine(task: string, outcome: Outcome): string {
  switch (outcome.type) {
    case 'done':
      return `${styleText('green', '✓')} ${task}  ${outcome.rows.toLocaleString('en-US')} rows, ${durationOf(outcome.milliseconds)}`
    case 'fresh':
      return `${styleText('green', '✓')} ${task}  fresh`
    case 'skipped':
      return `${styleText('dim', '–')} ${task}  skipped: ${outcome.because}`
    case 'not-ready':
      return `${styleText('yellow', '…')} ${task}  not ready: ${outcome.missing}. ${outcome.nextStep}`
    case 'failed':
      return `${styleText('red', '✗')} ${task}  ${outcome.reason}: ${outcome.detail} ${outcome.nextStep}`
    case 'cancelled':
      return `${styleText('yellow', '■')} ${task}  cancelled`
    default:
      return outcome satisfies never
  }
}

function barOf({ done, total }: Task): string {
  const filled = total > 0 ? Math.min(20, Math.floor((20 * done) / total)) : 0
  return `${'█'.repeat(filled)}${'░'.repeat(20 - filled)}`
}

function countOf({ done, total, unit }: Task): string {
  return total > 0 ? `${done.toLocaleString('en-US')}/${total.toLocaleString('en-US')} ${unit}` : done > 0 ? `${done.toLocaleString('en-US')} ${unit}` : ''
}

/** 950 ms, 12.3 s, 2 min 05 s. */
export function durationOf(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`
  return `${Math.floor(ms / 60_000)} min ${String(Math.round((ms % 60_000) / 1000)).padStart(2, '0')} s`
}
