import { isFundCode, type Code } from '#core/code.ts'
import { toMilli } from '#core/milli.ts'
import type { TradeDate } from '#core/trade-date.ts'
import { wilderAtr } from '#numeric/wilder-atr.ts'
import { adjustBars, adjustedBetween, type AdjustedBars } from './adjusted-bars.ts'
import { clusterLevels, type PriceCluster } from './cluster-levels.ts'
import { matchLevels, nameLevels } from './level-identity.ts'
import { flipEvent, levelRole } from './level-role.ts'
import { levelStrength } from './level-strength.ts'
import { LEVEL_PARAMS, levelOnTick, rebaseLevels, type LevelBars, type LevelMember, type LevelParams, type PriceLevel } from './price-level.ts'
import { findSwings, swingWeight, type Swing } from './swings.ts'
import { touchHistory, type TouchHistory } from './touch-events.ts'

/** 最小变动价位 in 厘: funds 1, stocks 10. */
export function levelTick(code: Code): number {
  return isFundCode(code) ? 1 : 10
}

/**
 * 关键价位 of a stock at the close of bar `end − 1` (spec microstructure §8), by price. Reads only the last `params.window` bars before `end`; the answer depends on those
 * and on `previous`, the levels of the previous calculation day in today's price basis (`rebaseLevels`), which lend their ids and, inside the band, their roles.
 * Fewer than `params.minBars` bars: none. Throws RangeError when `end` lies outside the bars.
 */
export function buildPriceLevels(
  code: Code,
  bars: LevelBars,
  end: number,
  previous: readonly PriceLevel[] | undefined,
  params: LevelParams = LEVEL_PARAMS,
): readonly PriceLevel[] {
  if (!Number.isInteger(end) || end < 0 || end > bars.length) throw new RangeError(`Cannot build levels: the end lies within ${bars.length} bars, found ${end}`)
  const from = Math.max(0, end - params.window)
  return levelsOf({ code, bars, from, end, adjusted: adjustBars(bars, from, end), previous: previous ?? [], params })
}

/** The levels of one calculation day: `row` is its bar. */
export interface LevelSnapshot {
  readonly row: number
  readonly levels: readonly PriceLevel[]
}

/**
 * 价位历史: the levels at each of `calcRows` (ascending), each continuing the one before. Bit for bit what `buildPriceLevels` gives called one by one with
 * `rebaseLevels` between; the adjusted columns are made once. Throws RangeError when the rows do not ascend within the bars.
 */
export function* levelHistory(code: Code, bars: LevelBars, calcRows: ArrayLike<number>, params: LevelParams = LEVEL_PARAMS): Generator<LevelSnapshot> {
  const lastRow = calcRows.length === 0 ? -1 : calcRows[calcRows.length - 1]!
  if (lastRow >= bars.length) throw new RangeError(`Cannot follow levels: calculation rows lie within ${bars.length} bars, found ${lastRow}`)
  const adjusted = adjustBars(bars, 0, lastRow + 1)
  const tick = levelTick(code)
  let previous: readonly PriceLevel[] = []
  let before = -1
  for (let i = 0; i < calcRows.length; i++) {
    const row = calcRows[i]!
    if (!(row > before)) throw new RangeError(`Cannot follow levels: calculation rows ascend from 0, found ${row} after ${before}`)
    const end = row + 1
    const from = Math.max(0, end - params.window)
    if (before >= 0) previous = rebaseLevels(previous, bars.adjFactor[before]!, bars.adjFactor[row]!, tick)
    previous = levelsOf({ code, bars, from, end, adjusted: adjustedBetween(adjusted, from, end), previous, params })
    before = row
    yield { row, levels: previous }
  }
}

/** ATR ÷ close of bar `end − 1`, a fraction: what `band.mode = auto` asks for (spec microstructure §9.1). NaN with too few bars for an ATR. */
export function atrPctOf(bars: LevelBars, end: number, params: LevelParams = LEVEL_PARAMS): number {
  const { high, low, close, length } = adjustBars(bars, Math.max(0, end - params.window), end)
  return length === 0 ? NaN : wilderAtr(high, low, close, params.atrPeriod)[length - 1]! / close[length - 1]!
}

/** One build: the window [from, end) of `bars`, with `adjusted` holding just those rows. */
interface Build {
  readonly code: Code
  readonly bars: LevelBars
  readonly from: number
  readonly end: number
  readonly adjusted: AdjustedBars
  readonly previous: readonly PriceLevel[]
  readonly params: LevelParams
}

/** A cluster with what its bars tell, before it has a name and a role. */
interface FoundLevel {
  readonly price: number
  readonly tol: number
  readonly members: readonly LevelMember[]
  readonly touches: TouchHistory
  readonly held: number
  readonly broken: number
  readonly lastTouch: number
  readonly strength: number
}

function levelsOf(build: Build): readonly PriceLevel[] {
  const { code, bars, end, adjusted, previous, params } = build
  if (adjusted.length < params.minBars) return []
  const found = findLevels(build)
  const matched = matchLevels(found, previous)
  const close = toMilli(bars.close[end - 1]!)
  const meanClose = meanOfLast(adjusted.close, params.roleBars) / bars.adjFactor[end - 1]!
  const roles = found.map(({ price }, i) => levelRole({ level: price, close, meanClose, previous: matched[i] }, params))
  const chosen = chooseLevels(found, roles, close, params)
  const names = nameLevels(
    code,
    chosen.map((i) => found[i]!),
    chosen.map((i) => matched[i]),
  )
  return chosen.map((i, nth) => describeLevel(build, found[i]!, roles[i]!, names[nth]!))
}

function findLevels({ code, bars, from, end, adjusted, params }: Build): readonly FoundLevel[] {
  const atr = wilderAtr(adjusted.high, adjusted.low, adjusted.close, params.atrPeriod)
  const factor = bars.adjFactor[end - 1]!
  const today = bars.day[end - 1]!
  const last = adjusted.length - 1
  const tick = levelTick(code)
  const tol = Math.max(params.tolAtr * atr[last]!, params.tolClose * adjusted.close[last]!, params.tolTicks * tick * factor)
  const swings = findSwings(adjusted, atr, params).toSorted((p, q) => p.price - q.price)
  const weights = Float64Array.from(swings, ({ row }) => swingWeight(adjusted.volume, row, today - bars.day[from + row]!, params))
  const clusters = clusterLevels(
    Float64Array.from(swings, ({ price }) => price),
    weights,
    tol,
    params.loneWeight,
  )
  const close = toMilli(bars.close[end - 1]!)
  const inReach = (price: number): boolean => Math.abs(price / close - 1) <= params.reach
  return clusters
    .map((cluster) => ({ cluster, price: levelOnTick(cluster.mean / factor, tick) }))
    .filter(({ price }) => inReach(price))
    .map(({ cluster, price }) => readLevel(cluster, price))

  function readLevel(cluster: PriceCluster, price: number): FoundLevel {
    const own = swings.slice(cluster.from, cluster.to).toSorted((p, q) => p.row - q.row)
    const touches = touchHistory(adjusted, atr, price * factor, own[0]!.row + params.halfWidth + 1, params)
    const held = countOutcomes(touches, 'held')
    const broken = countOutcomes(touches, 'broken')
    const lastTouch = from + (touches.lastTouch >= 0 ? touches.lastTouch : own.at(-1)!.row)
    const strength = levelStrength({ weight: cluster.weight, held, broken, daysSinceTouch: today - bars.day[lastTouch]! }, params)
    return { price, tol: tol / factor / 1000, members: own.map(memberOf), touches, held, broken, lastTouch, strength }
  }

  function memberOf({ row, side, price }: Swing): LevelMember {
    return { date: bars.date[from + row]! as TradeDate, side, price: price / factor / 1000 }
  }
}

function countOutcomes({ events }: TouchHistory, outcome: 'held' | 'broken'): number {
  let count = 0
  for (const event of events) if (event.outcome === outcome) count++
  return count
}

/** The places of the levels kept (spec microstructure §8.9), by price: per side the strongest, and of two nearer than `tol` the stronger; ties go to the nearer to the close, then the lower. */
function chooseLevels(found: readonly FoundLevel[], roles: readonly ('support' | 'resistance')[], close: number, { perSide }: LevelParams): readonly number[] {
  const distance = (i: number): number => Math.abs(found[i]!.price - close)
  const ranked = [...found.keys()].toSorted((p, q) => found[q]!.strength - found[p]!.strength || distance(p) - distance(q) || p - q)
  const sides = (['support', 'resistance'] as const).flatMap((side) => ranked.filter((i) => roles[i] === side).slice(0, perSide))
  const strongest = ranked.filter((i) => sides.includes(i))
  const kept: number[] = []
  for (const i of strongest) if (kept.every((k) => Math.abs(found[k]!.price - found[i]!.price) >= found[i]!.tol * 1000)) kept.push(i)
  return kept.toSorted((p, q) => p - q)
}

function describeLevel({ bars, from, end, params }: Build, level: FoundLevel, role: 'support' | 'resistance', id: string): PriceLevel {
  const flip = flipEvent(role, level.touches.events, bars.day[end - 1]!, (row) => bars.day[from + row]!, params)
  return {
    id,
    price: level.price,
    type: flip !== undefined && role === 'support' ? 'flip' : role,
    ...(flip !== undefined && { flipDir: role === 'support' ? 'R2S' : 'S2R', breakDate: bars.date[from + flip.toldAt]! as TradeDate }),
    strength: level.strength,
    swings: level.members.length,
    touched: level.touches.events.length,
    held: level.held,
    broken: level.broken,
    firstDate: level.members[0]!.date,
    lastTouch: bars.date[level.lastTouch]! as TradeDate,
    tol: level.tol,
    members: level.members,
  }
}

function meanOfLast(values: Float64Array, count: number): number {
  const from = Math.max(0, values.length - count)
  let sum = 0
  for (let i = from; i < values.length; i++) sum += values[i]!
  return sum / (values.length - from)
}
