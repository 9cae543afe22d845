import type { Step } from './steps.ts'

/** What an estimate is made from. */
export interface EtaRequest {
  /** Steps of the plan, in order: `steps[i].ordinal` is i. */
  readonly steps: readonly Step[]
  readonly isEnded: (step: Step) => boolean
  /** Milliseconds one day of a task takes (median of its last runs); absent when it never ran. */
  readonly msPerDay: (task: string) => number | undefined
  /** How many steps run at once. */
  readonly concurrency: number
}

/**
 * 剩余时间 in milliseconds: the longer of the critical path through the steps left and their total work divided by the places to run in
 * (both are lower bounds, Graham 1966). Absent while a task that is left has no known duration. A running step counts in full.
 * Steps of one task run one after another, so of an input only the last step read matters.
 */
export function remainingMs({ steps, isEnded, msPerDay, concurrency }: EtaRequest): number | undefined {
  const finish = new Float64Array(steps.length)
  let work = 0
  let path = 0
  for (const [i, step] of steps.entries()) {
    const own = isEnded(step) ? 0 : (msPerDay(step.task) ?? NaN) * step.dates.length
    if (Number.isNaN(own)) return undefined
    const before = i > 0 && steps[i - 1]!.task === step.task ? finish[i - 1]! : 0
    finish[i] = step.after.reduce((latest, { last }) => Math.max(latest, finish[last]!), before) + own
    work += own
    path = Math.max(path, finish[i])
  }
  return Math.max(path, work / concurrency)
}

/** Median; absent for no values. */
export function medianOf(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length === 0 ? undefined : sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
