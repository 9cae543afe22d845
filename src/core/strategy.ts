import type { CandidateRow, LevelFlowRow } from './candidate.ts'
import type { Code } from './code.ts'
import type { OrderSide, OrderSize, OrderType, TimeInForce, TradeTag } from './order.ts'
import type { TradeDate } from './trade-date.ts'

/** Parameters of a strategy: plain values, so that a run can be named and repeated. */
export type StrategyParams = Readonly<Record<string, number | string | boolean>>

/**
 * Daily fields of a stock. Prices CNY, not adjusted; `closeAdjusted` is close × adjustment factor (后复权: never changes afterwards).
 * `preClose`, the limits and `adjFactor` of a day are known before its opening auction, all others at its close. A day without a limit has NaN limits.
 */
export type DailyField = 'open' | 'high' | 'low' | 'close' | 'preClose' | 'upLimit' | 'downLimit' | 'volume' | 'amount' | 'adjFactor' | 'closeAdjusted'

/**
 * A column calculated once per stock from one field and shared by all runs on a market. `compute` must be causal: place i depends on places ≤ i alone,
 * and it must not keep or change what it is given.
 */
export interface DerivedColumn {
  /** Names the definition completely, parameters included: `closeAdjusted_mean_20`. */
  readonly name: string
  readonly from: DailyField
  compute(values: Float64Array): Float64Array
}

/** One column of one stock as far as it is known now. `at` throws LookaheadError on a later day; NaN where the stock was not listed or has no value. */
export interface PointColumn {
  at(day: number): number
}

/** The only way a strategy sees data: nothing with known_at > now. Stocks and days are numbered from 0. */
export interface DataView {
  readonly stocks: number
  /** Place of today. */
  readonly day: number
  readonly date: TradeDate
  code(stock: number): Code
  /** Place of a code; undefined when the market does not hold it. */
  stock(code: Code): number | undefined
  field(stock: number, field: DailyField): PointColumn
  /** A named feature column of the market. NaN for a stock without it; throws RangeError when no stock has it. */
  feature(stock: number, name: string): PointColumn
  derived(stock: number, column: DerivedColumn): PointColumn
  /** The last `n` values up to the last known day, oldest first; `pit`: prices adjusted to the last of them. */
  history(stock: number, field: DailyField, n: number, adjust: 'none' | 'pit'): Float64Array
  /** Listed and not delisted today. */
  isListed(stock: number): boolean
  isSuspended(stock: number): boolean
  /** In its delisting arrangement period, or today is its last day. */
  isDelisting(stock: number): boolean
  isRiskWarning(stock: number): boolean
  /** Candidates known now whose `validFor` is today, by rank_score, then code. */
  candidates(): readonly CandidateRow[]
  /** The flow at a level on a day; undefined when it was not measured or is not known yet. */
  levelFlow(stock: number, levelId: string, day: number): LevelFlowRow | undefined
}

/** What a strategy asks for. Prices CNY. */
export interface OrderRequest {
  readonly stock: number
  readonly side: OrderSide
  readonly type: OrderType
  readonly size: OrderSize
  /** Of a limit or stop order. */
  readonly price?: number
  /** Fill only if the opening price lies within, whole 厘, both included (auction_open only). */
  readonly openBetween?: { readonly low: number; readonly high: number }
  readonly tif?: TimeInForce
  /** An auction_close order of `onBar` fills at the close it was decided on. Without it, at the next close. */
  readonly closeFill?: boolean
  /** A purchase that would open a position beyond this many is rejected. */
  readonly maxPositions?: number
  /** Entry rule or exit reason: E1, TP2, S1 … */
  readonly rule: string
  /** The exit was wanted on this day but T+1 forbade it. */
  readonly lockedSince?: number
  readonly tag?: TradeTag
}

/** A holding as a strategy sees it. */
export interface PositionView {
  readonly stock: number
  readonly shares: number
  /** 可卖数量: not bought today. */
  readonly sellable: number
  /** CNY per share, divided by the adjustment ratio on every ex-day. */
  readonly averageCost: number
  /** Place of the day of the oldest share. */
  readonly entryDay: number
  /** Days after the entry on which the stock traded. */
  readonly daysHeld: number
}

/** One execution. Price CNY. */
export interface FillReport {
  readonly order: number
  readonly stock: number
  readonly side: OrderSide
  readonly shares: number
  readonly price: number
  readonly rule: string
}

/** An ex-day of a stock that is held or watched: old prices ÷ `ratio` = prices in today's basis. */
export interface ExDay {
  readonly stock: number
  readonly ratio: number
}

export interface StrategyContext {
  readonly data: DataView
  /** CNY at the last close (at the start: the opening cash). */
  readonly equity: number
  readonly cash: number
  /** Stocks held, in order of purchase. */
  readonly held: readonly number[]
  position(stock: number): PositionView | undefined
  /** Orders of the stock that are still open. */
  liveOrders(stock: number): number
  /** Places an order and gives its number. Throws RangeError on NaN. */
  order(request: OrderRequest): number
}

/** 策略: pure functions over an explicit state; the backtester calls them in the order of the day. */
export interface Strategy<Params extends StrategyParams, State> {
  readonly name: string
  readonly label: { readonly zh: string; readonly en: string }
  readonly version: string
  readonly params: Params
  start(params: Params, context: StrategyContext): State
  /** Ex-rights at the open, before `onSessionStart`, for every stock with an ex-day. */
  onExDay?(state: State, exDay: ExDay, context: StrategyContext): void
  /** Before the opening auction: everything of the days before is known. Orders of any type for today. */
  onSessionStart?(state: State, context: StrategyContext): void
  /** The day's bar is complete. */
  onBar?(state: State, context: StrategyContext): void
  onFill?(state: State, fill: FillReport, context: StrategyContext): void
}

export function defineStrategy<Params extends StrategyParams, State>(strategy: Strategy<Params, State>): Strategy<Params, State> {
  return strategy
}
