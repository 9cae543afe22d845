/**
 * 委托类型, as the ordinals a book takes; the first three take a price. LIMIT rests; IOC and FOK (limit price given) never rest. The others are market orders:
 * BEST_5_CANCEL 最优五档即时成交剩余撤销, BEST_5_LIMIT 最优五档即时成交剩余转限价, BEST_OPPOSITE 对手方最优价格, BEST_OWN 本方最优价格.
 */
export const ORDER_TYPE = Object.freeze({ LIMIT: 0, IOC: 1, FOK: 2, BEST_5_CANCEL: 3, BEST_5_LIMIT: 4, BEST_OPPOSITE: 5, BEST_OWN: 6 })

/** What to cancel when an order would trade with one of the same owner (owner 0 is nobody's). */
export type SelfTrade = 'allow' | 'cancel-new' | 'cancel-old' | 'cancel-both'

/** Why an order was not accepted; names of rules are given by the rules. */
export type Rejection = 'price-limit' | 'price-cage' | 'lot' | 'sellable' | (string & {})

/** An order as a rule sees it. */
export interface OrderRequest {
  /** +1 buys, -1 sells. */
  readonly side: number
  /** ORDER_TYPE ordinal. */
  readonly type: number
  /** The limit in ticks; 0 for types that take none. */
  readonly price: number
  readonly quantity: number
  /** 0 is nobody's. */
  readonly owner: number
}
