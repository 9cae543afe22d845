import { UsageError, nearest } from '#core/errors.ts'
import type { TradeDate } from '#core/trade-date.ts'
import { WHOLE, differenceOf, fingerprintsOf, wholeFingerprint, type StateOf, type Why } from './fingerprint.ts'
import { upstreamOf, type Graph, type Lookback, type TaskNode } from './graph.ts'
import { cutIntoSteps, linkSteps, type Step } from './steps.ts'

/** What the user wants built, and what is known. */
export interface PlanRequest {
  readonly graph: Graph
  /** The whole calendar of open days, ascending: lookbacks are counted in it, and "all" means all of it. */
  readonly days: readonly TradeDate[]
  /** Names to build; what they need is built too. Empty = every task. */
  readonly targets: readonly string[]
  readonly from: TradeDate
  readonly to: TradeDate
  /** The last completed trade date: no later day is ever planned, however far the calendar is filled. */
  readonly cap: TradeDate
  readonly stateOf: StateOf
  /** Build the requested days of the targets even when fresh. */
  readonly force?: boolean
  /** Most days in one step of a task. */
  readonly maxDays: (task: string) => number
  /** Whether two neighbouring days may share a step; default yes. A table partitioned by year says no across New Year. */
  readonly mayShareStep?: (task: string, earlier: TradeDate, later: TradeDate) => boolean
}

/** Days that cannot be built because an input from outside is not there. */
export interface Blocked {
  readonly task: string
  readonly dates: readonly TradeDate[]
  /** The input that is missing, by the name of the node it comes from. */
  readonly missing: string
  /** 'not-yet': later than its newest day. 'gap': it has days before and after. 'never': it has no day at all. */
  readonly kind: 'not-yet' | 'gap' | 'never'
}

/** What would be done and why, before anything is done. */
export interface Plan {
  /** In an order in which they can be run one after another: by task (topological), then by date. */
  readonly steps: readonly Step[]
  readonly blocked: readonly Blocked[]
  /** Wanted (task, day) pairs that need nothing. */
  readonly fresh: number
  readonly days: readonly TradeDate[]
}

/**
 * 计划: which days of which tasks must be built. A day is stale when its fingerprint differs from the one it was built with, or when an
 * input day within its lookback is itself planned (it may then turn out unchanged, see execute.ts). Days before the first day of an
 * input do not exist and are left out. Throws UsageError on an unknown target.
 */
export function planOf(request: PlanRequest): Plan {
  const { graph, days, stateOf } = request
  const targets = checkedTargets(request)
  const selected = upstreamOf(graph, targets).map((name) => graph.byName.get(name)!)
  const to = lastAtMost(days, Math.min(request.to, request.cap))
  const from = firstAtLeast(days, request.from)
  const starts = startsOf(selected, targets, Math.min(from, to + 1))
  const views = new Map<string, View>()
  const steps: Step[] = []
  const blocked: Blocked[] = []
  let fresh = 0
  for (const task of selected) {
    const view = emptyView(task, days.length)
    views.set(task.name, view)
    recordStates(view, days, stateOf)
    if (task.given === true) continue
    const forced = request.force === true && targets.includes(task.name)
    const why =
      task.whole === true ? whyWhole(request, task, view, views, forced, to) : whyDays(request, task, view, views, starts.get(task.name)!, from, to, forced)
    fresh += why.fresh
    blocked.push(...why.blocked)
    steps.push(...cutIntoSteps(task, days, why.byDay, { maxDays: request.maxDays(task.name), mayShareStep: request.mayShareStep, ordinal: steps.length }))
  }
  return { steps: linkSteps(graph, steps), blocked, fresh, days }
}

/** What the planner knows of one task while it walks down the graph. Day arrays are by index in the calendar; a whole task uses index 0. */
interface View {
  readonly task: TaskNode
  readonly built: Uint8Array
  readonly planned: Uint8Array
  /** Per day: 0, or 1 + index in `roots` of the missing input because of which the day cannot be there. */
  readonly missing: Uint16Array
  readonly roots: { readonly name: string; readonly silent: boolean; readonly kind: Blocked['kind'] }[]
  firstBuilt: number
  lastBuilt: number
}

interface Decision {
  readonly byDay: ReadonlyMap<number, Why>
  readonly blocked: readonly Blocked[]
  readonly fresh: number
}

function emptyView(task: TaskNode, length: number): View {
  const size = task.whole === true ? 1 : length
  return { task, built: new Uint8Array(size), planned: new Uint8Array(size), missing: new Uint16Array(size), roots: [], firstBuilt: Infinity, lastBuilt: -1 }
}

function recordStates(view: View, days: readonly TradeDate[], stateOf: StateOf): void {
  for (let i = 0; i < view.built.length; i++) {
    if (stateOf(view.task.name, view.task.whole === true ? WHOLE : days[i]!) === undefined) continue
    view.built[i] = 1
    view.firstBuilt = Math.min(view.firstBuilt, i)
    view.lastBuilt = i
  }
}

function whyDays(
  { graph, days, stateOf }: PlanRequest,
  task: TaskNode,
  view: View,
  views: ReadonlyMap<string, View>,
  start: number,
  from: number,
  to: number,
  forced: boolean,
): Decision {
  const byDay = new Map<number, Why>()
  const blocked = new Map<string, { missing: string; kind: Blocked['kind']; dates: TradeDate[] }>()
  let fresh = 0
  if (start > to) return { byDay, blocked: [], fresh }
  const prints = fingerprintsOf(graph, task, days, start, to, stateOf)
  const inputs = task.needs
    .filter(({ strength }) => strength !== 'order')
    .map(({ name, lookback }) => ({ name, isPlanned: plannedWithin(views.get(name)!, lookback) }))
  for (let i = start; i <= to; i++) {
    const state = view.built[i] === 1 ? stateOf(task.name, days[i]!) : undefined
    const changed = inputs.find(({ isPlanned }) => isPlanned(i))
    const why: Why | undefined =
      forced && i >= from
        ? 'forced'
        : state === undefined
          ? 'missing'
          : (differenceOf(state.fingerprint, prints[i - start]!) ?? (changed === undefined ? undefined : `stale: ${changed.name} changed`))
    if (why === undefined) {
      fresh++
      continue
    }
    const root = missingRoot(task, views, i)
    if (root === undefined) {
      byDay.set(i, why)
      view.planned[i] = 1
      continue
    }
    if (state !== undefined) continue
    view.missing[i] = rootIndex(view, root)
    if (root.silent || i < from) continue
    const key = `${root.kind} ${root.name}`
    const entry = blocked.get(key) ?? { missing: root.name, kind: root.kind, dates: [] }
    entry.dates.push(days[i]!)
    blocked.set(key, entry)
  }
  return { byDay, blocked: [...blocked.values()].map((entry) => ({ task: task.name, ...entry })), fresh }
}

function whyWhole({ graph, days, stateOf }: PlanRequest, task: TaskNode, view: View, views: ReadonlyMap<string, View>, forced: boolean, to: number): Decision {
  const state = stateOf(task.name, WHOLE)
  const changed = task.needs.find(({ name, strength }) => strength !== 'order' && views.get(name)!.planned.includes(1))
  const why: Why | undefined = forced
    ? 'forced'
    : state === undefined
      ? 'missing'
      : (differenceOf(state.fingerprint, wholeFingerprint(graph, task, days, stateOf)) ??
        (changed === undefined ? undefined : `stale: ${changed.name} changed`))
  if (why === undefined) return { byDay: new Map(), blocked: [], fresh: 1 }
  const absent = task.needs.find(({ name, strength }) => {
    const input = views.get(name)!
    return strength !== 'order' && strength !== 'soft' && input.lastBuilt < 0 && !input.planned.includes(1)
  })
  if (absent === undefined) {
    view.planned[0] = 1
    return { byDay: new Map([[0, why]]), blocked: [], fresh: 0 }
  }
  view.missing[0] = rootIndex(view, { name: absent.name, silent: false, kind: 'never' })
  const dates = to < 0 ? [] : [days[to]!]
  return { byDay: new Map(), blocked: state === undefined ? [{ task: task.name, dates, missing: absent.name, kind: 'never' }] : [], fresh: 0 }
}

/** The input from outside because of which day i cannot be built, or nothing. */
function missingRoot(task: TaskNode, views: ReadonlyMap<string, View>, i: number): View['roots'][number] | undefined {
  for (const need of task.needs) {
    if (need.strength === 'soft' || need.strength === 'order') continue
    const input = views.get(need.name)!
    const at = input.task.whole === true ? 0 : i
    if (input.built[at] === 1 || input.planned[at] === 1) continue
    const inherited = input.missing[at]!
    if (inherited > 0) return input.roots[inherited - 1]!
    const kind = input.lastBuilt < 0 ? 'never' : at > input.lastBuilt ? 'not-yet' : 'gap'
    return { name: need.name, silent: input.task.sparse === true || (input.lastBuilt >= 0 && at < input.firstBuilt), kind }
  }
  return undefined
}

function rootIndex(view: View, root: View['roots'][number]): number {
  const at = view.roots.findIndex(({ name, kind, silent }) => name === root.name && kind === root.kind && silent === root.silent)
  return at >= 0 ? at + 1 : view.roots.push(root)
}

/** Whether the planner will build an input on day i or within the lookback before it, by prefix counts. */
function plannedWithin({ task, planned }: View, lookback: Lookback): (i: number) => boolean {
  if (task.whole === true) return () => planned[0] === 1
  const before = new Int32Array(planned.length + 1)
  for (let i = 0; i < planned.length; i++) before[i + 1] = before[i]! + planned[i]!
  return (i) => before[i + 1]! > before[lookback === 'all' ? 0 : Math.max(0, i - lookback)]!
}

/** Per task, the first day index wanted: the request's for targets, reaching back by the lookbacks for what they need. */
function startsOf(selected: readonly TaskNode[], targets: readonly string[], from: number): ReadonlyMap<string, number> {
  const starts = new Map(selected.map(({ name }) => [name, targets.includes(name) ? from : Infinity]))
  for (const task of selected.toReversed()) {
    const own = starts.get(task.name)!
    for (const need of task.needs) {
      const reach = task.whole === true || need.lookback === 'all' ? 0 : Math.max(0, own - need.lookback)
      starts.set(need.name, Math.min(starts.get(need.name)!, reach))
    }
  }
  return starts
}

function checkedTargets({ graph, targets }: PlanRequest): readonly string[] {
  for (const name of targets) {
    if (graph.byName.has(name)) continue
    const meant = nearest(name, [...graph.byName.keys()])
    throw new UsageError(`Cannot plan "${name}": no task has this name${meant === undefined ? '' : `; did you mean "${meant}"?`} Run: fupan list`)
  }
  return targets.length > 0 ? targets : graph.nodes.filter(({ given }) => given !== true).map(({ name }) => name)
}

function firstAtLeast(days: readonly TradeDate[], date: number): number {
  let [low, high] = [0, days.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (days[middle]! < date) low = middle + 1
    else high = middle
  }
  return low
}

function lastAtMost(days: readonly TradeDate[], date: number): number {
  return firstAtLeast(days, date + 1) - 1
}
