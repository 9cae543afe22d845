import { nearest } from '#core/errors.ts'

/** How many open days before a day its build reads: a number, or the whole history. 0 = the same day only. */
export type Lookback = number | 'all'

/** One input of a task. */
export interface Need {
  readonly name: string
  readonly lookback: Lookback
  /**
   * 'hard' (default): without the same day of it nothing is built. 'soft': built without it, and again when it arrives or changes.
   * 'order': only waits for it; its changes make nothing stale and its failure stops nothing.
   */
  readonly strength?: 'hard' | 'soft' | 'order'
}

/** One node of the night: a table to build or a thing to do, in words of names only. */
export interface TaskNode {
  readonly name: string
  readonly needs: readonly Need[]
  /** Hash of what it does (SQL text, kernel version, columns): a change makes every day stale. No `|`, `@`. */
  readonly definition: string
  /** It arrives from outside (imports, a feed): it has states but is never a step. */
  readonly given?: boolean
  /** It has one state for all days (a dimension), kept under the date `WHOLE`. */
  readonly whole?: boolean
  /** Days without it are normal (ticks of a few days): they are left out without a word. */
  readonly sparse?: boolean
  /** A failure of it makes the run 'degraded' instead of 'failed'. */
  readonly optional?: boolean
  /** Name of a bounded resource it uses, see `Limits`. */
  readonly pool?: string
}

/** A checked graph: nodes in topological order, ties in declaration order. */
export interface Graph {
  readonly nodes: readonly TaskNode[]
  readonly byName: ReadonlyMap<string, TaskNode>
}

/**
 * Check and order the nodes. Throws RangeError with ALL mistakes, one per line: a graph is written by us, so a mistake is a bug of the program.
 */
export function graphOf(nodes: readonly TaskNode[]): Graph {
  const mistakes = mistakesOf(nodes)
  if (mistakes.length > 0) throw new RangeError(`Cannot order the tasks: ${mistakes.length} mistakes found.\n${mistakes.map((line) => `- ${line}`).join('\n')}`)
  const ordered = inOrder(nodes)
  return { nodes: ordered, byName: new Map(ordered.map((node) => [node.name, node])) }
}

/** Every mistake in the declaration, as sentences; empty when the graph is sound. */
export function mistakesOf(nodes: readonly TaskNode[]): readonly string[] {
  const names = new Set(nodes.map(({ name }) => name))
  const twice = new Set(nodes.map(({ name }) => name).filter((name, i, all) => all.indexOf(name) !== i))
  return [
    ...[...twice].map((name) => `"${name}" is declared more than once`),
    ...nodes.flatMap((node) => mistakesOfNode(node, names)),
    ...cyclesOf(nodes).map((path) => `a cycle: ${path.join(' → ')}`),
  ]
}

function mistakesOfNode({ name, needs, definition, given }: TaskNode, names: ReadonlySet<string>): string[] {
  const mistakes: string[] = []
  if (/[|@]/.test(name) || /[|@]/.test(definition)) mistakes.push(`"${name}" uses | or @, which separate the parts of a fingerprint`)
  if (given === true && needs.length > 0) mistakes.push(`"${name}" is given from outside but needs "${needs[0]!.name}"`)
  for (const [i, need] of needs.entries()) {
    if (needs.findIndex((other) => other.name === need.name) < i) mistakes.push(`"${name}" needs "${need.name}" more than once`)
    if (need.lookback !== 'all' && !(Number.isInteger(need.lookback) && need.lookback >= 0))
      mistakes.push(`"${name}" looks back ${need.lookback} days at "${need.name}": it is a whole number from 0, or 'all'`)
    if (names.has(need.name)) continue
    const meant = nearest(need.name, [...names])
    mistakes.push(`"${name}" needs "${need.name}", which is not declared${meant === undefined ? '' : `; did you mean "${meant}"?`}`)
  }
  return mistakes
}

/** Paths of cycles, each closed by its first name: at least one for every knot of nodes that wait for each other. */
function cyclesOf(nodes: readonly TaskNode[]): string[][] {
  const needsOf = new Map(nodes.map((node) => [node.name, node.needs.map(({ name }) => name)]))
  const state = new Map<string, 'open' | 'closed'>()
  const path: string[] = []
  const cycles: string[][] = []
  const visit = (name: string): void => {
    if (state.get(name) === 'closed') return
    if (state.get(name) === 'open') {
      cycles.push([...path.slice(path.indexOf(name)), name])
      return
    }
    state.set(name, 'open')
    path.push(name)
    for (const need of needsOf.get(name) ?? []) if (needsOf.has(need)) visit(need)
    path.pop()
    state.set(name, 'closed')
  }
  for (const { name } of nodes) visit(name)
  return cycles
}

/** Kahn (1962); of the nodes that are free, always the one declared first. */
function inOrder(nodes: readonly TaskNode[]): TaskNode[] {
  const placed = new Set<string>()
  const left = [...nodes]
  const ordered: TaskNode[] = []
  while (left.length > 0) {
    const at = left.findIndex(({ needs }) => needs.every(({ name }) => placed.has(name)))
    const [node] = left.splice(at, 1)
    placed.add(node!.name)
    ordered.push(node!)
  }
  return ordered
}

/** The named nodes and everything they are made from, names in topological order. */
export function upstreamOf(graph: Graph, names: readonly string[]): readonly string[] {
  const wanted = new Set(names)
  for (const node of graph.nodes.toReversed()) if (wanted.has(node.name)) for (const need of node.needs) wanted.add(need.name)
  return graph.nodes.map(({ name }) => name).filter((name) => wanted.has(name))
}

/** The named nodes and everything made from them, names in topological order. */
export function downstreamOf(graph: Graph, names: readonly string[]): readonly string[] {
  const reached = new Set(names)
  for (const node of graph.nodes) if (node.needs.some(({ name }) => reached.has(name))) reached.add(node.name)
  return graph.nodes.map(({ name }) => name).filter((name) => reached.has(name))
}
