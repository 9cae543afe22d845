import { limitsOf } from '#core/price-limit.ts'
import { corporateActions, exRightReference, type CorporateAction } from './corporate-actions.ts'
import { dailyShocks, type DayShock } from './daily-shocks.ts'
import { earningsOf } from './earnings.ts'
import { flowPlan, plantedOn } from './flow-plan.ts'
import { logMemory, VOLUME_SCALES } from './log-memory.ts'
import { isRiskWarned, type Stock } from './stock.ts'
import type { World } from './world.ts'

/**
 * 日线: all days of one stock as columns over the world's open dates. Prices and amounts in whole 厘, volumes in shares. A day without a bar
 * (suspended, not listed) has volume 0 and price 0. `adjFactor` is 1 at the listing and NaN before it; it also stands on suspended days.
 */
export interface DailyBars {
  readonly stock: Stock
  readonly open: Int32Array
  readonly high: Int32Array
  readonly low: Int32Array
  readonly close: Int32Array
  /** 昨收: the ex-right reference price, the issue price on the first day. */
  readonly preClose: Int32Array
  /** 0 on a day without limits. */
  readonly limitUp: Int32Array
  readonly limitDown: Int32Array
  readonly volume: Float64Array
  readonly amount: Float64Array
  readonly adjFactor: Float64Array
  /** Shares outstanding after the day's corporate action. */
  readonly totalShares: Float64Array
  /** Cash per share paid on the ex-date, 厘. */
  readonly cash: Float64Array
}

/** Weight of the part of a move beyond a limit that is carried to the next day (spec simulator §4.3). */
const CARRIED_OVERSHOOT = 0.7

/** Next day's log drift after a planted day of strength 1: what makes planted flow worth finding. */
const PLANTED_DRIFT = 0.003

/** The bars of one stock over the whole world. Depends on the seed, the code and the common factors only; ending later changes nothing before. */
export function dailyBars(world: World, stock: Stock): DailyBars {
  const days = world.dates.length
  const bars: DailyBars = {
    stock,
    open: new Int32Array(days),
    high: new Int32Array(days),
    low: new Int32Array(days),
    close: new Int32Array(days),
    preClose: new Int32Array(days),
    limitUp: new Int32Array(days),
    limitDown: new Int32Array(days),
    volume: new Float64Array(days),
    amount: new Float64Array(days),
    adjFactor: new Float64Array(days).fill(NaN),
    totalShares: new Float64Array(days),
    cash: new Float64Array(days),
  }
  const plan = flowPlan(world, stock)
  const due = [...corporateActions(world.rng, stock, earningsOf(world.rng, stock), world.dates)]
  const shocks = dailyShocks(world, stock)
  const volumes = volumeModel(world, stock)
  let [previous, overshoot, factor, shares, drift] = [stock.initialPrice, 0, 1, stock.totalShares, 0]
  for (let day = Math.max(0, stock.listDay); day < days; day++) {
    const shock = shocks(day)
    const calm = volumes(day)
    bars.adjFactor[day] = factor
    bars.totalShares[day] = shares
    if (shock.suspended) continue
    let reference = previous
    // An ex-date that falls into a suspension is settled on the first day of trading after it.
    while (due[0] !== undefined && due[0].day <= day) {
      const action = affordable(due.shift()!, reference)
      const exRight = exRightReference(reference, action)
      factor *= reference / exRight
      shares = Math.round(shares * (1 + action.bonusPerTen / 10))
      reference = exRight
      bars.cash[day]! += action.cash
    }
    bars.adjFactor[day] = factor
    bars.totalShares[day] = shares
    overshoot = drawPrices(bars, day, world, reference, shock, CARRIED_OVERSHOOT * overshoot + drift)
    drawVolume(bars, day, shock, calm)
    previous = bars.close[day]!
    drift = PLANTED_DRIFT * plantedOn(plan, bars, day)
  }
  return bars
}

/** Cash is capped at a twentieth of the price: a firm whose price has collapsed does not pay its old dividend. */
function affordable(action: CorporateAction, price: number): CorporateAction {
  return { ...action, cash: Math.min(action.cash, Math.floor(price / 20)) }
}

/** Fill the day's prices; returns how far the efficient price ended beyond a limit (log). */
function drawPrices(bars: DailyBars, day: number, world: World, reference: number, shock: DayShock, start: number): number {
  const { stock } = bars
  const date = world.dates[day]!
  const { board, exchange, listDate } = stock
  const limits = limitsOf({ prevClose: reference, exchange, board, date, isSt: isRiskWarned(stock, date), listDays: day - stock.listDay + 1, listDate })
  const low = limits.down ?? 10
  const high = limits.up ?? 100_000_000
  const width = limits.up === undefined ? 1 : Math.log(limits.up / reference)
  const base = Math.log(reference)
  // The efficient price goes beyond a limit by at most half the limit's width.
  const bound = (x: number) => Math.max(-1.5 * width, Math.min(1.5 * width, x))
  const openAt = bound(start + shock.overnight + width * shock.burstGap)
  const closeAt = bound(openAt + shock.session + width * shock.burstRest)
  const toPrice = (x: number) => Math.max(low, Math.min(high, 10 * Math.floor(Math.exp(base + x) / 10 + 0.5)))
  const x = closeAt - openAt
  const open = toPrice(openAt)
  const close = toPrice(closeAt)
  bars.preClose[day] = reference
  bars.limitUp[day] = limits.up ?? 0
  bars.limitDown[day] = limits.down ?? 0
  bars.open[day] = open
  bars.close[day] = close
  // Extremes of a Brownian bridge given its ends (spec simulator §4.1).
  const spread = -2 * shock.sd * shock.sd
  bars.high[day] = Math.max(open, close, toPrice(openAt + (x + Math.sqrt(x * x + spread * Math.log(shock.u1))) / 2))
  bars.low[day] = Math.min(open, close, toPrice(openAt + (x - Math.sqrt(x * x + spread * Math.log(shock.u2))) / 2))
  return closeAt - Math.log(close / reference)
}

/** Fill the day's volume and amount. The amount is four blocks at open, high, low, close (0.3, 0.2, 0.2, 0.3), exact in whole 厘 (spec simulator §10.1). */
function drawVolume(bars: DailyBars, day: number, shock: DayShock, calm: number): void {
  const { stock } = bars
  const [open, high, low, close] = [bars.open[day]!, bars.high[day]!, bars.low[day]!, bars.close[day]!]
  const move = Math.abs(Math.log(close / bars.preClose[day]!))
  const usual = (stock.sigma * 2) / Math.sqrt(243)
  const eager = (0.75 + 0.25 * Math.min(6, move / usual)) * (1 + (0.06 * Math.abs(shock.overnight)) / usual) * shock.volume
  const onePrice = high === low && (low === bars.limitUp[day] || high === bars.limitDown[day])
  const float = stock.floatRatio * bars.totalShares[day]!
  const shares = Math.min(0.6 * float, float * stock.turnover * calm * eager * (onePrice ? 0.08 : 1))
  const lots = Math.max(stock.lot === 1 ? 50_000 : 500, Math.round(shares / stock.lot))
  const [ends, extremes] = [Math.floor(0.3 * lots), Math.floor(0.2 * lots)]
  bars.volume[day] = lots * stock.lot
  bars.amount[day] = (open * ends + (high + low) * extremes + close * (lots - ends - 2 * extremes)) * stock.lot
}

/** The day's volume before its own move: memory of its own, the market's volatility, the slow cycle. Multiplies the usual turnover. */
function volumeModel(world: World, stock: Stock): (day: number) => number {
  const rng = world.rng.fork(`volume/${stock.code}`)
  const memory = logMemory(VOLUME_SCALES, 0, rng)
  const { market, cycleVolume } = world.factors
  return (day) => Math.exp(memory(0) + 0.5 * market.logVolatility[day]! + 0.08 * rng.normal()) * cycleVolume[day]!
}
