import type { Rng } from '#core/rng.ts'
import { instantOf } from '#core/shanghai-time.ts'
import type { TickDay } from '#core/tick.ts'
import type { DailyBars } from './daily-bars.ts'
import { apportionLots, settleAmount, tiltToMean } from './exact-amount.ts'
import { flowPlan, plantedOn } from './flow-plan.ts'
import { CLOSE_AUCTION_SHARE, CONTINUOUS_MINUTES, OPEN_AUCTION_SHARE, slotEnd, VARIANCE_CLOCK, VOLUME_SHAPE } from './intraday-profile.ts'
import { flowOfDay } from './order-flow.ts'
import { priceAnchors, type Anchors, type DayRange } from './price-anchors.ts'
import type { World } from './world.ts'

const TICK = 10
const OPEN_AUCTION_MS = (9 * 60 + 25) * 60_000
const CLOSE_AUCTION_MS = 15 * 3_600_000

/**
 * 分笔: the three-second records of one stock on one day, `undefined` when it does not trade. The records' open, high, low, close, volume and amount
 * are exactly those of the daily bar. Depends on the seed, the code and the date only (and the bar), so a day can be drawn alone.
 * The first record is the opening auction at 09:25:00, the last the closing auction at 15:00:00, both without quotes and neutral.
 */
export function tickDay(world: World, bars: DailyBars, day: number): TickDay | undefined {
  const { stock } = bars
  if (!(bars.volume[day]! > 0)) return undefined
  const date = world.dates[day]!
  const rng = world.rng.fork(`tick/${stock.code}/${date}`)
  const planted = plantedOn(flowPlan(world, stock), bars, day)
  const range: DayRange = {
    open: bars.open[day]! / TICK,
    high: bars.high[day]! / TICK,
    low: bars.low[day]! / TICK,
    close: bars.close[day]! / TICK,
    limitUp: bars.limitUp[day]! / TICK,
    limitDown: bars.limitDown[day]! / TICK,
  }
  const records = drawRecords(range, bars.volume[day]! / stock.lot, bars.amount[day]! / (TICK * stock.lot), planted, rng)
  return toTickDay(records, range, stock.lot, { code: stock.code, date, grain: 'AGG3S', phase: 1000 * (Number(stock.code.slice(3, 6)) % 3) })
}

interface Records {
  readonly length: number
  readonly slot: Int32Array
  /** Ticks. `spread` 0 with `sealed` ±1 is a limit board: one side of the book is empty. */
  readonly bid: Int32Array
  readonly spread: Int32Array
  readonly last: Int32Array
  readonly sealed: Int8Array
  /** Lots, and ticks × lots. */
  readonly volume: Float64Array
  readonly amount: Float64Array
  readonly trades: Float64Array
  readonly openLots: number
  readonly closeLots: number
}

/** All records of a day whose bar has `lots` lots and an amount of `amount` ticks × lots. */
function drawRecords(range: DayRange, lots: number, amount: number, planted: number, rng: Rng): Records {
  const onePrice = range.high === range.low
  const openLots = Math.max(1, Math.floor(lots * OPEN_AUCTION_SHARE * (onePrice ? 8 : 0.6 + 0.8 * rng.next())))
  const closeLots = Math.max(1, Math.floor(lots * CLOSE_AUCTION_SHARE * (0.6 + 0.8 * rng.next())))
  const lotsLeft = lots - openLots - closeLots
  // Turnover of 0.1, 1 and 10 billion CNY gives about 650, 970 and 1,290 records for stocks in lots of 100.
  const active = 140 * Math.log(1 + (amount * (lots > 1e7 ? 0.01 : 1)) / 1e6)
  const slot = drawSlots(Math.max(4, Math.min(Math.max(450, Math.min(1500, active)), Math.floor(lotsLeft / 4))), rng)
  const flow = flowOfDay(planted, rng)
  const length = slot.length
  const records: Records = {
    length,
    slot,
    bid: new Int32Array(length),
    spread: new Int32Array(length),
    last: new Int32Array(length),
    sealed: new Int8Array(length),
    volume: new Float64Array(length),
    amount: new Float64Array(length),
    trades: new Float64Array(length),
    openLots,
    closeLots,
  }
  const middle = drawPath(records, range, priceAnchors(range, rng), rng)
  const weight = new Float64Array(length)
  const mean = new Float64Array(length)
  const stepSize = 1 + (range.high - range.low) / Math.sqrt(length)
  let mood = 0
  for (let i = 0; i < length; i++) {
    mood = 0.75 * mood + 0.07 * rng.normal()
    const move = i === 0 ? 0 : (middle[i]! - middle[i - 1]!) / stepSize
    const lean = flow.lean[slot[i]!]!
    const buyers = Math.max(0, Math.min(1, 0.5 + lean + (1 - Math.abs(lean)) * (mood + 0.36 * Math.tanh(move))))
    mean[i] = records.bid[i]! + records.spread[i]! * buyers
    weight[i] = flow.volume[slot[i]!]! * Math.exp(rng.normal()) * (0.4 + 0.6 * Math.min(3, Math.abs(move))) * (records.sealed[i] === 0 || onePrice ? 1 : 0.15)
  }
  const amountLeft = amount - range.open * openLots - range.close * closeLots
  // Every record gets one lot; the weights share out the rest, so it is the rest whose mean price is steered.
  const atLeast = mean.reduce((sum, price) => sum + price, 0)
  if (!onePrice) tiltToMean(weight, mean, (amountLeft - atLeast) / (lotsLeft - length), range.high - range.low)
  apportionLots(lotsLeft, weight, records.volume)
  for (let i = 0; i < length; i++) {
    const least = records.bid[i]! * records.volume[i]!
    records.amount[i] = Math.max(least, Math.min(least + records.spread[i]! * records.volume[i]!, Math.round(mean[i]! * records.volume[i]!)))
    records.trades[i] = Math.max(1, Math.floor(Math.min(records.volume[i]!, 400) ** 0.55 * (0.5 + rng.next())))
  }
  settleAmount(records, amountLeft)
  for (let i = 0; i < length; i++) {
    if (records.last[i]! > 0) continue
    const buyers = (records.amount[i]! / records.volume[i]! - records.bid[i]!) / records.spread[i]!
    records.last[i] = records.bid[i]! + (rng.next() < 0.5 + 0.9 * (buyers - 0.5) ? records.spread[i]! : 0)
  }
  return records
}

/** The slots that have a record, ascending: about `count` of them, more where more is traded; one per slot. */
function drawSlots(count: number, rng: Rng): Int32Array {
  const slots: number[] = []
  for (let minute = 0; minute < CONTINUOUS_MINUTES; minute++) {
    const wanted = Math.min(20, Math.floor(count * VOLUME_SHAPE[minute]! + rng.next()))
    let left = wanted
    // Selection sampling (Knuth, TAOCP 2, 3.4.2 algorithm S): each set of slots of the minute is equally likely.
    for (let k = 0; k < 20 && left > 0; k++) {
      if (rng.next() * (20 - k) >= left) continue
      slots.push(minute * 20 + k)
      left--
    }
  }
  if (slots.length === 0) slots.push(0)
  return Int32Array.from(slots)
}

/**
 * Quotes and last prices along a Brownian bridge through the anchors on the variance clock, reflected inside the day's range.
 * Fills `bid`, `spread`, `sealed`, and `last` where an anchor forces it (0 elsewhere). Returns the efficient price in ticks.
 */
function drawPath(records: Records, range: DayRange, anchors: Anchors, rng: Rng): Float64Array {
  const { high, low } = range
  const { slot, length } = records
  const path = new Float64Array(length)
  // The range of a Brownian motion is 1.6 of its standard deviations on average (Feller 1951); here the way through the extremes is part of it.
  const sd = (high - low) / 2
  const wide = ((high + low) / 2) * 0.00012
  let [segment, from, clock] = [0, anchors.price[0]!, 0]
  for (let i = 0; i < length; i++) {
    const now = VARIANCE_CLOCK[slot[i]! + 1]!
    const ahead = anchors.at.length - 2 - segment
    // One anchor per record, and none may be left when the records end.
    const pending = ahead > 0 && (now >= anchors.at[segment + 1]! || length - i <= ahead)
    if (pending) {
      segment++
      ;[from, clock] = [anchors.price[segment]!, anchors.at[segment]!]
    }
    const [target, end] = [anchors.price[segment + 1]!, anchors.at[segment + 1]!]
    const flat = anchors.price[segment] === target && (target === range.limitUp || target === range.limitDown)
    if (!flat && end > clock && now > clock) {
      const step = Math.min(1, (now - clock) / (end - clock))
      from = reflect(from + (target - from) * step + sd * Math.sqrt(Math.max(0, (now - clock) * (1 - step))) * rng.normal(), low, high)
    }
    clock = now
    path[i] = pending ? anchors.price[segment]! : from
    const sealed = flat ? (target === range.limitUp ? 1 : -1) : 0
    const spread = sealed !== 0 ? 0 : Math.min(high - low, 1 + (rng.next() < 0.3 ? 1 : 0) + Math.floor(-Math.log(1 - rng.next()) * wide))
    records.sealed[i] = sealed
    records.spread[i] = spread
    records.bid[i] = sealed !== 0 ? target : Math.max(low, Math.min(high - spread, Math.floor(path[i]! - spread / 2 + 0.5)))
    const forced = sealed !== 0 ? target : pending && (path[i] === high || path[i] === low) ? path[i]! : 0
    records.last[i] = forced
    if (forced > 0 && sealed === 0) records.bid[i] = forced === high ? high - spread : low
  }
  return path
}

function reflect(x: number, low: number, high: number): number {
  if (high === low) return low
  const span = 2 * (high - low)
  const into = (((x - low) % span) + span) % span
  return low + (into > high - low ? span - into : into)
}

function toTickDay(records: Records, range: DayRange, lot: number, head: Pick<TickDay, 'code' | 'date' | 'grain'> & { readonly phase: number }): TickDay {
  const n = records.length + 2
  const { phase, ...names } = head
  const day = {
    ...names,
    length: n,
    at: new Float64Array(n),
    price: new Int32Array(n),
    volume: new Float64Array(n),
    amount: new Float64Array(n),
    amountEstimated: new Uint8Array(n),
    vendorSide: new Float64Array(n),
    tradeCount: new Float64Array(n),
    bid1: new Float64Array(n),
    ask1: new Float64Array(n),
  }
  const midnight = instantOf(head.date, 0)
  const auction = (i: number, at: number, price: number, lots: number) => {
    day.at[i] = midnight + at
    day.price[i] = price * TICK
    day.volume[i] = lots * lot
    day.amount[i] = price * lots * TICK * lot
    day.tradeCount[i] = Math.max(1, Math.ceil(lots * (lot === 1 ? 0.002 : 0.2)))
    day.bid1[i] = NaN
    day.ask1[i] = NaN
  }
  auction(0, OPEN_AUCTION_MS, range.open, records.openLots)
  for (let k = 0; k < records.length; k++) {
    const i = k + 1
    const [bid, spread, last, sealed] = [records.bid[k]!, records.spread[k]!, records.last[k]!, records.sealed[k]!]
    day.at[i] = midnight + slotEnd(records.slot[k]!) - phase
    day.price[i] = last * TICK
    day.volume[i] = records.volume[k]! * lot
    day.amount[i] = records.amount[k]! * TICK * lot
    day.tradeCount[i] = records.trades[k]!
    // A price that never moves off the limits has a tick of air on both sides.
    const air = sealed === 0 && spread === 0 ? 1 : 0
    day.bid1[i] = sealed < 0 ? 0 : (bid - air) * TICK
    day.ask1[i] = sealed > 0 ? 0 : (bid + spread + air) * TICK
    // The vendor's flag is its guess from the last price alone.
    day.vendorSide[i] = sealed !== 0 ? -sealed : air === 1 ? 0 : last > bid ? 1 : -1
  }
  auction(n - 1, CLOSE_AUCTION_MS, range.close, records.closeLots)
  return day
}
