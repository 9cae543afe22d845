import { clockTime, timeOfDay } from '#core/shanghai-time.ts'
import type { TickDay } from '#core/tick.ts'
import type { EpochMs } from '#core/trade-date.ts'
import { ln } from '#numeric/fmath.ts'
import type { DailyBars } from './daily-bars.ts'
import { SLOTS, slotEnd } from './intraday-profile.ts'

/** 盘中临时停牌: trading that stops because the price has gone far from the day's open, on a day without price limits (spec simulator §6.4). */
export interface TradingHalt {
  /** Milliseconds after midnight. The lunch break counts for neither. */
  readonly from: number
  readonly until: number
  /** Minutes of trading that do not take place. */
  readonly minutes: number
  /** What was reached: tenths of the open, negative below it. */
  readonly reached: number
  /** ln of the price that set it off ÷ the open. */
  readonly deviation: number
}

/** Tenths of the open: each is reached for the first time once upwards and once downwards. */
const STEPS = [3, 6, -3, -6] as const

const HALT_MINUTES = 10
const HALT_SLOTS = 20 * HALT_MINUTES

const MORNING_ENDS = clockTime('11:30')
const AFTERNOON = clockTime('13:00')
const AUCTION = clockTime('14:57')

/** Whether a price lies as many tenths away from the open, or more. */
function hasReached(price: number, open: number, step: number): boolean {
  return Math.sign(step) * (10 * price - (10 + step) * open) >= 0
}

/** Whether trading halts on this day: it has no limits, and its range reaches far enough. A scripted day goes as its script says. */
export function isHalted({ open, high, low, limitUp, volume, scripted }: DailyBars, day: number): boolean {
  return (
    limitUp[day] === 0 &&
    volume[day]! > 0 &&
    (hasReached(high[day]!, open[day]!, STEPS[0]) || hasReached(low[day]!, open[day]!, STEPS[2])) &&
    !scripted.has(day)
  )
}

/** The records of continuous trading after which trading halts, with what they reach for the first time: of two steps at once the nearer one first. */
function triggers(ticks: TickDay, lot: number): readonly { readonly record: number; readonly step: number; readonly price: number }[] {
  const open = ticks.price[0]!
  const left = new Set<number>(STEPS)
  const found: { record: number; step: number; price: number }[] = []
  for (let record = 1; record < ticks.length - 1 && left.size > 0; record++) {
    const [least, most] = tradedRange(ticks, record, lot)
    for (const step of left) {
      const price = step > 0 ? most : least
      if (!hasReached(price, open, step)) continue
      found.push({ record, step, price })
      left.delete(step)
    }
  }
  return found
}

/** The lowest and the highest price of a record at which something traded. */
function tradedRange({ price, volume, amount, bid1, ask1 }: TickDay, i: number, lot: number): readonly [least: number, most: number] {
  const [last, bid, ask] = [price[i]!, bid1[i]!, ask1[i]!]
  if (amount[i] === volume[i]! * last) return [last, last]
  const above = (amount[i]! - volume[i]! * bid) / lot
  const askLots = Math.floor(above / (ask - bid))
  const inside = above - askLots * (ask - bid)
  const bidLots = volume[i]! / lot - askLots - (inside > 0 ? 1 : 0)
  return [bidLots > 0 ? bid : inside > 0 ? bid + inside : ask, askLots > 0 ? ask : inside > 0 ? bid + inside : bid]
}

/**
 * Let trading halt on a day that does: its records keep their order, prices and volumes, and those after a halt move into the time that is left, so that the day's bar stays what it is. Where too
 * little time is left for them, a halt begins earlier than the price alone would have it. In place. `slot` are the three-second slots of the records between the auctions.
 */
export function haltTrading(ticks: TickDay, slot: Int32Array, lot: number): void {
  const found = triggers(ticks, lot)
  const last = slot.length - 1
  // Slots from each record to the earliest one its successor may have.
  const step = new Int32Array(slot.length).fill(1)
  for (const { record } of found) step[record - 1]! += HALT_SLOTS
  const latest = new Int32Array(slot.length)
  latest[last] = SLOTS - 1
  for (let k = last - 1; k >= 0; k--) latest[k] = latest[k + 1]! - step[k]!
  const midnight = ticks.at[1]! - slotEnd(slot[0]!)
  // What was to happen after the last halt so far is squeezed into the slots from `begins` on.
  let [was, begins] = [0, 0]
  let before = -1
  for (let k = 0; k <= last; k++) {
    const squeezed = begins + Math.floor(((slot[k]! - was) * (SLOTS - begins)) / (SLOTS - was))
    const now = Math.min(latest[k]!, Math.max(squeezed, before))
    ticks.at[k + 1] = midnight + slotEnd(now)
    before = now + step[k]!
    if (step[k] === 1) continue
    was = slot[k]! + 1
    begins = Math.min(SLOTS, before)
  }
}

/** The halts of a day as its records tell them; none on a day that has none. */
export function tradingHalts(bars: DailyBars, day: number, ticks: TickDay): readonly TradingHalt[] {
  if (!isHalted(bars, day)) return []
  const halts: TradingHalt[] = []
  for (const { record, step, price } of triggers(ticks, bars.stock.lot)) {
    const from = Math.max(timeOfDay(ticks.at[record] as EpochMs), halts.at(-1)?.until ?? 0)
    const until = afterTrading(from, HALT_MINUTES * 60_000)
    const minutes = tradingBetween(from, until) / 60_000
    if (minutes > 0) halts.push({ from, until, minutes, reached: step, deviation: ln(price / ticks.price[0]!) })
  }
  return halts
}

/** So many milliseconds of trading after a time of day, no later than the closing auction. */
function afterTrading(from: number, span: number): number {
  const isOverLunch = from <= MORNING_ENDS && from + span > MORNING_ENDS
  return Math.min(AUCTION, from + span + (isOverLunch ? AFTERNOON - MORNING_ENDS : 0))
}

function tradingBetween(from: number, until: number): number {
  return until - from - (from <= MORNING_ENDS && until > MORNING_ENDS ? AFTERNOON - MORNING_ENDS : 0)
}
