import { exp, ln } from '#numeric/fmath.ts'
import { balanceOfRecords, budgetedBalance, isBalanced } from './aggressor-balance.ts'
import type { DailyBars } from './daily-bars.ts'
import { drawDirichlet } from './dirichlet.ts'
import { flowPlan, flowStream, plantedOn, type FlowPlan } from './flow-plan.ts'
import { informedFlow } from './informed-flow.ts'
import type { Stream } from './keyed-stream.ts'
import { mostPerTrade, tickDay, usualRecords } from './tick-path.ts'
import type { World } from './world.ts'

/** 单别: the classes of an order by what it trades in a day, and the value from which each begins, in whole 厘 (50,000, 200,000 and 1,000,000 CNY; spec simulator §9.6). */
export const ORDER_CLASSES = ['sm', 'md', 'lg', 'elg'] as const
export const CLASS_FROM = [0, 50_000_000, 200_000_000, 1_000_000_000] as const

/** 资金流向: the budget of one stock-day. Amounts in whole 厘, volumes in shares, per class of order; each side sums to the day's. */
export interface MoneyFlow {
  readonly buyAmount: Float64Array
  readonly sellAmount: Float64Array
  readonly buyVolume: Float64Array
  readonly sellVolume: Float64Array
  /** Aggressor buys less aggressor sells. Auctions have no aggressor. */
  netAmount: number
  netVolume: number
}

export function emptyMoneyFlow(): MoneyFlow {
  const column = () => new Float64Array(ORDER_CLASSES.length)
  return { buyAmount: column(), sellAmount: column(), buyVolume: column(), sellVolume: column(), netAmount: 0, netVolume: 0 }
}

/** How close the shares of a day lie to their mean, and how much of their log weight one standard deviation of informed flow adds to large buys and takes from large sells. */
const CONCENTRATION = 90
const TILT = 0.12

/** Planted flow of strength 1 weighs as much as this many standard deviations of informed flow. */
const PLANTED_WEIGHT = 3

/** A company of 8 billion CNY is the middle of the market; e times that is one step. */
const LOG_MIDDLE_VALUE = 22.8

/** Trades of a record are worth at most one and two thirds of these in 厘 while their mean is below (trade-tape.ts): then they can belong to an order of the class. */
export const TYPICAL_UP_TO = [30_000_000, 120_000_000, 600_000_000] as const

/** Log standard deviation of the values of a day's records, and the most trades one usually has. */
const LOG_RECORD_SD = 1.2
const MOST_TRADES = 25

/** A class with less than so many of its smallest orders has none: one order more or less would be felt. */
export const LEAST_ORDERS = [0, 8, 8, 5] as const

const weights = new Float64Array(ORDER_CLASSES.length)
const shares = new Float64Array(ORDER_CLASSES.length)
const rooms = new Float64Array(TYPICAL_UP_TO.length)

/** What the budgets of a stock are drawn from: its bars, who works in it, φ by day, and chance. */
export interface FlowSource {
  readonly bars: DailyBars
  readonly plan: FlowPlan
  readonly informed: Float64Array
  readonly stream: Stream
}

export function flowSource(world: World, bars: DailyBars): FlowSource {
  const { stock } = bars
  return { bars, plan: flowPlan(world, stock), informed: informedFlow(world, stock), stream: flowStream(world, stock) }
}

/**
 * Draw the budget of a stock-day into `out`: Dirichlet shares of four classes of order on each side, whose means depend on the company's value and on the day's informed
 * flow; and the balance of the aggressors, drawn too, or read off the records on a day that cannot be steered. A class has an amount its orders can make up, or none. A day
 * can be drawn alone.
 */
export function drawMoneyFlow(world: World, { bars, plan, informed, stream }: FlowSource, day: number, out: MoneyFlow): void {
  const { stock } = bars
  const [volume, amount] = [bars.volume[day]!, bars.amount[day]!]
  stream.at(world.dates[day]!)
  const net = isBalanced(bars, day) ? budgetedBalance(bars, plan, day, stream) : balanceOfRecords(tickDay(world, bars, day)!, stock.lot)
  const step = Math.max(-2, Math.min(2, ln((bars.close[day]! / 1000) * bars.totalShares[day]!) - LOG_MIDDLE_VALUE))
  const tilt = TILT * (informed[day]! + PLANTED_WEIGHT * plantedOn(plan, bars, day))
  roomsOf(bars, day, plantedOn(plan, bars, day), rooms)
  for (const [side, amounts, volumes] of [
    [1, out.buyAmount, out.buyVolume],
    [-1, out.sellAmount, out.sellVolume],
  ] as const) {
    classMeans(step, side * tilt, weights)
    drawDirichlet(weights, stream, shares)
    makeFeasible(shares, amount, rooms)
    splitExactly(amount, shares, 1, amounts)
    splitExactly(volume / stock.lot, shares, stock.lot, volumes)
  }
  out.netAmount = net
  out.netVolume = stock.lot * Math.round(((net / amount) * volume) / stock.lot)
}

/** Dirichlet weights of the classes: larger companies are traded in larger orders. */
function classMeans(step: number, tilt: number, out: Float64Array): void {
  out[0] = exp(-0.08 * step)
  out[1] = 1.1
  out[2] = exp(0.15 * step - 0.1 + tilt)
  out[3] = exp(0.4 * step - 0.55 + tilt)
  const sum = out[0] + out[1] + out[2] + out[3]
  for (let k = 0; k < out.length; k++) out[k]! *= CONCENTRATION / sum
}

/**
 * For each class but the largest, the part of the day's value that may be in orders up to it: what lies in records whose trades are small enough for it (`TYPICAL_UP_TO`), about,
 * with some room left to chance; all of it on a day whose trades are small, none where a lot is too large. Values of records are log-normal; a record of so many lots has so many trades (tick-path.ts).
 */
function roomsOf({ stock, volume, amount }: DailyBars, day: number, planted: number, out: Float64Array): void {
  const lots = volume[day]! / stock.lot
  const worth = amount[day]! / lots
  const records = usualRecords(lots, lots, amount[day]! / (10 * stock.lot))
  const spread = LOG_RECORD_SD + 0.3 * Math.abs(planted)
  for (let k = 0; k < out.length; k++) {
    if (worth >= CLASS_FROM[k + 1]! || mostPerTrade(amount[day]!) < TYPICAL_UP_TO[k]!) {
      out[k] = worth >= CLASS_FROM[k + 1]! ? 0 : 1
      continue
    }
    const single = TYPICAL_UP_TO[k]! / worth
    // Trades in a record: 0.55th power of its lots up to 400.
    const few = single <= 1 ? 1 : exp(ln(single) / 0.45)
    const most = few <= 400 ? few : Math.max(400, single * MOST_TRADES)
    const z = (ln((most * records) / lots) - 0.5 * spread * spread) / spread
    // The logistic stands in for the normal distribution.
    out[k] = 0.85 / (1 + exp(-1.702 * z))
  }
}

/** Shares that orders can make up: what is beyond the room of a class goes to the next one, and a class whose amount is below `LEAST_ORDERS` of its smallest orders to the one below. */
function makeFeasible(of: Float64Array, amount: number, rooms: Float64Array): void {
  let given = 0
  for (let k = 0; k < rooms.length; k++) {
    const over = Math.min(of[k]!, Math.max(0, given + of[k]! - rooms[k]!))
    of[k]! -= over
    of[k + 1]! += over
    given += of[k]!
  }
  for (let k = 3; k > 0; k--)
    if (of[k]! * amount < LEAST_ORDERS[k]! * CLASS_FROM[k]!) {
      of[k - 1]! += of[k]!
      of[k] = 0
    }
}

/** Split a whole number by shares into whole multiples of `unit` that add up to it. */
function splitExactly(total: number, by: Float64Array, unit: number, out: Float64Array): void {
  let [run, given, last] = [0, 0, by.length - 1]
  while (by[last] === 0) last--
  for (let k = 0; k < by.length; k++) {
    run += by[k]!
    const upTo = k >= last ? total : Math.round(total * run)
    out[k] = unit * (upTo - given)
    given = upTo
  }
}
