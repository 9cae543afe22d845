import type { TradeDate } from '#core/trade-date.ts'
import { WHOLE, type Why } from './fingerprint.ts'
import type { Graph, Lookback, TaskNode } from './graph.ts'

/** One unit of work: neighbouring open days of one task. */
export interface Step {
  /** Its place in the plan. */
  readonly ordinal: number
  readonly task: string
  /** First and last date; both `WHOLE` for a task without days. */
  readonly from: TradeDate
  readonly to: TradeDate
  readonly dates: readonly TradeDate[]
  /** Index of `from` in the calendar; -1 for a task without days. */
  readonly first: number
  /** The reason of most of its days. */
  readonly why: Why
  /** All reasons, with the number of days each. */
  readonly reasons: readonly { readonly why: Why; readonly days: number }[]
  /** The steps it reads from, as runs of neighbouring ordinals, one per input that is itself planned. */
  readonly after: readonly StepRange[]
}

/** Steps `first … last` of the input `task`. */
export interface StepRange {
  readonly task: string
  readonly first: number
  readonly last: number
  /** Whether a bad ending of any of them makes building pointless (hard need) or is tolerated (soft, order). */
  readonly hard: boolean
}

export interface CutOptions {
  readonly maxDays: number
  readonly mayShareStep: ((task: string, earlier: TradeDate, later: TradeDate) => boolean) | undefined
  /** Ordinal of the first step made. */
  readonly ordinal: number
}

/** Merge neighbouring days into ranges of at most `maxDays`, not linked yet (`after` empty). Throws RangeError when `maxDays` is not a whole number from 1. */
export function cutIntoSteps(task: TaskNode, days: readonly TradeDate[], why: ReadonlyMap<number, Why>, options: CutOptions): Step[] {
  const { maxDays, mayShareStep, ordinal } = options
  if (!(Number.isInteger(maxDays) && maxDays >= 1))
    throw new RangeError(`Cannot cut the days of ${task.name} into steps: a step has a whole number of days from 1, found ${maxDays}`)
  const ranges: number[][] = []
  for (const i of why.keys()) {
    const open = ranges.at(-1)
    const joins = open !== undefined && open.at(-1) === i - 1 && open.length < maxDays && mayShareStep?.(task.name, days[i - 1]!, days[i]!) !== false
    if (joins) open.push(i)
    else ranges.push([i])
  }
  return ranges.map((range, k) => {
    const dates = task.whole === true ? [WHOLE] : range.map((i) => days[i]!)
    const reasons = countReasons(range.map((i) => why.get(i)!))
    const step = { ordinal: ordinal + k, task: task.name, from: dates[0]!, to: dates.at(-1)!, dates, first: task.whole === true ? -1 : range[0]!, reasons }
    return { ...step, why: reasons[0]!.why, after: [] }
  })
}

/** Most frequent first; equal counts in order of appearance. */
function countReasons(whys: readonly Why[]): { why: Why; days: number }[] {
  const counts = new Map<Why, number>()
  for (const why of whys) counts.set(why, (counts.get(why) ?? 0) + 1)
  return [...counts].map(([why, days]) => ({ why, days })).toSorted((a, b) => b.days - a.days)
}

/** Link every step to the planned steps it reads from: those whose days meet its days or their lookback. */
export function linkSteps(graph: Graph, steps: readonly Step[]): Step[] {
  const byTask = Map.groupBy(steps, ({ task }) => task)
  return steps.map((step) => ({
    ...step,
    after: graph.byName.get(step.task)!.needs.flatMap((need) => {
      const inputs = byTask.get(need.name)
      const read = inputs === undefined ? undefined : readRange(step, need.lookback, inputs)
      return read === undefined ? [] : [{ task: need.name, ...read, hard: need.strength === undefined || need.strength === 'hard' }]
    }),
  }))
}

/** The ordinals of the inputs' steps that meet the days a step reads; the steps of one input are sorted and do not overlap. */
function readRange(step: Step, lookback: Lookback, inputs: readonly Step[]): { first: number; last: number } | undefined {
  if (step.first < 0 || inputs[0]!.first < 0) return { first: inputs[0]!.ordinal, last: inputs.at(-1)!.ordinal }
  const low = lookback === 'all' ? 0 : step.first - lookback
  const high = step.first + step.dates.length - 1
  const first = firstWhere(inputs, (input) => input.first + input.dates.length - 1 >= low)
  const last = firstWhere(inputs, (input) => input.first > high) - 1
  return first > last ? undefined : { first: inputs[first]!.ordinal, last: inputs[last]!.ordinal }
}

/** Index of the first step for which the condition holds, given that it holds for all later ones. */
function firstWhere(steps: readonly Step[], holds: (step: Step) => boolean): number {
  let [low, high] = [0, steps.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (holds(steps[middle]!)) high = middle
    else low = middle + 1
  }
  return low
}
