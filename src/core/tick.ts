import type { Code } from './code.ts'
import type { EpochMs, TradeDate } from './trade-date.ts'

/** What one record of a tick feed is: the grain is part of the data (spec microstructure §2.1). */
export type Grain = 'TBT' | 'AGG3S' | 'SNAPDIFF' | 'BAR1M'

/** Metrics of different classes are never mixed in one window. */
export type GrainClass = 'TBT' | 'AGG' | 'BAR'

export function grainClassOf(grain: Grain): GrainClass {
  return grain === 'TBT' ? 'TBT' : grain === 'BAR1M' ? 'BAR' : 'AGG'
}

/** The vendor's own flag: B active buy, S active sell, M neutral, absent when the feed gives none. */
export type VendorSide = 'B' | 'S' | 'M'

/**
 * 逐笔: one day of one stock, in time order, as parallel columns. Prices are whole 厘 (1/1000 CNY), volumes shares,
 * amounts whole 厘 so that sums are exact below 2^53. Quotes are those in force strictly before the tick; 0 = that side is empty,
 * NaN = no quote known.
 */
export interface TickDay {
  readonly code: Code
  readonly date: TradeDate
  readonly grain: Grain
  readonly length: number
  /** Epoch ms of the source. Non-decreasing. */
  readonly at: Float64Array
  readonly price: Int32Array
  readonly volume: Float64Array
  /** Whole 厘. */
  readonly amount: Float64Array
  /** 1 where the feed gave no amount and price × volume was used. */
  readonly amountEstimated: Uint8Array
  /** +1 B, -1 S, 0 M, NaN = no flag. */
  readonly vendorSide: Float64Array
  /** Number of trades in the record; NaN when not reported. */
  readonly tradeCount: Float64Array
  readonly bid1: Float64Array
  readonly ask1: Float64Array
}

/** One tick on the live stream: the same fields as a row of TickDay, plus when we learnt it. */
export interface Tick {
  readonly code: Code
  readonly date: TradeDate
  readonly at: EpochMs
  readonly seenAt: EpochMs
  /** Ordinal of the tick within its stock and day, starting at 0. */
  readonly seq: number
  readonly grain: Grain
  readonly price: number
  readonly volume: number
  readonly amount: number
  readonly amountEstimated: boolean
  readonly vendorSide: number
  readonly tradeCount: number
  readonly bid1: number
  readonly ask1: number
}
