import type { Grain, TickDay } from '#core/tick.ts'
import type { BookSnapshots } from './scenario-tape.ts'

/**
 * 三秒记录 (AGG3S) of a tape: one per slot that traded, stamped with the end of its slot (start, end]; last price, exact amount, number of trades, flagged with
 * the side of the larger value (0 when equal). The quotes are those of the snapshot that opens the slot, so they were in force before all of it.
 * `snapshots` must come one slot apart and cover the ticks; throws RangeError when they do not.
 */
export function slotsOfTicks(ticks: TickDay, snapshots: BookSnapshots): TickDay {
  const firsts: number[] = []
  const slots: number[] = []
  let slot = 0
  for (let i = 0; i < ticks.length; i++) {
    const at = ticks.at[i]!
    while (slot + 1 < snapshots.length && snapshots.at[slot + 1]! < at) slot++
    if (!(snapshots.at[slot]! < at && slot + 1 < snapshots.length))
      throw new RangeError(`Cannot gather ticks into slots: the snapshots must cover every tick, found one at ${at} outside them`)
    if (slots.at(-1) === slot) continue
    firsts.push(i)
    slots.push(slot)
  }
  const day = gather(ticks, firsts, 'AGG3S')
  for (const [k, at] of slots.entries()) {
    day.at[k] = snapshots.at[at + 1]!
    day.bid1[k] = snapshots.bids[10 * at]!
    day.ask1[k] = snapshots.asks[10 * at]!
  }
  return day
}

/**
 * 按委托合并: one record per aggressor's order (TBT), as trades joined by the order number of their aggressor: all it traded, its last price, the quotes it met.
 * In a tape every order has its own millisecond, so ticks of one instant are one order.
 */
export function ordersOfTicks(ticks: TickDay): TickDay {
  const firsts: number[] = []
  for (let i = 0; i < ticks.length; i++) if (i === 0 || ticks.at[i] !== ticks.at[i - 1]) firsts.push(i)
  return gather(ticks, firsts, 'TBT')
}

/** Records of consecutive ticks, the k-th from `firsts[k]` up to the next; with the time and quotes of its first tick. */
function gather(ticks: TickDay, firsts: readonly number[], grain: Grain): TickDay {
  const length = firsts.length
  const day = {
    code: ticks.code,
    date: ticks.date,
    grain,
    length,
    at: new Float64Array(length),
    price: new Int32Array(length),
    volume: new Float64Array(length),
    amount: new Float64Array(length),
    amountEstimated: new Uint8Array(length),
    vendorSide: new Float64Array(length),
    tradeCount: new Float64Array(length),
    bid1: new Float64Array(length),
    ask1: new Float64Array(length),
  }
  for (let k = 0; k < length; k++) {
    const [from, to] = [firsts[k]!, firsts[k + 1] ?? ticks.length]
    let net = 0
    for (let i = from; i < to; i++) {
      day.volume[k]! += ticks.volume[i]!
      day.amount[k]! += ticks.amount[i]!
      day.tradeCount[k]! += ticks.tradeCount[i]!
      net += ticks.amount[i]! * ticks.vendorSide[i]!
    }
    day.at[k] = ticks.at[from]!
    day.price[k] = ticks.price[to - 1]!
    day.vendorSide[k] = Math.sign(net)
    day.bid1[k] = ticks.bid1[from]!
    day.ask1[k] = ticks.ask1[from]!
  }
  return day
}
