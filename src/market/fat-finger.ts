import { instantOf } from '#core/shanghai-time.ts'
import type { TickDay } from '#core/tick.ts'
import type { DailyBars } from './daily-bars.ts'
import type { Stream } from './keyed-stream.ts'
import { DAYS_PER_YEAR } from './market-factors.ts'
import type { Stock } from './stock.ts'

/** 乌龙指: one trade far from the price, taken back at once; and the range of the day without it. Prices in whole 厘, volume in shares. */
export interface FatFinger {
  /** Milliseconds after midnight. */
  readonly at: number
  readonly price: number
  readonly volume: number
  /** +1 bought far above the price, −1 sold far below it. */
  readonly side: 1 | -1
  /** The last price before it. */
  readonly level: number
  readonly high: number
  readonly low: number
}

/** 0.05 a year and stock (spec simulator §8). */
const RATE = 0.05 / DAYS_PER_YEAR

/** How far away it lies, in hundredths of the prices before and after it. */
const [NEAREST, FARTHEST] = [3, 8]

const TICK = 10
const RECORD_MS = 3000
const MINUTE_MS = 60_000

/** Whether the day has one, if there is room for it: the first draw of the stream's day. `rate` is events per event of the realistic preset. */
export function slips(stream: Stream, rate: number): boolean {
  return stream.next() < rate * RATE
}

/**
 * Where and how far: in a three-second slot without a record between two that have one, the last two in one minute, so that minutes close where they would; on neither side of it is
 * the board sealed. Where no slot is free like that, longer after the record before it. It never goes beyond the limits: without room for 3 % on the side drawn it comes on the other side, and without room there not at all. `ticks` are the day's records without it.
 */
export function drawFatFinger({ stock, high, low, limitUp, limitDown }: DailyBars, day: number, ticks: TickDay, stream: Stream): FatFinger | undefined {
  const [gap, side, distance, lots] = [stream.next(), stream.next() < 0.5 ? 1 : -1, stream.next(), stream.integer(1, 3)] as const
  const places = openPlaces(ticks)
  if (places.length === 0) return undefined
  const next = places[Math.floor(gap * places.length)]!
  const [level, after] = [ticks.price[next - 1]!, ticks.price[next]!]
  const priceAt = (up: 1 | -1) => priceAway(level, after, up, distance, up > 0 ? limitUp[day]! : limitDown[day]!)
  const wanted = priceAt(side)
  const [taken, price] = wanted === undefined ? ([side > 0 ? -1 : 1, priceAt(side > 0 ? -1 : 1)] as const) : ([side, wanted] as const)
  if (price === undefined) return undefined
  const at = ticks.at[next]! - RECORD_MS - instantOf(ticks.date, 0)
  return { at, price, volume: lots * leastOrder(stock), side: taken, level, high: high[day]!, low: low[day]! }
}

/** The records that an empty slot of the same minute comes right before, with quotes on both sides before and after it; of all those where the record before is as near as it can be. */
function openPlaces({ at, bid1, ask1, length }: TickDay): readonly number[] {
  const isQuoted = (i: number) => bid1[i]! > 0 && ask1[i]! > 0
  const minuteOf = (time: number) => Math.ceil(time / MINUTE_MS)
  let [places, nearest]: [number[], number] = [[], Infinity]
  for (let i = 2; i < length - 1; i++) {
    const free = at[i]! - RECORD_MS
    const since = free - at[i - 1]!
    if (!(isQuoted(i - 1) && isQuoted(i) && since > 0 && since <= nearest && minuteOf(free) === minuteOf(at[i]!))) continue
    if (since < nearest) places = []
    nearest = since
    places.push(i)
  }
  return places
}

/** A price 3 to 8 % above (or below) both the record before and the one after, inside the limit; nothing when there is none. */
function priceAway(before: number, after: number, side: 1 | -1, distance: number, limit: number): number | undefined {
  const [lowest, highest] = [Math.min(before, after), Math.max(before, after)]
  const part = NEAREST + (FARTHEST - NEAREST) * distance
  const wanted = TICK * Math.round((before * (100 + side * part)) / (100 * TICK))
  const [least, most] =
    side > 0
      ? [TICK * Math.ceil((highest * (100 + NEAREST)) / (100 * TICK)), Math.min(limit, TICK * Math.floor((lowest * (100 + FARTHEST)) / (100 * TICK)))]
      : [Math.max(limit, TICK * Math.ceil((highest * (100 - FARTHEST)) / (100 * TICK))), TICK * Math.floor((lowest * (100 - NEAREST)) / (100 * TICK))]
  return least > most ? undefined : Math.max(least, Math.min(most, wanted))
}

/** The least that can be ordered: STAR takes 200 shares, the others 100. */
function leastOrder({ board }: Stock): number {
  return board === 'star' ? 200 : 100
}

/** Put it into the day's bar: on top of what trades anyway. */
export function addToBar(bars: DailyBars, day: number, slip: FatFinger): void {
  const { price, volume } = slip
  bars.fatFingers.set(day, slip)
  bars.high[day] = Math.max(slip.high, price)
  bars.low[day] = Math.min(slip.low, price)
  bars.volume[day]! += volume
  bars.amount[day]! += price * volume
}

/** The day as it is without such a print; all else that is drawn of a day follows from this. */
export function usualDay({ high, low, volume, amount, fatFingers }: DailyBars, day: number): { high: number; low: number; volume: number; amount: number } {
  const slip = fatFingers.get(day)
  const traded = { volume: volume[day]!, amount: amount[day]! }
  return slip === undefined
    ? { high: high[day]!, low: low[day]!, ...traded }
    : { high: slip.high, low: slip.low, volume: traded.volume - slip.volume, amount: traded.amount - slip.volume * slip.price }
}

/** The day's records with it: one trade at the far quote, because the side it takes from was empty up to there; the other quote is that of the next record. */
export function withFatFinger(ticks: TickDay, { at, price, volume, side }: FatFinger): TickDay {
  const time = instantOf(ticks.date, at)
  const place = ticks.at.findIndex((own) => own > time)
  const put = (column: Float64Array, value: number) => {
    const longer = new Float64Array(column.length + 1)
    longer.set(column.subarray(0, place))
    longer[place] = value
    longer.set(column.subarray(place), place + 1)
    return longer
  }
  return {
    ...ticks,
    length: ticks.length + 1,
    at: put(ticks.at, time),
    price: Int32Array.from(put(Float64Array.from(ticks.price), price)),
    volume: put(ticks.volume, volume),
    amount: put(ticks.amount, volume * price),
    amountEstimated: Uint8Array.from(put(Float64Array.from(ticks.amountEstimated), 0)),
    vendorSide: put(ticks.vendorSide, side),
    tradeCount: put(ticks.tradeCount, 1),
    bid1: put(ticks.bid1, side > 0 ? ticks.bid1[place]! : price),
    ask1: put(ticks.ask1, side > 0 ? price : ticks.ask1[place]!),
  }
}
