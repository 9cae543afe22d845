import type { Code } from '#core/code.ts'
import type { TradeDate } from '#core/trade-date.ts'
import type { CorporateAction } from './corporate-action.ts'

/** A named daily column beside the prices, one value per row of the stock; NaN = missing. */
export interface FeatureInput {
  readonly values: Float64Array
  /** When the value of a day is known: milliseconds after its midnight (15:00 when absent), or one instant per row. */
  readonly knownAt?: number | Float64Array
}

/**
 * One stock as it comes from the warehouse, a row per traded day (rows of suspended days may be absent). Prices CNY, not adjusted; volume shares; amount CNY.
 * Limits that are absent or NaN are computed by the dated rules; `noLimit` 1 = the day has none.
 */
export interface StockInput {
  readonly code: Code
  readonly listDate: TradeDate
  /** The first day it can no longer be traded. */
  readonly delistDate?: TradeDate
  readonly dates: ArrayLike<number>
  readonly open: Float64Array
  readonly high: Float64Array
  readonly low: Float64Array
  readonly close: Float64Array
  readonly volume: Float64Array
  readonly amount?: Float64Array
  readonly preClose?: Float64Array
  readonly upLimit?: Float64Array
  readonly downLimit?: Float64Array
  /** Shares of the opening auction, where known. */
  readonly auctionVolume?: Float64Array
  readonly adjFactor?: Float64Array
  readonly noLimit?: Uint8Array
  readonly suspended?: Uint8Array
  readonly riskWarning?: Uint8Array
  readonly delisting?: Uint8Array
  /** Known actions, complete. Absent: they follow from the jumps of `adjFactor`. */
  readonly actions?: readonly CorporateAction[]
  readonly features?: Readonly<Record<string, FeatureInput>>
}
