import { UsageError } from '#core/errors.ts'
import { instantOf } from '#core/shanghai-time.ts'
import { exp, ln } from '#numeric/fmath.ts'
import { CONTINUOUS_MINUTES, slotEnd, SLOTS, VARIANCE_SHAPE } from './intraday-profile.ts'
import { keyedRng } from './keyed-rng.ts'
import type { Stream } from './keyed-stream.ts'
import { minuteFactors, minuteShocks } from './minute-factors.ts'
import { plantScenario, type PlantedScenario } from './planted-scenarios.ts'
import { TO_TAPE, type DayScript, type PlannedFlow, type PlannedMove, type PlannedTape, type Target } from './script-plan.ts'
import type { Stock } from './stock.ts'
import { betweenMinutes } from './tick-path.ts'
import type { World } from './world.ts'

/** What a scripted day begins with: prices in whole 厘, returns as logs of the reference price. */
export interface ScriptedStart {
  readonly reference: number
  /** 0 where the day has no limits. */
  readonly limitUp: number
  readonly limitDown: number
  /** Width of the upper limit. */
  readonly width: number
  readonly openAt: number
  /** Standard deviation of the stock's own part, and what the session would bring without a script. */
  readonly ownSd: number
  readonly session: number
}

/** 剧本日的路径: the efficient price at the end of every slot, and what is to trade. */
export interface ScriptedPath {
  readonly openAt: number
  readonly closeAt: number
  /** Log prices relative to the reference. */
  readonly prices: Float64Array
  /** 1 where the last price of the slot is the planned price, rounded to the tick; 2 where the price is planned but not to the tick. */
  readonly pinned: Uint8Array
  readonly flows: readonly PlannedFlow[]
  readonly tape?: TapeSlots
}

/** The tape of a scenario in the slots of its day. */
export interface TapeSlots {
  readonly from: number
  readonly to: number
  readonly scenario: PlantedScenario
}

const TICK = 10
const ALL_SLOTS = Int32Array.from({ length: SLOTS }, (_, slot) => slot)
/** How far the efficient price lies beyond a limit while the board is sealed, in widths of the limit. */
const BEYOND = 0.15
/** A boundary that is planned exactly must not lie nearer to nothing than this: a coarser tick could not be told from the amplitude. */
const LEAST_TICKS = 10
/** Shares the crowd of spec simulator §11.3 trades in a day: 365 million CNY at 20 CNY. */
const CROWD_SHARES = 18_250_000

/**
 * The path of a scripted day: common factors and own shocks minute by minute as on any day, noise inside the minutes, and planned moves in their place; what comes after a
 * move goes on from its end. Throws UsageError where a planned price lies outside the day's limits or an amplitude is finer than the tick.
 */
export function scriptedPath(world: World, stock: Stock, day: number, script: DayScript, start: ScriptedStart): ScriptedPath {
  const stream = world.stream('truth', `${stock.code}/path`, world.dates[day])
  const tape = script.tape === undefined ? undefined : scriptedTape(world, stock, day, script.tape)
  const opening = tape === undefined ? undefined : ln(tape.scenario.previousClose / start.reference)
  const opens = tape !== undefined && tape.from < TO_TAPE ? opening : script.opens === undefined ? undefined : script.opens * start.width
  const openAt = opens ?? bounded(start.openAt, 0.6 * start.width)
  const prices = betweenMinutes(minutes(world, stock, day, start, openAt, stream), openAt, ALL_SLOTS, stream)
  const path = { prices, pinned: new Uint8Array(SLOTS), openAt, start, flows: [] as PlannedFlow[] }
  const facing = new Map<number, number>()
  const lay = [
    ...script.moves.map((move) => ({ from: move.from, put: () => void facing.set(move.from, follow(path, move, script, stock, stream)) })),
    ...(tape === undefined ? [] : [{ from: tape.from, put: () => layTape(path, tape, opening!, stock, stream) }]),
  ]
  // What comes later goes on from the end of what comes before it.
  for (const { put } of lay.toSorted((a, b) => a.from - b.from)) put()
  for (const flow of script.flows) {
    const side = flow.isFacing === true ? (facing.get(script.moves.findLast(({ from }) => from <= flow.from)!.from) ?? 1) : 1
    path.flows.push({ ...flow, imb: side * flow.imb })
  }
  if (script.moves.length > 0 || tape !== undefined) keepWithin(prices, path.pinned, 1.5 * start.width)
  return { openAt, closeAt: prices[SLOTS - 1]!, prices, pinned: path.pinned, flows: path.flows, ...(tape === undefined ? {} : { tape }) }
}

interface Drawing {
  readonly prices: Float64Array
  readonly pinned: Uint8Array
  readonly openAt: number
  readonly start: ScriptedStart
}

/** Log prices at the end of each minute, as on a day without a script. */
function minutes(world: World, stock: Stock, day: number, start: ScriptedStart, openAt: number, stream: Stream): Float64Array {
  const { market, sectors } = minuteFactors(world, day)
  const { factors } = world
  const common = stock.beta * factors.market.session[day]! + stock.gamma * factors.sectors[stock.sector]!.session[day]!
  const out = new Float64Array(CONTINUOUS_MINUTES)
  minuteShocks(start.ownSd, start.session - common, true, stream, out)
  let at = openAt
  for (let minute = 0; minute < CONTINUOUS_MINUTES; minute++) {
    at += stock.beta * market[minute]! + stock.gamma * sectors[stock.sector]![minute]! + out[minute]!
    out[minute] = at
  }
  return out
}

/** Put a planned move into the path and shift what follows it. Returns the side of its level it comes from: +1 from above. */
function follow(path: Drawing, move: PlannedMove, script: DayScript, stock: Stock, stream: Stream): number {
  const { prices, pinned, openAt, start } = path
  // Before its board a stock does not reach the limit by chance.
  if (start.limitUp > 0 && move.points.some(({ to }) => 'limit' in to))
    for (let s = 0; s < move.from; s++) if (pinned[s] === 0) capBelow(prices, s, s + 1, start)
  const before = move.from === 0 ? openAt : prices[move.from - 1]!
  const wanted = onTick(start.reference * exp(before))
  const first = start.limitUp === 0 ? wanted : Math.max(start.limitDown, Math.min(start.limitUp, wanted))
  if (move.from > 0) {
    prices[move.from - 1] = ln(first / start.reference)
    pinned[move.from - 1] = 1
  }
  const level = move.points.map(({ to }) => ('level' in to ? to.level : undefined)).find((value) => value !== undefined)
  const side = level === undefined ? 1 : first >= level ? 1 : -1
  const last = move.points.at(-1)!.slot
  const old = prices[last]!
  // One follower of a wave may stand too near to its limit, or be too cheap, to follow it exactly; the wave is measured over all of them.
  const isFollower = scenarioOf(script, move).phase === 'follower'
  let [slot, at] = [move.from - 1, ln(first / start.reference)]
  for (const { slot: until, to } of move.points) {
    const wish = priceOf(to, first, side, start, stream)
    const price = isFollower && start.limitUp > 0 ? Math.min(start.limitUp, wish) : wish
    const isLimit = 'limit' in to
    if (isLimit && start.limitUp === 0) refuseUnlimited(script, move, stock)
    if (!isLimit) refuseBeyond(script, move, stock, price, start)
    const from = 'by' in to ? first : 'level' in to && until === last ? to.level : NaN
    if (!isFollower && Math.abs(price - from) < LEAST_TICKS * TICK) refuseFine(script, move, stock, first)
    const target = isLimit && to.away === 0 ? ln(price / start.reference) + BEYOND * start.width : ln(price / start.reference)
    bridge(prices, slot, at, until, target, move.rough * start.ownSd, stream)
    // On its way to a limit or off it the price stays a tick short: the board is sealed when the plan says so.
    if (isLimit && !isSealed(at, start)) capBelow(prices, slot + 1, until, start)
    if (isLimit && to.away < 0) capBelow(prices, slot + 1, until + 1, start)
    pinned.fill(2, slot + 1, until)
    pinned[until] = 1
    slot = until
    at = target
  }
  const shift = prices[last]! - old
  for (let s = last + 1; s < SLOTS; s++) prices[s]! += shift
  return side
}

function isSealed(at: number, { limitUp, reference }: ScriptedStart): boolean {
  return at > ln(limitUp / reference)
}

function capBelow(prices: Float64Array, from: number, until: number, { limitUp, reference }: ScriptedStart): void {
  const cap = ln((limitUp - TICK) / reference)
  for (let slot = from; slot < until; slot++) prices[slot] = Math.min(prices[slot]!, cap)
}

function priceOf(to: Target, first: number, side: number, start: ScriptedStart, stream: Stream): number {
  if ('by' in to) return onTick(first * (1 + to.by))
  if ('ofReference' in to) return onTick(start.reference * to.ofReference)
  if ('level' in to) {
    const jitter = (to.jitter ?? 0) * Math.max(-2, Math.min(2, stream.normal()))
    return onTick(to.level * (1 + side * to.away + jitter))
  }
  return onTick(start.limitUp * (1 + to.away))
}

/** Brownian bridge of log prices over whole slots, `sd` that of a whole session. */
function bridge(prices: Float64Array, from: number, first: number, until: number, target: number, sd: number, stream: Stream): void {
  let at = first
  for (let slot = from + 1; slot <= until; slot++) {
    const left = until - slot + 1
    const step = sd * Math.sqrt(VARIANCE_SHAPE[Math.floor(slot / 20)]! / 20)
    at += (target - at) / left + (left > 1 ? step * Math.sqrt(1 - 1 / left) * stream.normal() : 0)
    prices[slot] = at
  }
}

/** The tape of a scenario at its level, traded by a crowd of the stock's size. */
export function scriptedTape(world: World, stock: Stock, day: number, { type, strength, level, from }: PlannedTape): TapeSlots {
  const date = world.dates[day]!
  const activity = bounded((stock.floatRatio * stock.totalShares * stock.turnover) / CROWD_SHARES, 2)
  const startsAt = slotEnd(from) - 3000
  const settings = { type, strength, code: stock.code, date, level: level / TICK, startsAt, activity: () => Math.max(0.25, activity) }
  return { from, to: from + 2099, scenario: plantScenario(settings, keyedRng(world.seed, 'truth', `${stock.code}/tape`, date)) }
}

/** The path comes to where the tape begins, and goes on from where it ends. */
function layTape(path: Drawing, { from, to, scenario }: TapeSlots, opening: number, stock: Stock, stream: Stream): void {
  const { prices, pinned, openAt, start } = path
  const { ticks } = scenario
  const [low, high] = [Math.min(...ticks.price), Math.max(...ticks.price)]
  if (start.limitUp > 0 && (high > start.limitUp || low < start.limitDown))
    throw new UsageError(
      `Cannot plant ${scenario.truth.type} of ${stock.code} on ${ticks.date}, field "L": its prices run from ${low / 1000} to ${high / 1000}, the limits of the day are ${start.limitDown / 1000} to ${start.limitUp / 1000}. ` +
        `Choose a level nearer to the previous close of ${start.reference / 1000}`,
    )
  const old = prices[to]!
  const begins = Math.max(0, from - TO_TAPE)
  if (from > 0) bridge(prices, begins - 1, begins === 0 ? openAt : prices[begins - 1]!, from - 1, opening, 0.3 * start.ownSd, stream)
  pinned.fill(2, begins, to + 1)
  prices.fill(ln(ticks.price[ticks.length - 1]! / start.reference), from, to + 1)
  const shift = prices[to]! - old
  for (let s = to + 1; s < SLOTS; s++) prices[s]! += shift
}

/** The efficient price goes beyond a limit by at most half the limit's width, planned prices by less. */
function keepWithin(prices: Float64Array, pinned: Uint8Array, bound: number): void {
  for (let slot = 0; slot < SLOTS; slot++) if (pinned[slot] === 0) prices[slot] = bounded(prices[slot]!, bound)
}

function bounded(x: number, bound: number): number {
  return Math.max(-bound, Math.min(bound, x))
}

function onTick(price: number): number {
  return TICK * Math.floor(price / TICK + 0.5)
}

function refuseBeyond(script: DayScript, move: PlannedMove, stock: Stock, price: number, { limitUp, limitDown, reference }: ScriptedStart): void {
  const isInside = price >= TICK && (limitUp === 0 || (price <= limitUp && price >= limitDown))
  if (isInside) return
  const { item, type, level } = scenarioOf(script, move)
  throw new UsageError(
    `Cannot plant item ${item + 1} (${type}), field "${level === undefined ? 'amp' : 'L'}": ${stock.code} would reach ${price / 1000} CNY, its limits that day are ${limitDown / 1000} to ${limitUp / 1000} (previous close ${reference / 1000}). ` +
      `Plant less, or at another price or day`,
  )
}

function refuseFine(script: DayScript, move: PlannedMove, stock: Stock, first: number): void {
  const { item, type } = scenarioOf(script, move)
  throw new UsageError(
    `Cannot plant item ${item + 1} (${type}), field "amp": at ${first / 1000} CNY it is less than ${LEAST_TICKS} ticks of 0.01 for ${stock.code}, too coarse to be exact. Plant more, or in a dearer stock`,
  )
}

function refuseUnlimited(script: DayScript, move: PlannedMove, stock: Stock): never {
  const { item, type } = scenarioOf(script, move)
  throw new UsageError(`Cannot plant item ${item + 1} (${type}), field "date": ${stock.code} has no price limit that day. Choose a later day or another stock`)
}

function scenarioOf(script: DayScript, move: PlannedMove) {
  return script.scenarios.find(({ from, to }) => from <= (move.points.at(-1)?.slot ?? 0) && to >= move.from)!
}

/** What traded in each slot of the tape, by slot of the day: amount and volume, and the lowest and highest price. */
export function tapeRecords({ from, scenario }: TapeSlots): readonly TapeRecord[] {
  const { ticks } = scenario
  const start = instantOf(ticks.date, slotEnd(from) - 3000)
  const records: TapeRecord[] = []
  for (let i = 0; i < ticks.length; i++) {
    const slot = from + Math.max(0, Math.ceil((ticks.at[i]! - start) / 3000) - 1)
    const price = ticks.price[i]!
    const last = records.at(-1)
    const record = last?.slot === slot ? last : { slot, low: price, high: price, last: price, volume: 0, amount: 0, bought: 0, trades: 0 }
    if (record !== last) records.push(record)
    record.low = Math.min(record.low, price)
    record.high = Math.max(record.high, price)
    record.last = price
    record.volume += ticks.volume[i]!
    record.amount += ticks.amount[i]!
    record.bought += ticks.vendorSide[i]! > 0 ? ticks.volume[i]! : 0
    record.trades++
  }
  return records
}

/** Three seconds of a tape: prices in 厘, volume and what of it was bought actively in shares, amount in 厘. */
export interface TapeRecord {
  readonly slot: number
  low: number
  high: number
  last: number
  volume: number
  amount: number
  bought: number
  trades: number
}
