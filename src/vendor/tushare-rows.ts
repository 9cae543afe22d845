import { isLabels, labelAt, type Frame } from '#core/frame.ts'
import { instantOf } from '#core/shanghai-time.ts'
import type { Dataset } from '#core/source.ts'
import type { EpochMs, TradeDate } from '#core/trade-date.ts'

/** How one dataset looks over TuShare's interface where it differs from the rule (spec warehouse-ods §5). */
interface TushareShape {
  readonly api?: string
  /** Rows per request. */
  readonly cap?: number
  /** Ready at this hour of the row's date; 32 is eight the next morning. */
  readonly readyHour?: number
  /** The column dates of a request speak about. */
  readonly dateColumn?: string
  /** Columns given only when asked for by name. */
  readonly hidden?: readonly string[]
  readonly renamed?: Readonly<Record<string, string>>
  /** Parameters of which one must be there. */
  readonly needs?: readonly string[]
  readonly defaults?: Readonly<Record<string, string>>
}

const BY_DAY = ['trade_date', 'ts_code'] as const

/** By table name; tables the source at hand does not fill are simply never asked for. */
const SHAPES: Readonly<Record<string, TushareShape>> = {
  dim_trade_cal: { api: 'trade_cal', dateColumn: 'cal_date', cap: 10_000, defaults: { exchange: 'SSE' }, readyHour: -Infinity },
  dim_stock: {
    api: 'stock_basic',
    dateColumn: '',
    cap: 6000,
    hidden: ['exchange', 'curr_type', 'list_status', 'delist_date'],
    renamed: { pinyin: 'cnspell' },
    defaults: { list_status: 'L' },
  },
  ods_daily: { cap: 6000, hidden: ['ah_vol', 'ah_amount'], needs: BY_DAY },
  ods_adj_factor: { cap: 6000, readyHour: 9 + 1 / 3, needs: BY_DAY },
  ods_daily_basic: { cap: 6000, readyHour: 17.5, hidden: ['limit_status'], needs: BY_DAY },
  ods_stock_st: { cap: 1000, readyHour: 9 + 1 / 3 },
  ods_suspend_d: { readyHour: 9 },
  ods_dividend: { dateColumn: 'ex_date', readyHour: 9, renamed: { trade_date: 'ex_date' }, needs: ['ts_code', 'ex_date', 'start_date'] },
  ods_index_daily: { cap: 8000, needs: ['ts_code'] },
  ods_weekly: { cap: 6000, readyHour: 18, needs: BY_DAY },
  ods_monthly: { cap: 4500, readyHour: 18, needs: BY_DAY },
  ods_moneyflow: { cap: 6000, readyHour: 19, needs: BY_DAY },
  ods_margin: { cap: 4000, readyHour: 32.5 },
  ods_margin_detail: { cap: 6000, readyHour: 32.5, needs: BY_DAY },
  ods_margin_target: { api: 'margin_secs', cap: 6000, readyHour: 9 },
  ods_cyq_perf: { readyHour: 19.5, needs: BY_DAY },
  ods_cyq_chips: { cap: 2000, readyHour: 19.5, needs: ['ts_code'] },
  ods_stk_limit: { cap: 5800, readyHour: 8.75, hidden: ['pre_close'] },
  ods_stk_factor: { api: 'stk_factor_pro', cap: 10_000, readyHour: 20, needs: BY_DAY },
  ods_namechange: { dateColumn: 'start_date', readyHour: 9 + 1 / 3 },
  ods_fina_indicator: { cap: 100, dateColumn: 'end_date', readyHour: 32, hidden: ['update_flag'], needs: ['ts_code'] },
}

/** Columns of our own that no vendor sends. */
const OWN = new Set(['source', 'is_a_share', 'board', 'suspend_timing_key', 'row_hash', 'ext_json', 'no_limit'])

/** Nothing of the day itself comes over this interface. */
const NOT_OVER_HTTP: ReadonlySet<string> = new Set(['ods_tick', 'ods_quote', 'ods_minute_bar'])

/** 接口名: what TuShare calls the interface of a dataset; `ods_daily` is `daily`. Nothing for what it does not have. */
export function tushareApi(dataset: Dataset): string | undefined {
  return NOT_OVER_HTTP.has(dataset) ? undefined : (SHAPES[dataset]?.api ?? dataset.replace(/^(?:ods|dim)_/, ''))
}

export function tushareCap(dataset: Dataset): number {
  return SHAPES[dataset]?.cap ?? 5000
}

export function tushareNeeds(dataset: Dataset): readonly string[] {
  return SHAPES[dataset]?.needs ?? []
}

export function tushareDefaults(dataset: Dataset): Readonly<Record<string, string>> {
  return SHAPES[dataset]?.defaults ?? {}
}

export function tushareDateColumn(dataset: Dataset): string {
  return SHAPES[dataset]?.dateColumn ?? 'trade_date'
}

type Cell = string | number | null

/** A dataset's rows as TuShare writes them: dates as text, missing numbers and texts null, our own columns left out. */
export interface TushareRows {
  readonly fields: readonly string[]
  readonly isHidden: (field: string) => boolean
  readonly length: number
  cell(row: number, field: string): Cell
}

export function tushareRows(dataset: Dataset, frame: Frame): TushareRows {
  const { hidden = [], renamed = {} } = SHAPES[dataset] ?? {}
  const columns = new Map(Object.entries(frame.columns).flatMap(([name, column]) => (OWN.has(name) ? [] : [[renamed[name] ?? name, column] as const])))
  return {
    fields: [...columns.keys()],
    isHidden: (field) => hidden.includes(field),
    length: frame.length,
    cell(row, field) {
      const column = columns.get(field)
      if (column === undefined) return null
      if (isLabels(column)) return labelAt(column, row) ?? null
      const value = column[row]!
      if (Number.isNaN(value)) return null
      return field.endsWith('_date') ? String(value) : value
    },
  }
}

/** Whether the vendor has a row by an instant: by its announcement where it has one, else by its date. */
export function isPublished(dataset: Dataset, rows: TushareRows, row: number, now: EpochMs): boolean {
  const { readyHour = 17 } = SHAPES[dataset] ?? {}
  const date = rows.cell(row, dataset === 'ods_fina_indicator' ? 'ann_date' : tushareDateColumn(dataset))
  return typeof date !== 'string' || readyHour === -Infinity || now >= instantOf(Number(date) as TradeDate, 0) + readyHour * 3_600_000
}
