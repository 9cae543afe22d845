import { exp, ln } from '#numeric/fmath.ts'
import { aggressorBalance } from './aggressor-balance.ts'
import type { DailyBars } from './daily-bars.ts'
import { drawDirichlet } from './dirichlet.ts'
import { plantedOn, type FlowPlan } from './flow-plan.ts'
import type { Stream } from './keyed-stream.ts'
import { usualRecords } from './tick-path.ts'

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

/** Sizes of single trades are log-normal (trade-tape.ts); a record's mean size varies too. */
const LOG_SIZE_SD = 1.4

const weights = new Float64Array(ORDER_CLASSES.length)
const shares = new Float64Array(ORDER_CLASSES.length)

/**
 * Draw the budget of a stock-day into `out`: Dirichlet shares of four classes of order on each side, whose means depend on the company's value and on
 * `informed`, the day's φ; and the balance of the aggressors. A class has an amount its orders can make up, or none. Depends on the bar, the plan, φ and the stream's
 * entity only, so a day can be drawn alone.
 */
export function drawMoneyFlow(bars: DailyBars, plan: FlowPlan, day: number, informed: number, stream: Stream, date: number, out: MoneyFlow): void {
  const { stock } = bars
  const [volume, amount] = [bars.volume[day]!, bars.amount[day]!]
  const balance = aggressorBalance(bars, plan, day, stream.at(date))
  const step = Math.max(-2, Math.min(2, ln((bars.close[day]! / 1000) * bars.totalShares[day]!) - LOG_MIDDLE_VALUE))
  const tilt = TILT * (informed + PLANTED_WEIGHT * plantedOn(plan, bars, day))
  const trade = usualTrade(bars, day)
  for (const [side, amounts, volumes] of [
    [1, out.buyAmount, out.buyVolume],
    [-1, out.sellAmount, out.sellVolume],
  ] as const) {
    classMeans(step, side * tilt, weights)
    drawDirichlet(weights, stream, shares)
    makeFeasible(shares, amount, trade)
    splitExactly(amount, shares, 1, amounts)
    splitExactly(volume / stock.lot, shares, stock.lot, volumes)
  }
  out.netAmount = Math.round(balance * amount)
  out.netVolume = stock.lot * Math.round((balance * volume) / stock.lot)
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

/** What one trade of the day is worth on average, about, in 厘: from the number of records and the trades in a mean record. */
function usualTrade({ stock, volume, amount }: DailyBars, day: number): number {
  const lots = volume[day]! / stock.lot
  const records = usualRecords(lots, lots, amount[day]! / (10 * stock.lot))
  const trades = records * Math.max(1, 0.8 * exp(0.55 * ln(Math.min(lots / records, 400))))
  return amount[day]! / trades
}

/**
 * Shares that orders can make up: what is in trades too large for a class goes to the next one, and a class whose amount is below three of its smallest orders to the one
 * below.
 */
function makeFeasible(of: Float64Array, amount: number, trade: number): void {
  let [room, given] = [0, 0]
  for (let k = 0; k < 3; k++) {
    // Log-normal sizes: the share of value in trades below a size; the logistic stands in for the normal distribution. Some room is left to chance.
    const z = (ln(CLASS_FROM[k + 1]! / trade) - 0.5 * LOG_SIZE_SD * LOG_SIZE_SD) / LOG_SIZE_SD
    room = 0.8 / (1 + exp(-1.702 * z))
    const over = Math.max(0, given + of[k]! - room)
    of[k]! -= over
    of[k + 1]! += over
    given += of[k]!
  }
  for (let k = 3; k > 0; k--)
    if (of[k]! * amount < 3 * CLASS_FROM[k]!) {
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
