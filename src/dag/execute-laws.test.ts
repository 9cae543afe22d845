import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Outcome } from '#core/run-event.ts'
import { seededRng, type Rng } from '#core/rng.ts'
import type { TradeDate } from '#core/trade-date.ts'
import { execute, type RunReport, type StepRequest } from './execute.ts'
import { WHOLE } from './fingerprint.ts'
import { graphOf, type Graph, type Need, type TaskNode } from './graph.ts'
import { planOf, type Plan } from './plan.ts'
import { States, failed, manualClock, settle, task } from './test-rig.ts'

const DAYS = [20260105, 20260106, 20260107, 20260108, 20260109, 20260112] as TradeDate[]

/** A random graph: the first nodes are given, later ones need some earlier ones; some have one state for all days. */
function randomGraph(rng: Rng): Graph {
  const count = rng.integer(3, 9)
  const nodes: TaskNode[] = []
  for (let i = 0; i < count; i++) {
    const inputs = nodes.filter(() => rng.next() < 0.4)
    const needs = inputs.map(({ name }): Need => ({
      name,
      lookback: rng.next() < 0.2 ? 'all' : rng.integer(0, 3),
      strength: rng.next() < 0.2 ? 'soft' : 'hard',
    }))
    const rest = { given: i < 2, whole: rng.next() < 0.15, definition: `v${rng.integer(1, 2)}` }
    nodes.push(task(`n${i}`, i < 2 ? [] : needs, rest))
  }
  return graphOf(nodes)
}

/** The content of (task, day) in a world: what was given, or a text made of everything read. */
class World {
  readonly graph: Graph
  readonly content = new Map<string, string>()
  readonly states = new States()

  constructor(graph: Graph) {
    this.graph = graph
  }

  give(name: string, date: TradeDate, content: string): void {
    this.content.set(`${name} ${date}`, content)
    this.states.arrive(name, date)
  }

  make(node: TaskNode, date: TradeDate): string {
    const at = date === WHOLE ? DAYS.length - 1 : DAYS.indexOf(date)
    const read = node.needs.map(({ name, lookback }) => {
      if (this.graph.byName.get(name)!.whole === true) return this.content.get(`${name} ${WHOLE}`)
      const from = node.whole === true || lookback === 'all' ? 0 : Math.max(0, at - lookback)
      return DAYS.slice(from, at + 1).map((day) => this.content.get(`${name} ${day}`))
    })
    return `${node.definition}${shorten(JSON.stringify(read))}`
  }
}

/** Contents grow with every layer: a long one becomes its length and a checksum. */
function shorten(text: string): string {
  let sum = 7
  for (let i = 0; i < text.length; i++) sum = (Math.imul(sum, 31) + text.charCodeAt(i)) | 0
  return `(${text.length} ${sum})`
}

const datesOf = (node: TaskNode): readonly TradeDate[] => (node.whole === true ? [WHOLE] : DAYS)

/** The slow, obvious answer: every task in order, every day in order, from scratch. */
function sequentially(world: World): Map<string, string> {
  const fresh = new World(world.graph)
  for (const node of world.graph.nodes)
    for (const date of datesOf(node)) {
      const key = `${node.name} ${date}`
      if (node.given !== true) fresh.content.set(key, fresh.make(node, date))
      else if (world.content.has(key)) fresh.content.set(key, world.content.get(key)!)
    }
  return fresh.content
}

function planFor({ graph, states }: World, maxDays: number): Plan {
  return planOf({ graph, days: DAYS, targets: [], from: DAYS[0]!, to: DAYS.at(-1)!, cap: DAYS.at(-1)!, stateOf: states.stateOf, maxDays: () => maxDays })
}

interface Interleaved {
  readonly report: RunReport
  readonly mistakes: readonly string[]
}

/** Run a plan; which running step ends next is drawn, and a step may be made to fail instead. Everything is read at the start of a step. */
async function interleaved(world: World, plan: Plan, rng: Rng, failing: number): Promise<Interleaved> {
  const running: { readonly request: StepRequest; readonly made: readonly string[]; readonly end: (outcome: Outcome) => void }[] = []
  const mistakes: string[] = []
  const writing = new Set<string>()
  const over = execute({
    graph: world.graph,
    plan,
    stateOf: world.states.stateOf,
    emit: () => {},
    clock: manualClock(0),
    rng,
    limits: { total: rng.integer(1, 4) },
    run: async (request) => {
      if (writing.has(request.task)) mistakes.push(`two writers of ${request.task}`)
      writing.add(request.task)
      const node = world.graph.byName.get(request.task)!
      const made = request.dates.map((date) => world.make(node, date))
      const isWritten = (name: string): boolean => running.some((other) => other.request.task === name && reads(node, name, request.dates, other.request.dates))
      for (const { name } of node.needs) if (isWritten(name)) mistakes.push(`${request.task} read ${name} while it was written`)
      return await new Promise<Outcome>((end) => running.push({ request, made, end }))
    },
  })
  await settle()
  while (running.length > 0) {
    const [{ request, made, end }] = running.splice(rng.integer(0, running.length - 1), 1) as [(typeof running)[number]]
    writing.delete(request.task)
    if (rng.next() < failing) end(failed('audit-failed'))
    else {
      const before = request.dates.map((date) => world.content.get(`${request.task} ${date}`))
      for (const [i, date] of request.dates.entries()) world.content.set(`${request.task} ${date}`, made[i]!)
      world.states.record(request, (date) => before[request.dates.indexOf(date)] === made[request.dates.indexOf(date)])
      end({ type: 'done', rows: 1, milliseconds: 1 })
    }
    await settle()
  }
  return { report: await over, mistakes }
}

function reads(node: TaskNode, name: string, dates: readonly TradeDate[], written: readonly TradeDate[]): boolean {
  const { lookback } = node.needs.find((need) => need.name === name)!
  if (dates[0] === WHOLE || written[0] === WHOLE) return true
  const [first, last] = [DAYS.indexOf(dates[0]!), DAYS.indexOf(dates.at(-1)!)]
  return written.some((date) => DAYS.indexOf(date) <= last && (lookback === 'all' || DAYS.indexOf(date) >= first - lookback))
}

test('execute() runs each step after its inputs and equals the sequential result, for any graph and any interleaving', { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer(), async (seed) => {
      const rng = seededRng(seed)
      const world = new World(randomGraph(rng))
      for (const node of world.graph.nodes.filter(({ given }) => given)) for (const date of datesOf(node)) world.give(node.name, date, `g${rng.integer(0, 3)}`)
      const { report, mistakes } = await interleaved(world, planFor(world, rng.integer(1, 6)), rng, 0)
      expect(mistakes).toEqual([])
      expect(report.state).toBe('success')
      expect(world.content).toEqual(sequentially(world))
      expect(planFor(world, 6).steps).toEqual([])
    }),
    { numRuns: 150 },
  )
})

test('planOf() after failures and changes continues to the same result, whatever happened before', { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer(), async (seed) => {
      const rng = seededRng(seed)
      const world = new World(randomGraph(rng))
      const givens = world.graph.nodes.filter(({ given }) => given)
      for (const node of givens) for (const date of datesOf(node)) world.give(node.name, date, `g${rng.integer(0, 3)}`)
      for (let round = 0; round < 3; round++) {
        const { mistakes } = await interleaved(world, planFor(world, rng.integer(1, 6)), rng, 0.3)
        expect(mistakes).toEqual([])
        const node = givens[rng.integer(0, givens.length - 1)]!
        const dates = datesOf(node)
        world.give(node.name, dates[rng.integer(0, dates.length - 1)]!, `g${rng.integer(0, 3)}`)
      }
      await interleaved(world, planFor(world, rng.integer(1, 6)), rng, 0)
      expect(world.content).toEqual(sequentially(world))
      expect(planFor(world, 6).steps).toEqual([])
    }),
    { numRuns: 150 },
  )
})
