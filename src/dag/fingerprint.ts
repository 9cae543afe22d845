import type { TradeDate } from '#core/trade-date.ts'
import type { Graph, Lookback, TaskNode } from './graph.ts'

/** The date under which a node without days (`whole`) keeps its one state. */
export const WHOLE = 0 as TradeDate

/** What is known of one built (or arrived) day of a task. */
export interface DayState {
  /** The version at which the content last changed; from 1, never decreasing. A rebuild with equal content keeps it. */
  readonly version: number
  /** `fingerprintsOf` at the time of the build; '' for a given node. */
  readonly fingerprint: string
}

/** The freshness source: the state of a day, absent when it was never built or has been invalidated. */
export type StateOf = (task: string, date: TradeDate) => DayState | undefined

/**
 * 指纹: what each of `days[first..last]` of a task would be built from now, as readable text
 * `definition|input@version|…`, where version is the greatest one of the input within its lookback (0 = nothing there).
 * `days` is always the whole calendar, so that "all" means the same in every call.
 */
export function fingerprintsOf(graph: Graph, task: TaskNode, days: readonly TradeDate[], first: number, last: number, stateOf: StateOf): string[] {
  const texts = Array.from({ length: last - first + 1 }, () => task.definition)
  for (const need of task.needs) {
    if (need.strength === 'order') continue
    const input = graph.byName.get(need.name)!
    const newest =
      input.whole === true
        ? new Float64Array(last - first + 1).fill(stateOf(need.name, WHOLE)?.version ?? 0)
        : windowMax((i) => stateOf(need.name, days[i]!)?.version ?? 0, first, last, task.whole === true ? 'all' : need.lookback)
    for (let i = 0; i < texts.length; i++) texts[i] += `|${need.name}@${newest[i]}`
  }
  return texts
}

/** The fingerprint of a node without days: its inputs over all days of the calendar. */
export function wholeFingerprint(graph: Graph, task: TaskNode, days: readonly TradeDate[], stateOf: StateOf): string {
  return days.length === 0 ? task.definition : fingerprintsOf(graph, task, days, days.length - 1, days.length - 1, stateOf)[0]!
}

/** Greatest value of `at(i - lookback) … at(i)` for each i in [first, last]; indexes below 0 do not exist. Monotone queue, O(n). */
export function windowMax(at: (i: number) => number, first: number, last: number, lookback: Lookback): Float64Array {
  const reach = lookback === 'all' ? last : lookback
  const out = new Float64Array(last - first + 1)
  const start = Math.max(0, first - reach)
  const queue = new Int32Array(last - start + 1)
  const value = new Float64Array(last - start + 1)
  let head = 0
  let tail = 0
  for (let i = start; i <= last; i++) {
    const x = (value[i - start] = at(i))
    while (tail > head && value[queue[tail - 1]! - start]! <= x) tail--
    queue[tail++] = i
    while (queue[head]! < i - reach) head++
    if (i >= first) out[i - first] = value[queue[head]! - start]!
  }
  return out
}

/** Why a day is built, in the words shown by `plan`. */
export type Why = 'missing' | 'forced' | 'stale: definition changed' | `stale: ${string} changed`

/** The first difference between the fingerprint a day was built with and the one it would have now; absent when equal. */
export function differenceOf(before: string, now: string): Why | undefined {
  if (before === now) return undefined
  const [definition, ...inputs] = before.split('|')
  const [definitionNow, ...inputsNow] = now.split('|')
  const sameNames = inputs.length === inputsNow.length && inputs.every((input, i) => nameOf(input) === nameOf(inputsNow[i]!))
  if (definition !== definitionNow || !sameNames) return 'stale: definition changed'
  return `stale: ${nameOf(inputsNow.find((input, i) => input !== inputs[i])!)} changed`
}

function nameOf(part: string): string {
  return part.slice(0, part.indexOf('@'))
}
