import type { Code } from '#core/code.ts'
import { clockTime, instantOf } from '#core/shanghai-time.ts'
import type { TickDay } from '#core/tick.ts'
import type { TradeDate } from '#core/trade-date.ts'
import { QUOTE_MAX_AGE_MS, type QuoteSeries } from './quotes-in-force.ts'
import { firstTicks } from './select-ticks.ts'

/** Level-1 snapshots of one stock, day and source in time order: cumulative volume in shares, cumulative amount and prices in whole 厘. */
export interface SnapshotSeries extends QuoteSeries {
  readonly code: Code
  readonly date: TradeDate
  readonly length: number
  readonly last: Int32Array
  readonly cumVolume: Float64Array
  readonly cumAmount: Float64Array
}

export interface SnapshotDifferences {
  /** Ticks of grain SNAPDIFF; the quote in force is the earlier snapshot's, NaN when that one is too old. */
  readonly day: TickDay
  /** Input rows thrown away because a cumulative figure fell. */
  readonly discarded: readonly number[]
  /** What had traded before the first snapshot when that came after the open, in shares and whole 厘: it belongs to no tick. */
  readonly unseen: { readonly volume: number; readonly amount: number }
}

const OPEN_PRINT = clockTime('09:25')
const OPEN_PRINT_ENDS = clockTime('09:26')
const OPEN = clockTime('09:30')

/**
 * 快照差分: what traded between consecutive snapshots, as ticks stamped with the later one (spec microstructure §2.4).
 * A snapshot whose cumulative volume or amount fell is discarded; one where only one of them rose waits for the next, so nothing is lost.
 * The first volume seen between 09:25 and 09:30 is the opening print; polled only after 09:26 it is stamped 09:25, when it was matched.
 * When the first snapshot comes after the open nothing is invented: the value before it is reported as unseen.
 */
export function differenceSnapshots(snapshots: SnapshotSeries, maxQuoteAgeMs: number = QUOTE_MAX_AGE_MS): SnapshotDifferences {
  const opening = instantOf(snapshots.date, OPEN_PRINT)
  const open = instantOf(snapshots.date, OPEN)
  const ticks = emptyTicks(snapshots)
  const discarded: number[] = []
  let unseen = { volume: 0, amount: 0 }
  let length = 0
  let before = -1
  let volumeBefore = 0
  let amountBefore = 0
  for (let i = 0; i < snapshots.length; i++) {
    const at = snapshots.at[i]!
    if (at < opening) continue
    const volume = snapshots.cumVolume[i]! - volumeBefore
    const amount = snapshots.cumAmount[i]! - amountBefore
    if (volume < 0 || amount < 0) {
      discarded.push(i)
      continue
    }
    const age = before < 0 ? Infinity : at - snapshots.at[before]!
    const startedLate = before < 0 && at >= open
    const traded = volume > 0 && amount > 0
    if (startedLate) unseen = { volume, amount }
    else if (traded) {
      ticks.at[length] = volumeBefore === 0 && at < open ? openingStamp(snapshots.date, at) : at
      ticks.price[length] = snapshots.last[i]!
      ticks.volume[length] = volume
      ticks.amount[length] = amount
      ticks.bid1[length] = age <= maxQuoteAgeMs ? snapshots.bid1[before]! : NaN
      ticks.ask1[length] = age <= maxQuoteAgeMs ? snapshots.ask1[before]! : NaN
      length++
    }
    before = i
    if (!startedLate && !traded) continue
    volumeBefore = snapshots.cumVolume[i]!
    amountBefore = snapshots.cumAmount[i]!
  }
  return { day: firstTicks(ticks, length), discarded, unseen }
}

function openingStamp(date: TradeDate, at: number): number {
  return at < instantOf(date, OPEN_PRINT_ENDS) ? at : instantOf(date, OPEN_PRINT)
}

function emptyTicks({ code, date, length }: SnapshotSeries): TickDay {
  return {
    code,
    date,
    grain: 'SNAPDIFF',
    length,
    at: new Float64Array(length),
    price: new Int32Array(length),
    volume: new Float64Array(length),
    amount: new Float64Array(length),
    amountEstimated: new Uint8Array(length),
    vendorSide: new Float64Array(length).fill(NaN),
    tradeCount: new Float64Array(length).fill(NaN),
    bid1: new Float64Array(length),
    ask1: new Float64Array(length),
  }
}
