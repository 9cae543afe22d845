import type { Code } from './code.ts'
import type { EpochMs, TradeDate } from './trade-date.ts'

/**
 * 特征快照: what is known of one stock after one tick, frozen. Spec intraday §9. NaN inside the process means "not known";
 * it leaves the process as an absent field, never as 0.
 */
export interface FeatureSnapshot {
  readonly code: Code
  readonly date: TradeDate
  readonly at: EpochMs
  readonly seenAt: EpochMs
  readonly seq: number
  /** Seconds of the session clock σ (lunch and the closing call do not count). */
  readonly sessionSeconds: number
  readonly baseline: 'own' | 'profile'
  /** Field name → value; the names are `FEATURES`. */
  readonly values: Readonly<Record<Feature, number>>
}

export const FEATURES = [
  'last',
  'prev_close',
  'pct',
  'vwap_day',
  'dev_vwap',
  'high',
  'low',
  'cum_volume',
  'cum_amount',
  'order_flow_imbalance_day',
  'big_net_day',
  'r_1m',
  'r_3m',
  'r_5m',
  'amount_5m',
  'net_5m',
  'net_ratio_5m',
  'net_z5m',
  'big_buy_5m',
  'big_sell_5m',
  'big_net_5m',
  'big_density_5m',
  'bd_ratio',
  'adv20',
  'atr_pct',
  'limit_up',
  'limit_down',
  'big_trade_threshold',
  'is_st',
] as const

/** Prices and money in CNY, volumes in shares, ratios as fractions. */
export type Feature = (typeof FEATURES)[number]
