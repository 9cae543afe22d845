import { instantOf } from '#core/shanghai-time.ts'
import type { TickDay } from '#core/tick.ts'
import { exp, ln } from '#numeric/fmath.ts'
import type { DailyBars } from './daily-bars.ts'
import { drawBalance, isBalanced } from './aggressor-balance.ts'
import { bendToRange, dropStream, minutePath } from './minute-path.ts'
import { apportionLots, settleAmount, tiltToMean } from './exact-amount.ts'
import { usualDay, withFatFinger } from './fat-finger.ts'
import { flowPlan, flowStream, plantedOn, type FlowPlan } from './flow-plan.ts'
import { CLOSE_AUCTION_SHARE, CONTINUOUS_MINUTES, OPEN_AUCTION_SHARE, slotEnd, VARIANCE_SHAPE, VOLUME_SHAPE } from './intraday-profile.ts'
import type { Stream } from './keyed-stream.ts'
import { flowOfDay } from './order-flow.ts'
import { lotsAtQuotes, makeRoomForLast } from './record-quotes.ts'
import { carryLots, shiftBuyers, wholeAskLots } from './steer-balance.ts'
import { haltTrading, isHalted } from './trading-halts.ts'
import type { World } from './world.ts'

/** How large a step usually is in each minute, as a multiple of the day's mean: a move counts as large against its time of day. */
const TYPICAL_STEP = VARIANCE_SHAPE.map((share) => Math.sqrt(CONTINUOUS_MINUTES * share))

/** Open, high, low, close and limits of a day in ticks of 0.01; a limit of 0 means none. */
export interface DayRange {
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
  readonly limitUp: number
  readonly limitDown: number
}

const TICK = 10
const OPEN_AUCTION_MS = (9 * 60 + 25) * 60_000
const CLOSE_AUCTION_MS = 15 * 3_600_000

/**
 * 分笔: the three-second records of one stock on one day, `undefined` when it does not trade. The records' open, high, low, close, volume and amount
 * are exactly those of the daily bar. Depends on the seed, the code and the date only (and the bar), so a day can be drawn alone. A print far from the price stands among records that are what they
 * would be without it; where trading halts, records come later.
 * The first record is the opening auction at 09:25:00, the last the closing auction at 15:00:00, both without quotes and neutral.
 */
export function tickDay(world: World, bars: DailyBars, day: number): TickDay | undefined {
  const { stock } = bars
  if (!(bars.volume[day]! > 0)) return undefined
  const scripted = bars.scripted.get(day)
  if (scripted !== undefined) return scripted.ticks
  const date = world.dates[day]!
  const stream = world.stream('tick', stock.code, date)
  const plan = flowPlan(world, stock)
  const usual = usualDay(bars, day)
  const range: DaySums = {
    open: bars.open[day]! / TICK,
    high: usual.high / TICK,
    low: usual.low / TICK,
    close: bars.close[day]! / TICK,
    limitUp: bars.limitUp[day]! / TICK,
    limitDown: bars.limitDown[day]! / TICK,
    lots: usual.volume / stock.lot,
    amount: usual.amount / (TICK * stock.lot),
    most: mostPerTrade(usual.amount) / (TICK * stock.lot),
  }
  const records = drawRecords(world, bars, day, range, plan, stream)
  const phase = 1000 * (Number(stock.code.slice(3, 6)) % 3)
  const ticks = toTickDay(records, range, stock.lot, range.most, { code: stock.code, date, grain: 'AGG3S', phase })
  if (isHalted(bars, day)) haltTrading(ticks, records.slot, stock.lot)
  const slip = bars.fatFingers.get(day)
  return slip === undefined ? ticks : withFatFinger(ticks, slip)
}

/** What the records of a day come to together. */
interface DaySums extends DayRange {
  readonly lots: number
  /** Ticks × lots. */
  readonly amount: number
  /** What a trade is worth at most in the mean, ticks × lots. */
  readonly most: number
}

/** The records of a day between its auctions. */
export interface Records {
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

/** All records of a day; volumes in lots and amounts in ticks × lots, so that they are whole numbers. */
function drawRecords(world: World, bars: DailyBars, day: number, range: DaySums, plan: FlowPlan, stream: Stream): Records {
  const { lots, amount, most } = range
  const onePrice = range.high === range.low
  const openLots = Math.max(1, Math.floor(lots * OPEN_AUCTION_SHARE * (onePrice ? 8 : 0.6 + 0.8 * stream.next())))
  const closeLots = Math.max(1, Math.floor(lots * CLOSE_AUCTION_SHARE * (0.6 + 0.8 * stream.next())))
  const lotsLeft = lots - openLots - closeLots
  const slot = drawSlots(usualRecords(lots, lotsLeft, amount), stream)
  const flow = flowOfDay(plantedOn(plan, bars, day), stream)
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
  const middle = drawPath(records, world, bars, day, range, stream)
  const weight = new Float64Array(length)
  const mean = new Float64Array(length)
  const buyers = new Float64Array(length)
  const stepSize = (range.high - range.low) / Math.sqrt(length)
  let mood = 0
  for (let i = 0; i < length; i++) {
    mood = 0.75 * mood + 0.07 * stream.normal()
    const move = i === 0 ? 0 : (middle[i]! - middle[i - 1]!) / (1 + stepSize * TYPICAL_STEP[Math.floor(slot[i]! / 20)]!)
    const lean = flow.lean[slot[i]!]!
    buyers[i] = Math.max(0, Math.min(1, 0.5 + lean + (1 - Math.abs(lean)) * (mood + 0.36 * Math.tanh(move))))
    weight[i] = flow.volume[slot[i]!]! * exp(stream.normal()) * (0.4 + 0.6 * Math.min(4, Math.abs(move))) * (records.sealed[i] === 0 || onePrice ? 1 : 0.15)
  }
  const amountLeft = amount - range.open * openLots - range.close * closeLots
  const steered = isBalanced(bars, day)
  const wanted = steered ? amount * drawBalance(bars, plan, day, flowStream(world, bars.stock).at(world.dates[day]!)) : 0
  // Lots follow the mean price and the mean price follows the sides: three rounds settle both.
  const rounds = steered ? 3 : 1
  for (let round = 1; round <= rounds; round++) {
    if (steered) shiftBuyers(buyers, records, lotsByWeight(weight, lotsLeft), wanted)
    // Every record gets one lot; the weights share out the rest, so it is the rest whose mean price is steered.
    let atLeast = 0
    for (let i = 0; i < length; i++) {
      mean[i] = records.bid[i]! + records.spread[i]! * buyers[i]!
      atLeast += mean[i]!
    }
    if (!onePrice) tiltToMean(weight, mean, (amountLeft - atLeast) / (lotsLeft - length), range.high - range.low, round < rounds ? 1e-4 : 1e-7)
  }
  apportionLots(lotsLeft, weight, records.volume)
  const asks = steered ? wholeAskLots(records, buyers, wanted) : undefined
  if (asks !== undefined) carryLots(records, asks, amountLeft)
  for (let i = 0; i < length; i++) {
    const least = records.bid[i]! * records.volume[i]!
    const above = asks === undefined ? Math.round(mean[i]! * records.volume[i]!) - least : records.spread[i]! * asks[i]!
    records.amount[i] = least + Math.max(0, Math.min(records.spread[i]! * records.volume[i]!, above))
    const drawn = Math.max(1, Math.floor(Math.min(records.volume[i]!, 400) ** 0.55 * (0.5 + stream.next())))
    records.trades[i] = Math.max(drawn, tradesFor(records.volume[i]!, records.amount[i]!, most))
  }
  settleAmount(records, amountLeft)
  for (let i = 0; i < length; i++) if (records.last[i]! > 0) makeRoomForLast(records, i)
  for (let i = 0; i < length; i++) {
    const { bidLots, askLots, insideTicks } = lotsAtQuotes(records, i)
    records.trades[i] = Math.max(records.trades[i]!, (bidLots > 0 ? 1 : 0) + (askLots > 0 ? 1 : 0) + (insideTicks > 0 ? 1 : 0))
    const u = stream.next()
    if (records.last[i]! > 0) continue
    const share = (records.amount[i]! / records.volume[i]! - records.bid[i]!) / records.spread[i]!
    const wantsAsk = u < 0.5 + 0.9 * (share - 0.5)
    // The last price is one that traded: the side wanted, else the other, else the one lot between them.
    const above = wantsAsk
      ? askLots > 0
        ? records.spread[i]!
        : bidLots > 0
          ? 0
          : insideTicks
      : bidLots > 0
        ? 0
        : askLots > 0
          ? records.spread[i]!
          : insideTicks
    records.last[i] = records.bid[i]! + above
  }
  return records
}

/**
 * What a trade of a record is worth at most in the mean, in 厘: 28,000 CNY, and more where more than 840 million are traded in a day. Small orders can then be found in every record
 * whose lots are small enough for them (money-flow.ts).
 */
export function mostPerTrade(amount: number): number {
  return Math.max(28_000_000, amount / 30_000)
}

/** The least trades a record of so many lots and this amount needs for that. */
export function tradesFor(lots: number, amount: number, most: number): number {
  return Math.min(lots, Math.ceil(amount / most))
}

/** What each record gets when the weights share out all but one lot each. */
function lotsByWeight(weight: Float64Array, lots: number): Float64Array {
  let sum = 0
  for (let i = 0; i < weight.length; i++) sum += weight[i]!
  const part = (lots - weight.length) / sum
  const given = new Float64Array(weight.length)
  for (let i = 0; i < given.length; i++) given[i] = 1 + weight[i]! * part
  return given
}

/** How many records a day has, about: turnover of 0.015, 0.1, 1 and 10 billion CNY gives 450, 960, 1,580 and 2,200 for stocks in lots of 100. `amount` in ticks × lots. */
export function usualRecords(lots: number, lotsLeft: number, amount: number): number {
  const active = 270 * ln((amount * (lots > 1e7 ? 0.01 : 1)) / 15e6)
  return Math.max(4, Math.min(450 + Math.max(0, Math.min(1950, active)), Math.floor(lotsLeft / 4)))
}

/** The slots that have a record, ascending: about `count` of them, more where more is traded; one per slot. */
export function drawSlots(count: number, stream: Stream): Int32Array {
  const slots: number[] = []
  for (let minute = 0; minute < CONTINUOUS_MINUTES; minute++) {
    const wanted = Math.min(20, Math.floor(count * VOLUME_SHAPE[minute]! + stream.next()))
    let left = wanted
    // Selection sampling (Knuth, TAOCP 2, 3.4.2 algorithm S): each set of slots of the minute is equally likely.
    for (let k = 0; k < 20 && left > 0; k++) {
      if (stream.next() * (20 - k) >= left) continue
      slots.push(minute * 20 + k)
      left--
    }
  }
  if (slots.length === 0) slots.push(0)
  return Int32Array.from(slots)
}

/**
 * Quotes and last prices along the efficient price: its minutes from the factors, between them a Brownian bridge, bent to the day's range. Where it
 * lies at or beyond a limit the board is sealed. Fills `bid`, `spread`, `sealed`, and `last` where the day's extreme forces it (0 elsewhere).
 * Returns the observed middle in ticks.
 */
function drawPath(records: Records, world: World, bars: DailyBars, day: number, range: DayRange, stream: Stream): Float64Array {
  const { high, low, limitUp, limitDown } = range
  const { slot, length } = records
  const { path } = bars
  const [first, last] = [path.openAt[day]!, path.closeAt[day]!]
  const own = world.factors.drops.has(day) ? dropStream(world, bars.stock.code, day) : stream
  const prices = betweenMinutes(minutePath(world, bars, day, own), first, slot, stream)
  bendToRange(prices, first, last, path.lowAt[day]!, path.highAt[day]!)
  let [highest, lowest] = [0, 0]
  for (let i = 0; i < length; i++) {
    if (prices[i]! > prices[highest]!) highest = i
    // A board that is sealed at the close ends sealed: its low lies before the last record.
    if (prices[i]! <= prices[lowest]! && !(i === length - 1 && range.close === limitUp)) lowest = i
  }
  if (highest === lowest) highest = (lowest + 1) % length
  const wide = ((high + low) / 2) * 0.00012
  // A spread is a tick wider for each time an exponential number exceeds 1 / wide: seldom, so its logarithm is.
  const isWider = exp(-1 / wide)
  const widening = (u: number) => (u > isWider ? 0 : Math.floor(-ln(u) * wide))
  const reference = bars.preClose[day]! / TICK
  for (let i = 0; i < length; i++) {
    const price = reference * exp(prices[i]!)
    const atEnd = i === length - 1
    const sealed =
      limitUp > 0 && (price >= limitUp - 0.5 || (atEnd && range.close === limitUp)) && high === limitUp && !(i === lowest && low < high)
        ? 1
        : limitDown > 0 && (price < limitDown + 0.5 || (atEnd && range.close === limitDown)) && low === limitDown && !(i === highest && low < high)
          ? -1
          : 0
    const middle = sealed !== 0 ? (sealed > 0 ? limitUp : limitDown) : Math.max(low, Math.min(high, price))
    const spread = sealed !== 0 ? 0 : Math.min(high - low, 1 + (stream.next() < 0.3 ? 1 : 0) + widening(stream.next()))
    records.sealed[i] = sealed
    records.spread[i] = spread
    records.bid[i] = sealed !== 0 ? middle : Math.max(low, Math.min(high - spread, Math.floor(middle - spread / 2 + 0.5)))
    records.last[i] = sealed !== 0 ? middle : 0
    prices[i] = middle
  }
  force(records, highest, high, 1)
  force(records, lowest, low, 0)
  return prices
}

/** Let a record trade last at the day's high (`side` 1, at its ask) or low (0, at its bid). A sealed record there does so already. */
function force(records: Records, i: number, price: number, side: number): void {
  if (records.sealed[i] !== 0) return
  records.bid[i] = price - side * records.spread[i]!
  records.last[i] = price
}

/** Log prices at the records: on the way from the end of one minute to the end of the next, with noise of the size of the minute's step. */
export function betweenMinutes(minutes: Float64Array, first: number, slot: Int32Array, stream: Stream): Float64Array {
  const out = new Float64Array(slot.length)
  let [minute, at, share] = [-1, first, 0]
  let [target, noise] = [first, 0]
  for (let i = 0; i < slot.length; i++) {
    const now = Math.floor(slot[i]! / 20)
    if (now !== minute) {
      if (now > 0) at = minutes[now - 1]!
      minute = now
      share = 0
      target = minutes[now]!
      noise = 0.5 * Math.abs(target - at)
    }
    const reached = ((slot[i]! % 20) + 1) / 20
    const step = (reached - share) / (1 - share)
    at += (target - at) * step + (step < 1 ? noise * Math.sqrt((reached - share) * (1 - step)) * stream.normal() : 0)
    share = reached
    out[i] = at
  }
  return out
}

/** Records and auctions as a day of the feed. */
export function toTickDay(
  records: Records,
  range: DayRange,
  lot: number,
  most: number,
  head: Pick<TickDay, 'code' | 'date' | 'grain'> & { readonly phase: number },
): TickDay {
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
    day.tradeCount[i] = Math.max(1, Math.ceil(lots * (lot === 1 ? 0.002 : 0.2)), tradesFor(lots, lots * price, most))
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
    day.vendorSide[i] = sealed !== 0 ? -sealed : air === 1 ? 0 : last === bid + spread ? 1 : last === bid ? -1 : 0
  }
  auction(n - 1, CLOSE_AUCTION_MS, range.close, records.closeLots)
  return day
}
