import type { DailyBars } from './daily-bars.ts'
import { drawMoneyFlow, emptyMoneyFlow, flowSource } from './money-flow.ts'
import { divideSide, type SideOrders } from './order-sides.ts'
import type { TradeTape } from './trade-tape.ts'
import type { World } from './world.ts'

/** An aggressor's trades lie within this many milliseconds. */
const BURST_MS = 50

/** Give every trade of a tape its aggressor, its two orders and their classes, after the day's budget; times of one aggressor's trades are drawn together. `ends` says where records end. */
export function nameOrders(world: World, bars: DailyBars, tape: TradeTape, ends: Uint32Array): void {
  const { stock } = bars
  const day = world.dayOf.get(tape.date)!
  const flow = emptyMoneyFlow()
  drawMoneyFlow(world, flowSource(world, bars), day, flow)
  chooseAggressors(tape, flow.netAmount)
  const stream = world.stream('book', `${stock.code} orders`, tape.date)
  const divided = (side: number, budget: Float64Array) =>
    divideSide({ value: tape.amount, active: Uint8Array.from(tape.aggressor, (own) => (own === side ? 1 : 0)) }, budget, stream)
  const [buys, sells] = [divided(1, flow.buyAmount), divided(-1, flow.sellAmount)]
  for (let i = 0; i < tape.length; i++) {
    tape.buyClass[i] = buys.sizes[buys.orderOf[i]!]!
    tape.sellClass[i] = sells.sizes[sells.orderOf[i]!]!
  }
  numberOrders(tape, buys, sells)
  closeRanks(tape, ends)
}

/** The aggressor by the side of the trade's price; a trade between the quotes is of the side the day's balance lacks. Auctions have none. */
function chooseAggressors({ aggressor, vendorSide, bid1, amount }: TradeTape, net: number): void {
  let missing = net
  for (let i = 0; i < aggressor.length; i++) {
    if (Number.isNaN(bid1[i]!)) continue
    aggressor[i] = vendorSide[i]!
    missing -= aggressor[i]! * amount[i]!
  }
  for (let i = 0; i < aggressor.length; i++) {
    if (aggressor[i] !== 0 || Number.isNaN(bid1[i]!)) continue
    aggressor[i] = missing > 0 ? 1 : -1
    missing -= aggressor[i]! * amount[i]!
  }
}

/** Numbers from 1 in the order of their first trades over both sides; of two that meet with their first trade the resting one is earlier. */
function numberOrders(tape: TradeTape, buys: SideOrders, sells: SideOrders): void {
  const [buyNumber, sellNumber] = [new Uint32Array(buys.sizes.length), new Uint32Array(sells.sizes.length)]
  let count = 0
  for (let i = 0; i < tape.length; i++) {
    const [buy, sell] = [buys.orderOf[i]!, sells.orderOf[i]!]
    if (tape.aggressor[i]! > 0) sellNumber[sell] ||= ++count
    buyNumber[buy] ||= ++count
    sellNumber[sell] ||= ++count
    tape.buyOrder[i] = buyNumber[buy]!
    tape.sellOrder[i] = sellNumber[sell]!
  }
}

/** Move the trades of one aggressor close before its last one, without passing the trades before. */
function closeRanks(tape: TradeTape, ends: Uint32Array): void {
  const { at, aggressor, buyOrder, sellOrder } = tape
  const orderAt = (i: number) => (aggressor[i] === 0 ? 0 : aggressor[i]! > 0 ? buyOrder[i]! : sellOrder[i]!)
  for (let record = 0, from = 0; record < ends.length; from = ends[record++]!)
    for (let first = from; first < ends[record]!;) {
      let last = first
      while (last + 1 < ends[record]! && orderAt(first) !== 0 && orderAt(last + 1) === orderAt(first)) last++
      const step = Math.floor((BURST_MS - 1) / Math.max(1, last - first))
      for (let i = first; i < last; i++) at[i] = Math.max(at[i]!, at[last]! - (last - i) * step)
      first = last + 1
    }
}
