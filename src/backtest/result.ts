import type { CandidateRow } from '#core/candidate.ts'
import type { Code } from '#core/code.ts'
import type { OrderSide, OrderState, OrderType, RejectionReason, TradeTag } from '#core/order.ts'
import type { TradeDate } from '#core/trade-date.ts'

/** What trading cost, CNY, each to 0.01 and never negative. `slippage` is charged in cash beside the traded price. */
export interface Costs {
  readonly commission: number
  readonly stampDuty: number
  readonly transferFee: number
  readonly slippage: number
  readonly dividendTax: number
}

/**
 * A sale matched first in, first out with the purchase it closes. A purchase sold in two parts gives two trades with one `entryOrder`;
 * the costs of the purchase are shared by shares so that the parts add up to the 分.
 */
export interface ClosedTrade {
  readonly code: Code
  readonly entryDate: TradeDate
  readonly exitDate: TradeDate
  /** Places of the two days in `RunResult.dates`. */
  readonly entryDay: number
  readonly exitDay: number
  /** Traded prices, CNY; the entry price is that of the entry day (not adjusted). 0 at exit: written off after delisting. */
  readonly entryPrice: number
  readonly exitPrice: number
  /** Shares bought and shares sold: they differ when bonus shares came between. */
  readonly entryShares: number
  readonly shares: number
  /** CNY paid for the shares (rights taken up included) and received for them, without costs. */
  readonly entryAmount: number
  readonly exitAmount: number
  /** Cash dividends (before tax) received on these shares, CNY. */
  readonly dividends: number
  /** exitAmount − entryAmount + dividends. */
  readonly grossPnl: number
  /** grossPnl minus every cost of both sides. */
  readonly netPnl: number
  /** netPnl ÷ entryAmount. */
  readonly netReturn: number
  /** Both sides together. */
  readonly costs: Costs
  /** Market days after the entry day on which the stock traded, the exit day included. */
  readonly daysHeld: number
  readonly entryRule: string
  readonly exitReason: string
  /** The exit was wanted on the entry day and waited for the next open (T+1). */
  readonly t1Locked: boolean
  /** Decided on and filled at the same close (entry or exit). */
  readonly closeFill: boolean
  /** Price gap suffered while locked: (exit price − close of the day the exit was wanted) × shares, CNY; 0 when not locked. */
  readonly lockedGap: number
  readonly entryOrder: number
  readonly exitOrder: number
  /** What the strategy attached to the entry (candidate scores, level, …). */
  readonly tag: TradeTag
}

/** A holding at the last close. CNY; `amount` is shares × mark. */
export interface OpenPosition {
  readonly code: Code
  readonly entryDate: TradeDate
  readonly shares: number
  /** Money paid for the shares still held, without costs. */
  readonly bookAmount: number
  /** Entry costs not yet in a closed trade. */
  readonly entryCosts: number
  /** Cash dividends received on them so far, before tax. */
  readonly dividends: number
  readonly amount: number
  readonly unrealisedPnl: number
  readonly daysHeld: number
  readonly suspended: boolean
}

/** One order from birth to end. Prices CNY. */
export interface OrderRecord {
  /** 1, 2, 3 … in order of creation. */
  readonly id: number
  readonly code: Code
  readonly side: OrderSide
  readonly type: OrderType
  /** Shares asked for; 0 while the size was left to the fill and none came. */
  readonly shares: number
  /** Limit or stop price; absent for auction orders. */
  readonly price?: number
  readonly createdOn: TradeDate
  /** The day of its last change of state. */
  readonly endedOn: TradeDate
  readonly state: OrderState
  readonly filledShares: number
  /** Mean traded price; absent without a fill. */
  readonly fillPrice?: number
  /** Why it was rejected, expired or filled in part. */
  readonly reason?: RejectionReason
  readonly rule: string
}

/** An ex-day booked on a holding (known action, or only a jump of the adjustment factor), or its write-off after delisting. CNY. */
export interface CorporateEvent {
  readonly code: Code
  readonly date: TradeDate
  readonly kind: 'action' | 'factor' | 'delisted'
  readonly sharesBefore: number
  readonly sharesAfter: number
  /** Dividends and cash for fractions of a share, minus what rights cost. */
  readonly cash: number
}

/** A candidate that was never bought: selection without execution (spec backtest §8). */
export interface UnfilledCandidate {
  readonly candidate: CandidateRow
  readonly reason: RejectionReason | 'no_entry'
  /**
   * Adjusted return from the open of `validFor` to the close five market days later, evaluated after the run; NaN when the stock did not trade
   * on `validFor` or the data end before.
   */
  readonly hypotheticalReturn: number
}

/**
 * What a run yields. Daily columns have one value per date, at the close, CNY (exact to 0.01); `equity` of the day before the first is `startEquity`.
 * The same market, strategy, parameters and options give the same bytes.
 */
export interface RunResult {
  readonly strategy: string
  readonly version: string
  readonly params: Readonly<Record<string, number | string | boolean>>
  readonly mode: 'daily'
  readonly seed: number | string
  /** 0: without costs, 1: as charged, 2: doubled. */
  readonly costFactor: number
  /** Market days by which executions were delayed. */
  readonly delay: number
  readonly startEquity: number
  /** YYYYMMDD ascending. */
  readonly dates: Uint32Array
  readonly equity: Float64Array
  readonly cash: Float64Array
  /** Σ shares × mark ÷ equity, fraction; NaN when equity is 0. */
  readonly exposure: Float64Array
  /** Bought and sold, Σ |shares × price|. */
  readonly tradedAmount: Float64Array
  /** All costs of the day, taxes included. */
  readonly cost: Float64Array
  readonly positions: Int32Array
  /** Level of the one benchmark, any base; NaN where it has no value. Absent: none was given. */
  readonly benchmark?: Float64Array
  readonly benchmarkName?: string
  readonly trades: readonly ClosedTrade[]
  readonly openPositions: readonly OpenPosition[]
  readonly orders: readonly OrderRecord[]
  readonly corporateEvents: readonly CorporateEvent[]
  readonly costs: Costs
  /** Dividends (and cash for fractions of a share) received before tax, CNY. */
  readonly dividends: number
  readonly unfilled: readonly UnfilledCandidate[]
}
