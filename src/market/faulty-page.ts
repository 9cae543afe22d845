import { frameRows, isLabels, labelAt, labels, numbers, type Column, type Frame, type Labels } from '#core/frame.ts'
import { instantOf, timeOfDay } from '#core/shanghai-time.ts'
import type { Page } from '#core/source.ts'
import { dateOfDayNumber, dayNumber, type EpochMs, type TradeDate } from '#core/trade-date.ts'
import { sha256 } from '#numeric/sha256.ts'
import type { Fault, FaultKind } from './fault.ts'
import { pickFault, type FaultPlan } from './fault-plan.ts'
import type { Stream } from './keyed-stream.ts'

/** A page with its faults, and the rows of `sim_truth_fault` that tell them. The very page when nothing was hit. */
export interface FaultyPage {
  readonly page: Page
  readonly faults: readonly Fault[]
}

type RowKind = Extract<
  FaultKind,
  | 'duplicate_row'
  | 'out_of_order'
  | 'late_row'
  | 'frozen_quote'
  | 'outlier'
  | 'wrong_ohlc'
  | 'bad_row'
  | 'one_tick_off'
  | 'cum_regress'
  | 'late_adj_factor'
  | 'restated_statement'
>

const ANY_ROW: readonly RowKind[] = ['duplicate_row', 'out_of_order']
const BAR_ROW: readonly RowKind[] = [...ANY_ROW, 'late_row', 'frozen_quote', 'outlier', 'wrong_ohlc', 'bad_row', 'one_tick_off']
const TICK_ROW: readonly RowKind[] = [...ANY_ROW, 'outlier', 'bad_row', 'one_tick_off']

/** Which kinds compete for a row of a dataset. Bars of an index have no tick and are only repeated or swapped. */
const ROW_KINDS: Readonly<Partial<Record<string, readonly RowKind[]>>> = {
  ods_daily: BAR_ROW,
  ods_tick: TICK_ROW,
  ods_quote: [...TICK_ROW, 'cum_regress'],
  ods_adj_factor: [...ANY_ROW, 'late_adj_factor'],
  ods_fina_indicator: [...ANY_ROW, 'restated_statement'],
}

/** When a day's bars and factors are ready (spec warehouse-ods §5). */
const BARS_READY = 17 * 3_600_000
const FACTORS_READY = (9 * 60 + 20) * 60_000

/**
 * 坏页: a page of any dataset as a faulty vendor would send it. Decisions depend on the seed, the dataset, the code and the date of a row, and for the rows of a stock-day on
 * their order; only `truncated_page` depends on how the rows were cut into pages. The page still claims all its dates. Rows that are late are there when `asOf` is after
 * their arrival; absent = they have not come. Pages of `ods_tick` and `ods_quote` hold whole stock-days, as the simulator's do.
 */
export function faultyPage(plan: FaultPlan, page: Page, asOf: EpochMs = -Infinity as EpochMs): FaultyPage {
  const faults: Fault[] = []
  let { frame } = page
  if ('ts_code' in frame.columns && ('trade_date' in frame.columns || 'end_date' in frame.columns)) frame = faultyRows(plan, page, asOf, faults)
  const kept = truncated(plan, { ...page, frame }, faults)
  return { page: kept === page.frame ? page : { ...page, frame: kept }, faults }
}

/** Columns that are copied when they are first written to, and the rows to send in their order. */
class Draft {
  readonly frame: Frame
  readonly rows: number[] = []
  readonly #columns: Record<string, Column>
  readonly #written = new Set<string>()
  readonly #added: { readonly like: number; readonly values: ReadonlyMap<string, number> }[] = []
  #isChanged = false

  constructor(frame: Frame) {
    this.frame = frame
    this.#columns = { ...frame.columns }
  }

  write(name: string, row: number, value: number): void {
    const column = this.#columns[name]
    if (column === undefined || isLabels(column)) return
    if (!this.#written.has(name)) this.#columns[name] = column.slice()
    this.#written.add(name)
    ;(this.#columns[name] as Float64Array)[row] = value
    this.#isChanged = true
  }

  read(name: string, row: number): number {
    const column = this.#columns[name]
    return column === undefined || isLabels(column) ? NaN : column[row]!
  }

  changeOrder(): void {
    this.#isChanged = true
  }

  /** A further row like another one; `change` sees its numbers column by column. It counts as a correction. Returns its place. */
  addRow(like: number, change: (name: string, value: number) => number): number {
    const values = Object.entries(this.#columns).flatMap(([name, column]) => (isLabels(column) ? [] : [[name, change(name, column[like]!)] as const]))
    this.#isChanged = true
    return this.frame.length + this.#added.push({ like, values: new Map(values) }) - 1
  }

  done(): Frame {
    if (!this.#isChanged) return this.frame
    const columns = Object.fromEntries(Object.entries(this.#columns).map(([name, column]) => [name, this.#extended(name, column)]))
    return frameRows({ length: this.frame.length + this.#added.length, columns }, Uint32Array.from(this.rows))
  }

  #extended(name: string, column: Column): Column {
    if (this.#added.length === 0) return column
    const length = this.frame.length + this.#added.length
    if (!isLabels(column)) {
      const longer = new (column.constructor as { new (length: number): Float64Array })(length)
      longer.set(column)
      for (const [k, { values }] of this.#added.entries()) longer[this.frame.length + k] = values.get(name)!
      return longer
    }
    const { index, values } = frameRows(
      { length: this.frame.length, columns: { column } },
      Uint32Array.from({ length }, (_, row) => (row < this.frame.length ? row : this.#added[row - this.frame.length]!.like)),
    ).columns['column'] as Labels
    const texts = [...values]
    for (const [k, { like }] of this.#added.entries()) {
      if (name === 'update_flag') index[this.frame.length + k] = texts.includes('1') ? texts.indexOf('1') : texts.push('1') - 1
      if (name === 'row_hash') index[this.frame.length + k] = texts.push(hashOf(`${values[column.index[like]!]} restated`)) - 1
    }
    return { index, values: texts }
  }
}

/** 16 hex digits, as every fingerprint of a report. */
function hashOf(text: string): string {
  const [high, low] = sha256(text)
  return [high!, low!].map((word) => word.toString(16).padStart(8, '0')).join('')
}

function faultyRows(plan: FaultPlan, { dataset, frame }: Page, asOf: EpochMs, faults: Fault[]): Frame {
  const kinds = ROW_KINDS[dataset] ?? ANY_ROW
  const isIntraday = 'at' in frame.columns
  if (!plan.hasAny([...kinds, 'missing_day', ...(isIntraday ? (['dropped_minute', 'zone_shift', 'stale'] as const) : [])])) return frame
  const [codes, dates] = [labels(frame, 'ts_code'), numbers(frame, 'trade_date' in frame.columns ? 'trade_date' : 'end_date')]
  const draft = new Draft(frame)
  const missing = new Map<number, boolean>()
  const isMissing = (date: TradeDate) => {
    if (!missing.has(date)) {
      const isHit = 'trade_date' in frame.columns && plan.hit('missing_day', dataset, date) !== undefined
      missing.set(date, isHit)
      if (isHit) faults.push({ kind: 'missing_day', entity: 'MKT', date, at: NaN as EpochMs, detail: { dataset } })
    }
    return missing.get(date)!
  }
  for (let row = 0; row < frame.length;) {
    const [code, date] = [labelAt(codes, row) ?? '', dates[row]! as TradeDate]
    let end = row + 1
    while (end < frame.length && codes.index[end] === codes.index[row] && dates[end] === date) end++
    if (isMissing(date)) draft.changeOrder()
    else sendStockDay({ plan, dataset, draft, code, date, kinds, isIntraday, asOf, faults }, row, end)
    row = end
  }
  return draft.done()
}

interface StockDay {
  readonly plan: FaultPlan
  readonly dataset: string
  readonly draft: Draft
  readonly code: string
  readonly date: TradeDate
  readonly kinds: readonly RowKind[]
  readonly isIntraday: boolean
  readonly asOf: EpochMs
  readonly faults: Fault[]
}

/** The rows of one code and date: what hits the whole day first, then row by row. */
function sendStockDay(day: StockDay, from: number, end: number): void {
  const { plan, dataset, draft, code, date, kinds, isIntraday, faults } = day
  const dropped = isIntraday ? shiftAndDrop(day, from, end) : undefined
  if (!plan.hasAny(kinds)) {
    for (let row = from; row < end; row++) if (dropped?.has(row) !== true) draft.rows.push(row)
    return
  }
  const draws = plan.stream('row', `${dataset} ${code}`, date)
  for (let row = from; row < end; row++) {
    const kind = pickFault(plan, kinds, draws.next())
    if (dropped?.has(row) === true) continue
    if (kind === undefined) {
      draft.rows.push(row)
      continue
    }
    const detail = hitRow(day, kind, row, draws)
    if (detail === undefined) draft.rows.push(row)
    else faults.push({ kind, entity: code, date, at: timeOf(draft, row), detail: { dataset, ...detail } })
  }
}

/** Apply one kind to one row and send what comes of it; nothing when the row has no place for it. */
function hitRow({ draft, date, asOf }: StockDay, kind: RowKind, row: number, draws: Stream): Fault['detail'] | undefined {
  const { rows } = draft
  switch (kind) {
    case 'duplicate_row':
      rows.push(row, row)
      draft.changeOrder()
      return {}
    case 'out_of_order': {
      const before = rows.pop()
      if (before === undefined) return undefined
      rows.push(row, before)
      draft.changeOrder()
      return {}
    }
    case 'late_row':
    case 'late_adj_factor': {
      const ready = kind === 'late_row' ? BARS_READY : FACTORS_READY
      const at = instantOf(date, ready + draws.integer(10, kind === 'late_row' ? 300 : 540) * 60_000)
      if (asOf >= at) return undefined
      draft.changeOrder()
      return { arrives: at }
    }
    case 'restated_statement':
      rows.push(row, restate(draft, row, draws))
      return { announced: draft.read('ann_date', row) }
    default: {
      const change = 'open' in draft.frame.columns && !('at' in draft.frame.columns) ? hitBar(draft, kind, row, draws) : hitTick(draft, kind, row, draws)
      if (change === undefined) return undefined
      draft.write(change.column, row, change.is)
      rows.push(row)
      return { column: change.column, was: change.was, is: change.is }
    }
  }
}

interface Change {
  readonly column: string
  readonly was: number
  readonly is: number
}

const TICK_SIZE = 0.01
const PRICES = ['open', 'high', 'low', 'close'] as const

/** One price of a daily bar made wrong; what else changes is written at once. */
function hitBar(draft: Draft, kind: RowKind, row: number, draws: Stream): Change | undefined {
  const read = (name: string) => draft.read(name, row)
  const change = (column: string, is: number): Change => ({ column, was: read(column), is: Math.round(is * 100) / 100 })
  switch (kind) {
    case 'frozen_quote':
      // The price of the evening before stays all day while volume comes in.
      for (const name of PRICES.slice(1)) draft.write(name, row, read('pre_close'))
      for (const name of ['change', 'pct_chg']) draft.write(name, row, 0)
      return change('open', read('pre_close'))
    case 'outlier':
      return change('close', read('close') * (draws.next() < 0.5 ? 1.35 + 0.4 * draws.next() : 0.4 + 0.25 * draws.next()))
    case 'wrong_ohlc':
      return draws.next() < 0.5
        ? change('high', Math.max(read('open'), read('close')) - draws.integer(1, 5) * TICK_SIZE)
        : change('low', Math.min(read('open'), read('close')) + draws.integer(1, 5) * TICK_SIZE)
    case 'bad_row': {
      const column = PRICES[draws.integer(0, 3)]!
      return change(column, draws.next() < 0.5 ? 0 : -read(column))
    }
    case 'one_tick_off':
      for (const name of PRICES.slice(1)) draft.write(name, row, change(name, read(name) + TICK_SIZE).is)
      draft.write('change', row, read('change') + TICK_SIZE)
      draft.write('pct_chg', row, (100 * read('change')) / read('pre_close'))
      return change('open', read('open') + TICK_SIZE)
    default:
      return undefined
  }
}

/** One number of a tick or a picture of the book made wrong. Prices are whole 厘. */
function hitTick(draft: Draft, kind: RowKind, row: number, draws: Stream): Change | undefined {
  const price = 'price' in draft.frame.columns ? 'price' : 'last'
  const was = draft.read(price, row)
  switch (kind) {
    case 'outlier':
      return { column: price, was, is: Math.max(10, Math.round((was * (1 + (draws.next() < 0.5 ? -1 : 1) * (0.03 + 0.05 * draws.next()))) / 10) * 10) }
    case 'bad_row':
      return { column: price, was, is: 0 }
    case 'one_tick_off':
      return { column: price, was, is: was + 10 }
    case 'cum_regress': {
      const volume = draft.read('cum_volume', row)
      return volume > 0 ? { column: 'cum_volume', was: volume, is: Math.floor(volume * (0.2 + 0.6 * draws.next())) } : undefined
    }
    default:
      return undefined
  }
}

/** A further version of a report, announced one to three months after the first. Returns its row. */
function restate(draft: Draft, row: number, draws: Stream): number {
  return draft.addRow(row, (name, value) => {
    if (name === 'ann_date') return dateOfDayNumber(dayNumber(value as TradeDate) + draws.integer(20, 90))
    return name === 'end_date' ? value : value * (1 + 0.1 * draws.normal())
  })
}

/** `zone_shift` and `dropped_minute` of one stock-day; returns the rows that are not sent. */
function shiftAndDrop({ plan, draft, code, date, dataset, faults }: StockDay, from: number, end: number): ReadonlySet<number> {
  const dropped = new Set<number>()
  const fault = (kind: FaultKind, at: number, detail: Fault['detail']) =>
    faults.push({ kind, entity: code, date, at: at as EpochMs, detail: { dataset, ...detail } })
  const minutes = droppedMinutes(plan, code, date)
  if (minutes.size > 0) {
    const rowsOf = new Map<number, number>()
    for (let row = from; row < end; row++) {
      const minute = minuteOf(draft.read('at', row))
      if (!minutes.has(minute)) continue
      dropped.add(row)
      rowsOf.set(minute, (rowsOf.get(minute) ?? 0) + 1)
    }
    for (const [minute, count] of rowsOf) fault('dropped_minute', instantOf(date, minute * 60_000), { records: count })
    if (dropped.size > 0) draft.changeOrder()
  }
  if (plan.hit('zone_shift', `${dataset} ${code}`, date) !== undefined) {
    fault('zone_shift', draft.read('at', from), { hours: 8 })
    for (let row = from; row < end; row++) draft.write('at', row, draft.read('at', row) + 8 * 3_600_000)
  }
  return dropped
}

/** Minutes of the clock (after midnight) whose records never come, in continuous trading. The same for the pages and for the live feed of a stock-day. */
export function droppedMinutes(plan: FaultPlan, code: string, date: TradeDate): ReadonlySet<number> {
  const minutes = new Set<number>()
  if (plan.rate('dropped_minute') === 0) return minutes
  const draws = plan.stream('dropped_minute', code, date)
  for (let slot = 0; slot < 237; slot++) if (draws.next() < plan.rate('dropped_minute')) minutes.add(slot < 120 ? 570 + slot : 780 + slot - 120)
  return minutes
}

/** The minute of the clock an instant lies in, counted from midnight. */
export function minuteOf(at: number): number {
  return Math.floor(timeOfDay(at as EpochMs) / 60_000)
}

function timeOf(draft: Draft, row: number): EpochMs {
  return draft.read('at', row) as EpochMs
}

/** The end of a page cut off: 5 … 70 % of its rows. */
function truncated(plan: FaultPlan, { dataset, dates, frame }: Page, faults: Fault[]): Frame {
  const date = dates[0] ?? (0 as TradeDate)
  const draws = frame.length === 0 ? undefined : plan.hit('truncated_page', dataset, date)
  if (draws === undefined) return frame
  const kept = Math.floor(frame.length * (0.3 + 0.65 * draws.next()))
  faults.push({ kind: 'truncated_page', entity: 'MKT', date, at: NaN as EpochMs, detail: { dataset, rows: frame.length, kept } })
  return frameRows(
    frame,
    Uint32Array.from({ length: kept }, (_, row) => row),
  )
}
