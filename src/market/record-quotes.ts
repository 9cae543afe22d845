import type { RecordColumns } from './exact-amount.ts'

/**
 * How the lots of a record trade at its quotes so that they give its amount: whole lots at the ask, one lot `insideTicks` above the bid if that does
 * not come out even, the rest at the bid.
 */
export function lotsAtQuotes({ bid, spread, volume, amount }: RecordColumns, i: number): { bidLots: number; askLots: number; insideTicks: number } {
  if (spread[i] === 0) return { bidLots: volume[i]!, askLots: 0, insideTicks: 0 }
  const above = amount[i]! - bid[i]! * volume[i]!
  const askLots = Math.floor(above / spread[i]!)
  const insideTicks = above - askLots * spread[i]!
  return { bidLots: volume[i]! - askLots - (insideTicks > 0 ? 1 : 0), askLots, insideTicks }
}

/** Records whose last price is given where it is above 0; 0 = not decided yet. In ticks. */
interface PricedRecords extends RecordColumns {
  readonly last: Int32Array
}

/** A record whose last price is given has at least one lot there: what its amount lacks, or has too much, is exchanged with the record that has most to spare. */
export function makeRoomForLast(records: PricedRecords, i: number): void {
  const { bid, spread, volume, amount, last } = records
  if (spread[i] === 0) return
  const above = (k: number) => amount[k]! - bid[k]! * volume[k]!
  const isAsk = last[i]! > bid[i]!
  const missing = isAsk ? spread[i]! - above(i) : above(i) - spread[i]! * (volume[i]! - 1)
  if (missing <= 0) return
  const spare = (k: number) => (isAsk ? above(k) : spread[k]! * volume[k]! - above(k))
  let best = -1
  for (let k = 0; k < last.length; k++) if (last[k] === 0 && (best < 0 || spare(k) > spare(best))) best = k
  if (best < 0 || spare(best) < missing) return
  amount[i]! += isAsk ? missing : -missing
  amount[best]! -= isAsk ? missing : -missing
}
