import { boardOf, exchangeOf, isFundCode, type Board, type Code, type Exchange } from '#core/code.ts'
import { toMilli, toTick } from '#core/milli.ts'
import { limitsOf } from '#core/price-limit.ts'
import { formatDate, type TradeDate } from '#core/trade-date.ts'
import { firstAtLeast } from '#numeric/first-place.ts'
import { actionsByDay, exActionOf, type ExAction } from './corporate-action.ts'
import type { StockInput } from './stock-input.ts'

export const SUSPENDED = 1
export const NO_LIMIT = 2
export const RISK_WARNING = 4
export const DELISTING = 8

/** One stock in columns over the market days `first` to `first + length − 1`, suspended days filled with the last close. `first` is its first trading day. Prices in whole 厘. */
export interface StockColumns {
  readonly code: Code
  readonly board: Board | 'fund'
  readonly exchange: Exchange
  readonly isFund: boolean
  /** Tick in 厘. */
  readonly tick: number
  readonly first: number
  readonly length: number
  /** Whether the day after the last column is a delisting (and not the end of the data). */
  readonly isDelisted: boolean
  readonly open: Int32Array
  readonly high: Int32Array
  readonly low: Int32Array
  readonly close: Int32Array
  readonly preClose: Int32Array
  readonly upLimit: Int32Array
  readonly downLimit: Int32Array
  readonly volume: Float64Array
  /** Empty when not given. */
  readonly amount: Float64Array
  /** Empty when not given, NaN where unknown. */
  readonly auctionVolume: Float64Array
  readonly adjFactor: Float64Array
  readonly flags: Uint8Array
  readonly features: ReadonlyMap<string, { readonly values: Float64Array; readonly knownAt: number | Float64Array }>
  readonly exActions: readonly ExAction[]
}

const CLOSE_TIME = 15 * 3_600_000
const UNKNOWN = new Float64Array(0)

/**
 * Puts a stock on the market days. Throws RangeError when a row of a trading day has a price that is not a positive number within low and high, a volume that
 * is not a number, a day outside the calendar or out of order: a missing value never reaches the matcher.
 */
export function stockColumns(input: StockInput, stock: number, days: readonly TradeDate[], placeOf: ReadonlyMap<number, number>): StockColumns {
  const rows = rowPlaces(input, placeOf)
  const listed = firstAtLeast(days, input.listDate)
  const firstRow = rows.findIndex((_, row) => input.suspended?.[row] !== 1)
  if (firstRow < 0)
    throw new RangeError(`Cannot take ${input.code} into a market: it must trade on some day, found ${rows.length} suspended. Leave the stock out`)
  const first = rows[firstRow]!
  const end = input.delistDate === undefined ? days.length : firstAtLeast(days, input.delistDate)
  if (rows.at(-1)! >= end) throw broken(input, days[rows.at(-1)!]!, 'rows end before the delisting', `delisted ${input.delistDate}`)
  const length = end - first
  const rowAt = new Int32Array(length).fill(-1)
  for (let row = firstRow; row < rows.length; row++) if (input.suspended?.[row] !== 1) rowAt[rows[row]! - first] = row
  const flags = new Uint8Array(length).fill(SUSPENDED)
  for (let row = firstRow; row < rows.length; row++) flags[rows[row]! - first] = flagsOf(input, row)
  spreadFlags(flags)
  const isFund = isFundCode(input.code)
  const prices = () => new Int32Array(length)
  const columns = {
    code: input.code,
    board: isFund ? ('fund' as const) : boardOf(input.code),
    exchange: exchangeOf(input.code),
    isFund,
    tick: isFund ? 1 : 10,
    first,
    length,
    isDelisted: input.delistDate !== undefined && end < days.length,
    open: prices(),
    high: prices(),
    low: prices(),
    close: prices(),
    preClose: prices(),
    upLimit: prices(),
    downLimit: prices(),
    volume: new Float64Array(length),
    amount: input.amount === undefined ? UNKNOWN : new Float64Array(length),
    auctionVolume: input.auctionVolume === undefined ? UNKNOWN : new Float64Array(length).fill(NaN),
    adjFactor: new Float64Array(length),
    flags,
    features: featuresOf(input, rows.subarray(firstRow), firstRow, { first, length }),
    exActions: [] as ExAction[],
  }
  const actions = input.actions === undefined ? undefined : actionsByDay(input.actions, days)
  let delistingDay = 0
  for (let i = 0; i < length; i++) {
    const row = rowAt[i]!
    const before = i === 0 ? 0 : columns.close[i - 1]!
    const factor = i === 0 ? (input.adjFactor?.[firstRow] ?? 1) : columns.adjFactor[i - 1]!
    const jump = row >= 0 && input.adjFactor !== undefined ? input.adjFactor[row]! / factor : 1
    if (!(jump > 0)) throw broken(input, days[first + i]!, 'adjustment factors are positive numbers', `${input.adjFactor?.[row]}`)
    const ex =
      i === 0
        ? undefined
        : exActionOf({ stock, code: input.code, day: first + i, before, jump, action: actions?.get(first + i), isKnown: actions !== undefined })
    if (ex !== undefined) columns.exActions.push(ex)
    const ratio = ex?.ratio ?? 1
    columns.adjFactor[i] = row >= 0 && input.adjFactor !== undefined ? input.adjFactor[row]! : factor * ratio
    const expected = toTick(Math.round(before / ratio), columns.tick)
    const given = row < 0 ? NaN : (input.preClose?.[row] ?? NaN)
    if (row < 0) columns.open[i] = columns.high[i] = columns.low[i] = columns.close[i] = columns.preClose[i] = expected
    else {
      fillRow(columns, input, row, i, days[first + i]!)
      columns.preClose[i] = given > 0 ? toMilli(given) : i === 0 ? columns.open[i]! : expected
    }
    delistingDay = flags[i]! & DELISTING ? delistingDay + 1 : 0
    fillLimits(columns, input, row, i, { date: days[first + i]!, listDays: input.listDate < days[0]! ? NaN : first + i - listed + 1, delistingDay })
  }
  return columns
}

function rowPlaces(input: StockInput, placeOf: ReadonlyMap<number, number>): Int32Array {
  const places = new Int32Array(input.dates.length)
  if (places.length === 0) throw new RangeError(`Cannot take ${input.code} into a market: it needs at least one row, found none. Leave the stock out`)
  for (let row = 0; row < places.length; row++) {
    const place = placeOf.get(input.dates[row]!)
    if (place === undefined || (row > 0 && place <= places[row - 1]!))
      throw broken(input, input.dates[row]!, 'rows are market days of the calendar in ascending order', `row ${row}`)
    places[row] = place
  }
  return places
}

function flagsOf(input: StockInput, row: number): number {
  return (
    (input.suspended?.[row] === 1 ? SUSPENDED : 0) |
    (input.noLimit?.[row] === 1 ? NO_LIMIT : 0) |
    (input.riskWarning?.[row] === 1 ? RISK_WARNING : 0) |
    (input.delisting?.[row] === 1 ? DELISTING : 0)
  )
}

/** A day without a row keeps the status of the day before. */
function spreadFlags(flags: Uint8Array): void {
  for (let i = 1; i < flags.length; i++) if (flags[i] === SUSPENDED) flags[i] = SUSPENDED | (flags[i - 1]! & (RISK_WARNING | DELISTING))
}

type Filling = Omit<StockColumns, 'exActions'>

function fillRow(columns: Filling, input: StockInput, row: number, i: number, date: TradeDate): void {
  const [open, high, low, close] = [input.open[row]!, input.high[row]!, input.low[row]!, input.close[row]!]
  const volume = input.volume[row]!
  const isBar = low > 0 && low <= open && low <= close && high >= open && high >= close && high < 2_000_000
  if (!isBar) throw broken(input, date, 'prices are positive and lie within low and high', `open ${open}, high ${high}, low ${low}, close ${close}`)
  if (!(volume >= 0 && volume < Infinity)) throw broken(input, date, 'the volume is a number of shares', `${volume}`)
  columns.open[i] = toMilli(open)
  columns.high[i] = toMilli(high)
  columns.low[i] = toMilli(low)
  columns.close[i] = toMilli(close)
  columns.volume[i] = volume
  if (input.amount !== undefined) columns.amount[i] = input.amount[row]!
  if (input.auctionVolume !== undefined) columns.auctionVolume[i] = input.auctionVolume[row]!
}

interface LimitDay {
  readonly date: TradeDate
  readonly listDays: number
  readonly delistingDay: number
}

function fillLimits(columns: Filling, input: StockInput, row: number, i: number, { date, listDays, delistingDay }: LimitDay): void {
  if (columns.flags[i]! & NO_LIMIT) return
  const up = row < 0 ? NaN : (input.upLimit?.[row] ?? NaN)
  const down = row < 0 ? NaN : (input.downLimit?.[row] ?? NaN)
  if (up > 0 && down > 0) {
    columns.upLimit[i] = toMilli(up)
    columns.downLimit[i] = toMilli(down)
    return
  }
  const limits = limitsOf({
    prevClose: columns.preClose[i]!,
    exchange: columns.exchange,
    board: columns.board === 'fund' ? 'main' : columns.board,
    date,
    isFund: columns.isFund,
    isSt: (columns.flags[i]! & RISK_WARNING) !== 0,
    listDays,
    listDate: input.listDate,
    ...(delistingDay > 0 ? { delistingDay } : {}),
  })
  if (limits.noLimit !== undefined) columns.flags[i] = columns.flags[i]! | NO_LIMIT
  else [columns.upLimit[i], columns.downLimit[i]] = [limits.up, limits.down]
}

function featuresOf(
  input: StockInput,
  places: Int32Array,
  firstRow: number,
  { first, length }: Pick<StockColumns, 'first' | 'length'>,
): StockColumns['features'] {
  const features = new Map<string, { values: Float64Array; knownAt: number | Float64Array }>()
  for (const name of Object.keys(input.features ?? {}).toSorted()) {
    const { values, knownAt = CLOSE_TIME } = input.features![name]!
    const spread = (from: Float64Array) => {
      const to = new Float64Array(length).fill(NaN)
      places.forEach((place, k) => (to[place - first] = from[firstRow + k]!))
      return to
    }
    features.set(name, { values: spread(values), knownAt: typeof knownAt === 'number' ? knownAt : spread(knownAt) })
  }
  return features
}

function broken(input: StockInput, date: number, rule: string, found: string): RangeError {
  return new RangeError(`Cannot take ${input.code} of ${formatDate(date as TradeDate)} into a market: ${rule}, found ${found}. Correct or leave out the row`)
}
