import type { Rng } from '#core/rng.ts'

/** One parameter and the values it may take, ascending: the grid steps. */
export interface ParameterAxis {
  readonly name: string
  readonly values: readonly number[]
}

/** A place in the grid: one step number per axis. */
export type GridPoint = readonly number[]

/** The parameters at a place. */
export function parametersAt(axes: readonly ParameterAxis[], point: GridPoint): Readonly<Record<string, number>> {
  return Object.fromEntries(axes.map((axis, i) => [axis.name, axis.values[point[i]!]!]))
}

/** Evenly spaced values from `low` to `high`, both included; each is computed from its number, so 0.1 steps do not drift. Throws RangeError unless low ≤ high and step > 0. */
export function steps(low: number, high: number, step: number): number[] {
  if (!(low <= high && step > 0)) throw new RangeError(`Cannot space values: low ≤ high and a step above 0 are needed, found ${low}, ${high}, ${step}`)
  const count = Math.floor((high - low) / step + 1e-9) + 1
  return Array.from({ length: count }, (_, i) => Number((low + i * step).toPrecision(12)))
}

/** How many places the grid has. */
export function gridSize(axes: readonly ParameterAxis[]): number {
  return axes.reduce((size, axis) => size * axis.values.length, 1)
}

/** 网格: every place, the last axis fastest. */
export function gridPoints(axes: readonly ParameterAxis[]): GridPoint[] {
  check(axes)
  return Array.from({ length: gridSize(axes) }, (_, number) => pointOf(axes, number))
}

/** 随机: `count` different places, each equally likely, in the order drawn; the whole grid shuffled when `count` reaches its size. */
export function randomPoints(axes: readonly ParameterAxis[], count: number, rng: Rng): GridPoint[] {
  check(axes)
  const size = gridSize(axes)
  // Floyd's and Fisher–Yates' idea in one: a sparse shuffle that stops after `count` places.
  const moved = new Map<number, number>()
  return Array.from({ length: Math.min(count, size) }, (_, i) => {
    const j = rng.integer(i, size - 1)
    const drawn = moved.get(j) ?? j
    moved.set(j, moved.get(i) ?? i)
    return pointOf(axes, drawn)
  })
}

/**
 * 拉丁超立方 (McKay, Beckman & Conover 1979): `count` places such that each axis is cut into `count` equal strata and every stratum is used
 * once. On an axis with fewer steps than places the steps are used equally often, give or take one; places that coincide are kept once.
 */
export function latinHypercube(axes: readonly ParameterAxis[], count: number, rng: Rng): GridPoint[] {
  check(axes)
  const columns = axes.map((axis) => {
    const strata = Array.from({ length: count }, (_, i) => i)
    for (let i = count - 1; i > 0; i--) {
      const j = rng.integer(0, i)
      const kept = strata[i]!
      strata[i] = strata[j]!
      strata[j] = kept
    }
    return strata.map((stratum) => Math.floor(((stratum + rng.next()) / count) * axis.values.length))
  })
  const seen = new Set<string>()
  return Array.from({ length: count }, (_, i) => columns.map((column) => column[i]!)).filter((point) => {
    const key = point.join()
    return !seen.has(key) && seen.add(key)
  })
}

/** A place that was tried and what it scored. NaN = no score (never the best). */
export interface ScoredPoint {
  readonly point: GridPoint
  readonly score: number
}

/**
 * 坐标细化: what to try next, given everything tried so far: the untried places one step from the best along each axis. Nothing = the best place
 * is better than all its neighbours, or nothing has a score. Deterministic: call again with the new scores until it is empty.
 */
export function refinementPoints(axes: readonly ParameterAxis[], tried: readonly ScoredPoint[]): GridPoint[] {
  check(axes)
  const best = bestPoint(tried)
  if (best === undefined) return []
  const seen = new Set(tried.map(({ point }) => point.join()))
  return neighbours(axes, best.point).filter((point) => !seen.has(point.join()))
}

/** The best score, the first of equals; undefined when nothing has one. */
export function bestPoint(tried: readonly ScoredPoint[]): ScoredPoint | undefined {
  return tried.reduce<ScoredPoint | undefined>((best, one) => (one.score > (best?.score ?? -Infinity) ? one : best), undefined)
}

/** 高原分: is the best place a plateau or a needle? */
export interface PlateauScore {
  /** Share of the tried neighbours (±1 step along one axis) with at least 70 % of the best score; NaN when the best is not positive or none was tried. */
  readonly share: number
  readonly tried: number
  /** Neighbours inside the grid. */
  readonly neighbours: number
}

/** Parameter stability around the best place (spec backtest §6). Undefined when nothing has a score. */
export function plateauScore(axes: readonly ParameterAxis[], tried: readonly ScoredPoint[], within = 0.7): PlateauScore | undefined {
  const best = bestPoint(tried)
  if (best === undefined) return undefined
  const scores = new Map(tried.map(({ point, score }) => [point.join(), score]))
  const around = neighbours(axes, best.point)
  const known = around.flatMap((point) => scores.get(point.join()) ?? [])
  const near = known.filter((score) => score >= within * best.score).length
  return { share: best.score > 0 && known.length > 0 ? near / known.length : NaN, tried: known.length, neighbours: around.length }
}

function neighbours(axes: readonly ParameterAxis[], point: GridPoint): GridPoint[] {
  return axes.flatMap((axis, i) => [point[i]! - 1, point[i]! + 1].filter((step) => step >= 0 && step < axis.values.length).map((step) => point.with(i, step)))
}

function pointOf(axes: readonly ParameterAxis[], number: number): GridPoint {
  const point: number[] = Array.from({ length: axes.length }, () => 0)
  for (let i = axes.length - 1, rest = number; i >= 0; i--) {
    const { length } = axes[i]!.values
    point[i] = rest % length
    rest = Math.floor(rest / length)
  }
  return point
}

function check(axes: readonly ParameterAxis[]): void {
  const empty = axes.find(({ values }) => values.length === 0)
  if (empty !== undefined) throw new RangeError(`Cannot scan parameter "${empty.name}": it needs at least one value, found none`)
  const falling = axes.find(({ values }) => values.some((value, i) => i > 0 && !(value > values[i - 1]!)))
  if (falling !== undefined) throw new RangeError(`Cannot scan parameter "${falling.name}": values must ascend, found ${falling.values.join(', ')}`)
  if (new Set(axes.map(({ name }) => name)).size < axes.length) throw new RangeError('Cannot scan: every parameter needs its own name, found one twice')
}
