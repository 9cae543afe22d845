import type { Frame } from './frame.ts'
import type { Rejection } from './import-kind.ts'
import type { TradeDate } from './trade-date.ts'
import type { Tick } from './tick.ts'

/** The ODS tables a source can fill, by table name. */
export type Dataset =
  | 'dim_trade_cal'
  | 'dim_stock'
  | 'ods_daily'
  | 'ods_weekly'
  | 'ods_monthly'
  | 'ods_adj_factor'
  | 'ods_daily_basic'
  | 'ods_stk_limit'
  | 'ods_stock_st'
  | 'ods_namechange'
  | 'ods_suspend_d'
  | 'ods_dividend'
  | 'ods_moneyflow'
  | 'ods_margin'
  | 'ods_margin_detail'
  | 'ods_cyq_perf'
  | 'ods_cyq_chips'
  | 'ods_index_daily'
  | 'ods_index_member'
  | 'ods_index_weight'
  | 'ods_fina_indicator'
  | 'ods_minute_bar'
  | 'ods_tick'
  | 'ods_quote'
  | 'dim_foreign_symbol'
  | 'ods_foreign_daily'
  | 'ods_foreign_minute'

/** What crosses the border from a source to ODS: columns with the vendor's names and units, verbatim. */
export interface Page {
  readonly dataset: Dataset
  /** The trade dates the page is complete for: replacing (dataset, date) with it is idempotent. Empty for dimensions. A date without a page is not there yet. */
  readonly dates: readonly TradeDate[]
  readonly frame: Frame
  /** Rows the vendor sent that cannot be used, and why; `line` is their place in its answer. */
  readonly rejected?: readonly Rejection[]
}

export interface FetchRequest {
  readonly dataset: Dataset
  readonly from: TradeDate
  readonly to: TradeDate
  /** Only these stocks; absent = all the source knows. */
  readonly codes?: readonly string[]
}

/** 数据源: anything that answers requests for datasets. Pacing, retries and recording are wrapped around it in `app/`. */
export interface Source {
  readonly name: string
  readonly label: { readonly zh: string; readonly en: string }
  readonly datasets: readonly Dataset[]
  /** What it can give beside them, too bulky to be fetched unless asked for by name. */
  readonly onRequest?: readonly Dataset[]
  readonly requestsPerMinute: number
  /** True when the numbers are invented by our own simulator; pages and exports then say so. */
  readonly simulated: boolean
  /** True when its rows are checked on their way in, because they may be wrong; then its days are checked for absent rows too. */
  readonly isChecked?: boolean
  fetch(request: FetchRequest, signal?: AbortSignal): AsyncIterable<Page>
  /** The ticks of one day in event-time order over all stocks: what a live session would deliver. */
  ticks(date: TradeDate, codes?: readonly string[], signal?: AbortSignal): AsyncIterable<readonly Tick[]>
}

/** A source that could not answer, after all its retries: a foreseeable ending, told with what to do about it. */
export class SourceTrouble extends Error {
  override readonly name: string = 'SourceTrouble'
  readonly reason: 'source-unavailable' | 'rate-limited' | 'bad-payload'
  readonly nextStep: string

  constructor(reason: SourceTrouble['reason'], message: string, nextStep: string) {
    super(message)
    this.reason = reason
    this.nextStep = nextStep
  }
}

export function defineSource(source: Source): Source {
  return source
}
