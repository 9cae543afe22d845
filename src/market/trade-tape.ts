import { clockTime, instantOf } from '#core/shanghai-time.ts'
import type { TickDay } from '#core/tick.ts'
import { exp } from '#numeric/fmath.ts'
import { apportionLots } from './exact-amount.ts'
import type { DailyBars } from './daily-bars.ts'
import type { Stream } from './keyed-stream.ts'
import { CLASS_FROM, TYPICAL_UP_TO } from './money-flow.ts'
import { nameOrders } from './tape-orders.ts'
import type { World } from './world.ts'

const TICK = 10
const SLOT_MS = 3000
const AFTERNOON = clockTime('13:00')

/** A run of trades at one price inside a record. */
interface Group {
  readonly price: number
  readonly lots: number
  readonly side: number
  trades: number
}

/** 逐笔 with its orders: who was the aggressor (1 buyer, −1 seller, 0 in a call auction), and for each side the number of its order and the order's class (`ORDER_CLASSES`). */
export interface TradeTape extends TickDay {
  readonly aggressor: Int8Array
  readonly buyOrder: Uint32Array
  readonly sellOrder: Uint32Array
  readonly buyClass: Uint8Array
  readonly sellClass: Uint8Array
}

/**
 * 逐笔: the single trades behind the three-second records of one stock-day, grain TBT. Each record's volume, amount, number of trades and last price
 * are exactly those of its trades; its trades lie at its bid, its ask, and at most one lot in between. Quotes are those of the record. Auctions are
 * one record each, their trades at one price and neutral. Every trade has a buying and a selling order; what the orders of a class trade follows the day's budget of
 * money-flow.ts. Orders are numbered by their first trades over both sides; consecutive
 * trades of one aggressor lie within 50 ms. Depends on the seed, the code, the date, the bar and the records only.
 */
export function tradeTape(world: World, bars: DailyBars, ticks: TickDay): TradeTape {
  const { lot } = bars.stock
  const stream = world.stream('book', ticks.code, ticks.date)
  const length = ticks.tradeCount.reduce((sum, count) => sum + count, 0)
  const tape = {
    code: ticks.code,
    date: ticks.date,
    grain: 'TBT' as const,
    length,
    at: new Float64Array(length),
    price: new Int32Array(length),
    volume: new Float64Array(length),
    amount: new Float64Array(length),
    amountEstimated: new Uint8Array(length),
    vendorSide: new Float64Array(length),
    tradeCount: new Float64Array(length).fill(1),
    bid1: new Float64Array(length),
    ask1: new Float64Array(length),
    aggressor: new Int8Array(length),
    buyOrder: new Uint32Array(length),
    sellOrder: new Uint32Array(length),
    buyClass: new Uint8Array(length),
    sellClass: new Uint8Array(length),
  }
  const ends = new Uint32Array(ticks.length)
  let from = 0
  for (let record = 0; record < ticks.length; record++) {
    const count = ticks.tradeCount[record]!
    const times = timesOf(ticks, record, count, stream)
    const groups = groupsOf(ticks, record, lot)
    const sizes = groups.map(({ price, lots, trades }) => sizesOf(lots, trades, price * lot, stream))
    const given = groups.map(() => 0)
    let group = 0
    for (let at = from; at < from + count; at++) {
      group = nextGroup(groups, given, group, stream)
      const { price, side } = groups[group]!
      const shares = sizes[group]![given[group]!++]! * lot
      tape.at[at] = times[at - from]!
      tape.price[at] = price
      tape.volume[at] = shares
      tape.amount[at] = shares * price
      tape.vendorSide[at] = side
      tape.bid1[at] = ticks.bid1[record]!
      tape.ask1[at] = ticks.ask1[record]!
    }
    from += count
    ends[record] = from
  }
  nameOrders(world, bars, tape, ends)
  return tape
}

/** Chance that the next trade inside a record is at another price than the one before. */
const TURN = 0.22

/** The group of the next trade: mostly the same again, now and then another; the last group keeps one trade for the end. */
function nextGroup(groups: readonly Group[], given: readonly number[], current: number, stream: Stream): number {
  const last = groups.length - 1
  const left = (k: number) => groups[k]!.trades - given[k]! - (k === last ? 1 : 0)
  const turns = stream.next() < TURN
  if (left(current) > 0 && !turns) return current
  for (let step = 1; step <= last; step++) if (left((current + step) % (last + 1)) > 0) return (current + step) % (last + 1)
  return left(current) > 0 ? current : last
}

/** The prices of a record and how many lots and trades each has; the last price comes last. */
function groupsOf(ticks: TickDay, record: number, lot: number): readonly Group[] {
  const [bid, ask, price] = [ticks.bid1[record]!, ticks.ask1[record]!, ticks.price[record]!]
  const lots = ticks.volume[record]! / lot
  const trades = ticks.tradeCount[record]!
  const isOnePrice = Number.isNaN(bid) || ticks.volume[record]! * price === ticks.amount[record]
  if (isOnePrice) return [{ price, lots, trades, side: ticks.vendorSide[record]! }]
  const spread = (ask - bid) / TICK
  const above = (ticks.amount[record]! - ticks.volume[record]! * bid) / (TICK * lot)
  const askLots = Math.floor(above / spread)
  const inside = above - askLots * spread
  const groups: Group[] = [
    { price: bid, lots: lots - askLots - (inside > 0 ? 1 : 0), trades: 0, side: -1 },
    { price: bid + inside * TICK, lots: inside > 0 ? 1 : 0, trades: 0, side: 0 },
    { price: ask, lots: askLots, trades: 0, side: 1 },
  ].filter((group) => group.lots > 0)
  shareTrades(groups, lots, trades)
  return groups.toSorted((a, b) => Number(a.price === price) - Number(b.price === price))
}

/** At least one trade for every price, no more than it has lots, the rest in proportion to the lots. */
function shareTrades(groups: readonly Group[], lots: number, trades: number): void {
  let left = trades
  for (const group of groups) {
    group.trades = Math.min(group.lots, Math.max(1, Math.floor((trades * group.lots) / lots)))
    left -= group.trades
  }
  for (const group of groups) {
    const more = left > 0 ? Math.min(left, group.lots - group.trades) : Math.max(left, 1 - group.trades)
    group.trades += more
    left -= more
  }
}

/**
 * Sizes in lots, log-normal with a log standard deviation of 1.2 (spec simulator §10.1), adding up to `lots`. A trade is worth no more than an order of the class of the usual
 * trade here can have, so that classes of orders can be made up of them. `worth` is a lot's value in 厘.
 */
function sizesOf(lots: number, trades: number, worth: number, stream: Stream): Float64Array {
  const sizes = new Float64Array(trades)
  if (trades === 1) {
    sizes[0] = lots
    return sizes
  }
  apportionLots(
    lots,
    Float64Array.from(sizes, () => exp(1.2 * stream.normal())),
    sizes,
  )
  const size = TYPICAL_UP_TO.findIndex((most) => (lots * worth) / trades < most)
  if (size >= 0) levelOff(sizes, Math.max(Math.ceil(lots / trades), Math.floor((CLASS_FROM[size + 1]! - 1) / worth)))
  return sizes
}

/** Hand lots of sizes above `most` on to those below it, evenly as far as they go. `most` is at least the mean. */
function levelOff(sizes: Float64Array, most: number): void {
  let over = 0
  for (let i = 0; i < sizes.length; i++) {
    over += Math.max(0, sizes[i]! - most)
    sizes[i] = Math.min(sizes[i]!, most)
  }
  if (over === 0) return
  let room = 0
  for (const size of sizes) room += most - size
  let [run, given] = [0, 0]
  for (let i = 0; i < sizes.length; i++) {
    run += most - sizes[i]!
    const upTo = Math.floor((over * run) / room)
    sizes[i]! += upTo - given
    given = upTo
  }
}

/** Ascending times within the three seconds that end with the record, not before the session they belong to; the last is the record's own. */
function timesOf(ticks: TickDay, record: number, count: number, stream: Stream): Float64Array {
  const end = ticks.at[record]!
  const isAuction = Number.isNaN(ticks.bid1[record]!)
  const afternoon = instantOf(ticks.date, AFTERNOON)
  const morning = instantOf(ticks.date, clockTime('09:30'))
  const opened = end > afternoon ? afternoon : morning
  const span = isAuction ? 0 : Math.min(SLOT_MS - 1, end - opened - 1)
  const times = Float64Array.from({ length: count }, (_, k) => (k === count - 1 ? end : end - Math.floor(stream.next() * span)))
  return times.toSorted()
}
