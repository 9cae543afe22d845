import type { DataGrade } from './candidate.ts'

/** 委托方向. */
export type OrderSide = 'buy' | 'sell'

/**
 * 委托类型 in daily mode: in the opening auction, in the closing auction, a limit order resting all day, a stop that sells below (buys above) its price.
 */
export type OrderType = 'auction_open' | 'auction_close' | 'limit' | 'stop'

/** `day`: gone after its day. `carry`: what a limit or a lack of volume kept from filling goes to the next opening auction; a suspension ends it. */
export type TimeInForce = 'day' | 'carry'

export type OrderState = 'open' | 'filled' | 'partly_filled' | 'expired' | 'rejected'

/** Why an order was rejected, or why it (or its rest) never filled. */
export type RejectionReason =
  | 'not_listed'
  | 'suspended'
  | 'price_outside_limits'
  | 'price_off_tick'
  | 'bad_lot'
  | 'bad_size'
  | 't_plus_1'
  | 'not_held'
  | 'insufficient_cash'
  | 'st_daily_cap'
  | 'max_positions'
  | 'sealed_limit'
  | 'price_not_reached'
  | 'condition_not_met'
  | 'no_volume'
  | 'end_of_data'

/**
 * 委托数量: a number of shares, or left to the fill: `all` that may be sold, `value` CNY to spend (fees included, never more than the cash), or the equal-risk size
 * min(risk ÷ (price − stop), cap ÷ price) in CNY. Sizes left to the fill are rounded down to the board's lot.
 */
export type OrderSize =
  | { readonly shares: number }
  | { readonly all: true }
  | { readonly value: number }
  | { readonly risk: number; readonly stop: number; readonly cap: number }

/** Facts a strategy attaches to an order and its trades, for the splits of a report. */
export interface TradeTag {
  readonly grade?: DataGrade
  readonly rankScore?: number
  readonly qualityPct?: number
  readonly supportPct?: number
  readonly levelId?: string
  readonly supportPrice?: number
  readonly note?: string
}
