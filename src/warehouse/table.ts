import type { Frame } from '#core/frame.ts'
import type { TradeDate } from '#core/trade-date.ts'
import type { ColumnDef, ColumnKind, Label } from './column.ts'
import type { Engine } from './engine/engine.ts'

export type Layer = 'dim' | 'ods' | 'dwd' | 'dws' | 'ads'

export type Columns = Readonly<Record<string, ColumnDef>>

/** An audit is a question whose rows are the bad ones: any row returned stops downstream work. `{table}` stands for the rows just built. */
export interface Audit {
  readonly name: string
  readonly severity: 'error' | 'warning'
  /** A SELECT of offending keys from `{table}`; at most 20 are kept as a sample. */
  readonly sql: string
  /** The rule in words. */
  readonly rule: string
  /** A number over the rows of `{table}` that is 0 only where no row offends, and cheaper than `sql`: asked first. */
  readonly screen?: string
}

/** How many days before `from` a build reads: a number of market days, or the whole history. */
export type Lookback = number | 'all'

export interface ComputeRequest {
  /** The table being built: its columns and the SQL beside it. */
  readonly table: Table
  readonly engine: Engine
  /** The trade dates to build, ascending, all of them open days. */
  readonly dates: readonly TradeDate[]
  /** Only these stocks; absent = all. */
  readonly codes?: readonly string[]
  /** 'pool' = the tick work set (activity rank ≤ 800, positions, names recently in it); 'all' = every stock with ticks. */
  readonly scope: 'pool' | 'all'
  readonly signal?: AbortSignal
  readonly progress: (done: number, total: number, unit: string) => void
}

/**
 * Three ways to be built: fetched from a source or file (ODS), by the `.sql` beside the table, or by a pure computation from columns to columns.
 * SQL has two parameters only, `{from:UInt32}` and `{to:UInt32}`.
 */
export type Build =
  | { readonly by: 'fetch' }
  | { readonly by: 'rules'; rows(): Frame }
  | { readonly by: 'sql'; readonly version: string }
  | { readonly by: 'compute'; readonly version: string; compute(request: ComputeRequest): AsyncIterable<Frame> }

export interface Input {
  readonly table: Table
  readonly lookback: Lookback
  /** 'hard' (default): without its same day nothing is built. 'soft': built without it, and again when it arrives. */
  readonly strength: 'hard' | 'soft'
  /** The same day of any of these will do; each of them counts for freshness. */
  readonly orElse: readonly Table[]
}

export interface Table<C extends Columns = Columns> {
  readonly name: string
  readonly layer: Layer
  readonly label: Label
  /** What one row is, in a sentence. */
  readonly about: string
  readonly columns: C
  readonly grain: readonly string[]
  /** Sort key; must begin with what the partition needs. Default: `ts_code, trade_date` when both are in the grain, else the grain. */
  readonly order?: readonly string[]
  readonly partition: 'year' | 'month' | 'day' | 'none'
  readonly inputs: readonly Input[]
  readonly build: Build
  readonly audits: readonly Audit[]
  /** Columns of a unit that always arrives complete (a stock-day of one source): a load replaces whole units, so a shorter correction leaves no old tail. */
  readonly unit?: readonly string[]
  /** The column of the market day with which a row arrives, where its `trade_date` may be a closed day: what is written down per day counts by it. Absent = `trade_date`. */
  readonly arrivesWith?: string
  /** 境外: its days are those of the markets abroad, each by a calendar of its own (ADR 15). */
  readonly foreign?: boolean
  /** 逐日相承: a day is made from the rows of the day before as well, so days are always built in ascending order (ADR 12). */
  readonly chained?: boolean
  /** Most days one build step takes; default 250. */
  readonly maxDaysPerStep?: number
  /** Shanghai time on the trade date from which the row can be known; makes `known_at`. '+1 08:30' = next morning. */
  readonly readyAt: string
}

/** What a table definition must say; its grain and order are columns of its own. */
type Definition<C extends Columns> = Table<C> & { readonly grain: readonly (keyof C & string)[]; readonly order?: readonly (keyof C & string)[] }

export function defineTable<const C extends Columns>(table: Definition<C>): Table<C> {
  return table
}

/** Read an input with days before the ones being built. */
export function withLookback(table: Table, lookback: Lookback, options: Partial<Pick<Input, 'strength' | 'orElse'>> = {}): Input {
  return { table, lookback, strength: 'hard', orElse: [], ...options }
}

/** Read only the same days of an input. */
export function sameDay(table: Table, options: Partial<Pick<Input, 'strength' | 'orElse'>> = {}): Input {
  return withLookback(table, 0, options)
}

type Cell<Kind extends ColumnKind> = Kind extends 'code' | 'text' | 'category' | 'json' ? string : number

/** The row type of a table: what one row looks like in JSON. */
export type Row<T extends Table> = {
  readonly [Name in keyof T['columns']]: T['columns'][Name] extends ColumnDef<infer Kind, infer Nullable>
    ? Nullable extends true
      ? Cell<Kind> | null
      : Cell<Kind>
    : never
}

// ---- audits every table can use -------------------------------------------------------------------------------------------

/** No two rows of the built days share these columns. */
export function unique(...columns: string[]): Audit {
  const list = columns.join(', ')
  return {
    name: `unique(${list})`,
    severity: 'error',
    rule: `one row per ${list}`,
    sql: `select ${list}, count() as copies from {table} group by ${list} having copies > 1`,
    // Keys that differ may share a hash, equal ones never differ in it.
    screen: `count() - uniqExact(cityHash64(${list}))`,
  }
}

/** A number lies in [low, high] wherever it is known. */
export function between(column: string, low: number, high: number, severity: Audit['severity'] = 'error'): Audit {
  return {
    name: `between(${column})`,
    severity,
    rule: `${column} within [${low}, ${high}]`,
    sql: `select ts_code, trade_date, ${column} from {table} where ${column} < ${low} or ${column} > ${high}`,
  }
}

/** A condition holds on every row; rows where it does not are shown. */
export function holds(name: string, condition: string, shown: string, severity: Audit['severity'] = 'error'): Audit {
  return { name, severity, rule: condition, sql: `select ${shown} from {table} where not (${condition})` }
}
