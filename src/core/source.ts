import type { Frame } from './frame.ts'
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
  | 'ods_tick'
  | 'ods_quote'

/** What crosses the border from a source to ODS: columns with the vendor's names and units, verbatim. */
export interface Page {
  readonly dataset: Dataset
  /** The trade dates the page is complete for: replacing (dataset, date) with it is idempotent. Empty for dimensions. */
  readonly dates: readonly TradeDate[]
  readonly frame: Frame
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
  readonly requestsPerMinute: number
  /** True when the numbers are invented by our own simulator; pages and exports then say so. */
  readonly simulated: boolean
  fetch(request: FetchRequest, signal?: AbortSignal): AsyncIterable<Page>
  /** The ticks of one day in event-time order over all stocks: what a live session would deliver. */
  ticks(date: TradeDate, codes?: readonly string[], signal?: AbortSignal): AsyncIterable<readonly Tick[]>
}

export function defineSource(source: Source): Source {
  return source
}
