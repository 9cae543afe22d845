import type { Code } from '#core/code.ts'
import type { TickDay } from '#core/tick.ts'
import type { EpochMs, TradeDate } from '#core/trade-date.ts'
import { firstAbove } from '#numeric/first-place.ts'
import { quantile } from '#numeric/quantile.ts'
import { bandVisits, visitBand } from './band-visits.ts'
import { ordersOfTicks } from './gather-ticks.ts'
import { OWNER } from './market-agents.ts'
import { BAND, facing, type ScenarioPlan, type ScenarioType } from './scenario-plan.ts'
import { TICK } from './scenario-tape.ts'

/** What really traded in the band, from true aggressors. Whole 厘. A trade is big when all that its aggressor's order traded is (大单 by order, not by print). */
export interface BandFlow {
  readonly total: number
  readonly buy: number
  readonly sell: number
  readonly bigBuy: number
  readonly bigSell: number
}

/** A row of `sim_truth_test` (spec simulator §12.2). Times in epoch ms, fractions; NaN where the tape ends too soon. */
export interface TruthVisit {
  readonly testId: number
  readonly enter: number
  readonly exit: number
  readonly flow: BandFlow
  /** order_flow_imbalance and big_net_ratio of the flow. */
  readonly orderFlowImbalance: number
  readonly bigNetRatio: number
  /** Beyond the level on the side the level should hold, as a fraction. */
  readonly maxPenetration: number
  readonly futureReturn30m: number
}

/** A row of `sim_truth_scenario` (spec simulator §12.2). Prices and money in whole 厘, times in epoch ms. */
export interface ScenarioTruth {
  readonly code: Code
  readonly date: TradeDate
  readonly type: ScenarioType
  readonly strength: number
  readonly level: number
  readonly band: number
  readonly t0: EpochMs
  readonly t1: EpochMs
  readonly visits: readonly TruthVisit[]
  /** Where the price stood half an hour after t1: away on the side it came from, through the level, or in the band. */
  readonly outcome: 'held' | 'broken' | 'undecided'
  readonly expectedLabel: 'absorption' | 'distribution' | 'break' | 'none'
  /** What the planted agent traded between t0 and t1, and its buys less its sells. */
  readonly plantedValue: number
  readonly plantedNet: number
  /** P90 of what one aggressor's order traded, in the thirty minutes before t0. */
  readonly bigOrderFrom: number
  /** All that traded in the band between t0 and t1. */
  readonly inBand: BandFlow
  /** From t1, fraction. */
  readonly forwardReturn30m: number
}

const HORIZON_MS = 1_800_000
const BIG = 0.9

/** The truth of a scenario from its trades, the owners of both sides, and nothing that a detector would have to guess. */
export function scenarioTruth(
  plan: ScenarioPlan,
  ticks: TickDay,
  parties: { readonly buyer: Int32Array; readonly seller: Int32Array },
  start: EpochMs,
): ScenarioTruth {
  const { type, strength } = plan
  const side = facing(type)
  const level = plan.level * TICK
  const band = visitBand(level, BAND, TICK)
  const [t0, t1] = [(start + 1000 * plan.t0) as EpochMs, (start + 1000 * plan.t1) as EpochMs]
  const wholes = orderAmounts(ticks)
  const bigOrderFrom = bigValue(ordersOfTicks(ticks), t0)
  const flow = (from: number, to: number): BandFlow => bandFlow(ticks, from, to, band, wholes, bigOrderFrom)
  const visits = bandVisits(ticks, band).map(({ entry, exit, confirm, isOpen }, i): TruthVisit => {
    const end = isOpen ? exit + 1 : exit
    const sums = flow(entry, end)
    return {
      testId: i + 1,
      enter: ticks.at[entry]!,
      exit: isOpen ? NaN : ticks.at[exit]!,
      flow: sums,
      orderFlowImbalance: (sums.buy - sums.sell) / sums.total,
      bigNetRatio: (sums.bigBuy - sums.bigSell) / sums.total,
      maxPenetration: penetration(ticks, entry, confirm, level, side),
      futureReturn30m: isOpen ? NaN : priceAt(ticks, ticks.at[exit]! + HORIZON_MS) / ticks.price[exit]! - 1,
    }
  })
  const [first, last] = [firstAbove(ticks.at, t0 - 1, ticks.length), firstAbove(ticks.at, t1, ticks.length)]
  let [bought, sold] = [0, 0]
  for (let i = first; i < last; i++) {
    if (isPlanted(parties.buyer[i]!)) bought += ticks.amount[i]!
    if (isPlanted(parties.seller[i]!)) sold += ticks.amount[i]!
  }
  const later = priceAt(ticks, t1 + HORIZON_MS)
  return {
    code: ticks.code,
    date: ticks.date,
    type,
    strength,
    level,
    band: BAND,
    t0,
    t1,
    visits,
    outcome: later >= band.low && later <= band.high ? 'undecided' : side * (later - level) > 0 ? 'held' : 'broken',
    expectedLabel: LABELS[type],
    plantedValue: bought + sold,
    plantedNet: bought - sold,
    bigOrderFrom,
    inBand: flow(first, last),
    forwardReturn30m: later / priceAt(ticks, t1) - 1,
  }
}

const LABELS = Object.freeze({
  support_accumulation: 'absorption',
  resistance_distribution: 'distribution',
  flip_retest: 'absorption',
  support_break: 'break',
  null_test: 'none',
  spoof_wall: 'none',
}) satisfies Record<ScenarioType, ScenarioTruth['expectedLabel']>

/** 大单阈值: P90 of the values of the records in the thirty minutes before an instant, 厘; NaN when there is none. */
export function bigValue(ticks: TickDay, before: EpochMs): number {
  return quantile(ticks.amount.slice(firstAbove(ticks.at, before - HORIZON_MS - 1, ticks.length), firstAbove(ticks.at, before - 1, ticks.length)), BIG)
}

/** What the order behind each tick traded in all: every order has its own millisecond. */
function orderAmounts({ at, amount, length }: TickDay): Float64Array {
  const whole = new Float64Array(length)
  for (let from = 0, to = 0; from < length; from = to) {
    let sum = 0
    for (; to < length && at[to] === at[from]; to++) sum += amount[to]!
    whole.fill(sum, from, to)
  }
  return whole
}

function bandFlow(
  ticks: TickDay,
  from: number,
  to: number,
  { low, high }: { readonly low: number; readonly high: number },
  orderAmount: Float64Array,
  bigFrom: number,
): BandFlow {
  const flow = { total: 0, buy: 0, sell: 0, bigBuy: 0, bigSell: 0 }
  for (let i = from; i < to; i++) {
    const [price, amount, side] = [ticks.price[i]!, ticks.amount[i]!, ticks.vendorSide[i]!]
    if (price < low || price > high) continue
    flow.total += amount
    flow[side > 0 ? 'buy' : 'sell'] += amount
    if (orderAmount[i]! >= bigFrom) flow[side > 0 ? 'bigBuy' : 'bigSell'] += amount
  }
  return flow
}

function penetration(ticks: TickDay, from: number, to: number, level: number, side: number): number {
  let deepest = 0
  for (let i = from; i <= to; i++) deepest = Math.max(deepest, (side * (level - ticks.price[i]!)) / level)
  return deepest
}

/** The last price at or before an instant; NaN when the tape starts later or has ended. */
function priceAt(ticks: TickDay, at: number): number {
  return at > ticks.at[ticks.length - 1]! ? NaN : (ticks.price[firstAbove(ticks.at, at, ticks.length) - 1] ?? NaN)
}

function isPlanted(owner: number): boolean {
  return owner === OWNER.ABSORBER || owner === OWNER.BREAKER || owner === OWNER.SPOOFER
}
