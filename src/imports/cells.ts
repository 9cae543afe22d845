import type { Code } from '#core/code.ts'
import { MISSING, type Labels } from '#core/frame.ts'
import type { Rejection } from '#core/import-kind.ts'
import { toMilli } from '#core/milli.ts'
import { instantOf } from '#core/shanghai-time.ts'
import type { TradeDate } from '#core/trade-date.ts'
import { codeFrom } from './instrument.ts'
import type { Sieve } from './sieve.ts'
import { clockFrom, dateFrom, localTimeFrom } from './timestamp.ts'

/** What vendors write where they know nothing (spec warehouse-ods §1.4). */
const UNKNOWN: ReadonlySet<string> = new Set(['', 'none', 'nan', '--', '-', 'null', 'n/a'])

export function isUnknown(cell: string): boolean {
  return cell.length <= 8 && UNKNOWN.has(cell.trim().toLowerCase())
}

/** Numbers where NaN means unknown. Text and infinities reject the row as BAD_NUMBER. `per` divides, to change a unit. */
export function optionalNumbers(cells: readonly string[], sieve: Sieve, per = 1): Float64Array {
  return parse(cells, per, (row, cell) => {
    if (!isUnknown(cell)) sieve.reject(row, 'BAD_NUMBER', cell)
  })
}

/** Numbers that must be known; anything else rejects the row. Negative ones too unless `signed`. */
export function requiredNumbers(
  cells: readonly string[],
  sieve: Sieve,
  options: { readonly per?: number; readonly signed?: boolean; readonly reason?: Rejection['reason'] } = {},
): Float64Array {
  const reason = options.reason ?? 'BAD_NUMBER'
  const out = parse(cells, options.per ?? 1, (row, cell) => sieve.reject(row, reason, cell))
  if (options.signed !== true) for (let row = 0; row < out.length; row++) if (out[row]! < 0) sieve.reject(row, reason, cells[row]!)
  return out
}

/** Prices: known and above zero, else the row is rejected as BAD_PRICE. */
export function prices(cells: readonly string[], sieve: Sieve): Float64Array {
  const out = parse(cells, 1, (row, cell) => sieve.reject(row, 'BAD_PRICE', cell))
  for (let row = 0; row < out.length; row++) if (out[row]! <= 0) sieve.reject(row, 'BAD_PRICE', cells[row]!)
  return out
}

/** Highest price that fits whole 厘 in 32 bits, rounded down: 2,000,000 CNY. */
const HIGHEST_MILLI = 2_000_000_000

/** Decoded prices as whole 厘 (NaN stays): negative, and beyond what a 32-bit column holds, rejects the row as BAD_PRICE. */
export function wholeMilli(values: Float64Array, cells: readonly string[], sieve: Sieve): Float64Array {
  const out = values.map(toMilli)
  for (let row = 0; row < out.length; row++) if (out[row]! < 0 || out[row]! > HIGHEST_MILLI) sieve.reject(row, 'BAD_PRICE', cells[row]!)
  return out
}

/** Dates that must be known: MISSING_KEY, BAD_DATE, or FUTURE_DATE when later than `today` (no limit when absent). */
export function dates(cells: readonly string[], sieve: Sieve, today?: TradeDate): Uint32Array {
  const out = new Uint32Array(cells.length)
  let seen = ''
  let date: TradeDate | undefined
  for (let row = 0; row < cells.length; row++) {
    const cell = cells[row]!
    if (cell !== seen || row === 0) [seen, date] = [cell, dateFrom(cell)]
    if (date === undefined) sieve.reject(row, isUnknown(cell) ? 'MISSING_KEY' : 'BAD_DATE', cell)
    else if (today !== undefined && date > today) sieve.reject(row, 'FUTURE_DATE', cell)
    else out[row] = date
  }
  return out
}

/** Dates where NaN means unknown; text that is no date rejects the row. */
export function optionalDates(cells: readonly string[], sieve: Sieve): Float64Array {
  const out = new Float64Array(cells.length)
  for (let row = 0; row < cells.length; row++) {
    const date = isUnknown(cells[row]!) ? NaN : dateFrom(cells[row]!)
    if (date === undefined) sieve.reject(row, 'BAD_DATE', cells[row]!)
    else out[row] = date
  }
  return out
}

/** Security codes in TuShare form; an unknown spelling, or a code `accepts` refuses, rejects the row as BAD_CODE. */
export function codes(cells: readonly string[], sieve: Sieve, accepts: (code: Code) => boolean = () => true): Labels {
  const index = new Uint32Array(cells.length)
  const values: string[] = []
  const known = new Map<string, number>()
  const places = new Map<string, number>()
  let seen = ''
  let place = MISSING
  for (let row = 0; row < cells.length; row++) {
    const cell = cells[row]!
    if (cell !== seen || row === 0) {
      seen = cell
      place = known.get(cell) ?? learn(cell)
    }
    index[row] = place
    if (place === MISSING) sieve.reject(row, isUnknown(cell) ? 'MISSING_KEY' : 'BAD_CODE', cell)
  }
  return { index, values }

  function learn(cell: string): number {
    const code = codeFrom(cell)
    let at = MISSING
    if (code !== undefined && accepts(code)) {
      at = places.get(code) ?? values.push(code) - 1
      places.set(code, at)
    }
    known.set(cell, at)
    return at
  }
}

/** Text where absence means unknown. */
export function texts(cells: readonly string[]): Labels {
  const index = new Uint32Array(cells.length)
  const values: string[] = []
  const places = new Map<string, number>()
  for (let row = 0; row < cells.length; row++) {
    const cell = cells[row]!
    let place = places.get(cell)
    if (place === undefined) {
      place = isUnknown(cell) ? MISSING : values.push(cell.trim()) - 1
      places.set(cell, place)
    }
    index[row] = place
  }
  return { index, values }
}

/** The same text on every row. */
export function always(value: string, length: number): Labels {
  return { index: new Uint32Array(length), values: [value] }
}

/** Dates and instants of local times; a bad one rejects the row as BAD_TIME, a later day than `today` as FUTURE_DATE. */
export function localTimes(cells: readonly string[], sieve: Sieve, today: TradeDate): { readonly date: Uint32Array; readonly at: Float64Array } {
  const date = new Uint32Array(cells.length)
  const at = new Float64Array(cells.length)
  for (let row = 0; row < cells.length; row++) {
    const time = localTimeFrom(cells[row]!)
    if (time === undefined) sieve.reject(row, isUnknown(cells[row]!) ? 'MISSING_KEY' : 'BAD_TIME', cells[row]!)
    else if (time.date > today) sieve.reject(row, 'FUTURE_DATE', cells[row]!)
    else {
      date[row] = time.date
      at[row] = instantOf(time.date, time.timeOfDayMs)
    }
  }
  return { date, at }
}

/** Instants of clock times on a known day; a bad one rejects the row as BAD_TIME. */
export function clockTimes(cells: readonly string[], sieve: Sieve, date: TradeDate): { readonly date: Uint32Array; readonly at: Float64Array } {
  const midnight = instantOf(date, 0)
  const at = new Float64Array(cells.length)
  for (let row = 0; row < cells.length; row++) {
    const time = clockFrom(cells[row]!)
    if (Number.isNaN(time)) sieve.reject(row, isUnknown(cells[row]!) ? 'MISSING_KEY' : 'BAD_TIME', cells[row]!)
    at[row] = midnight + time
  }
  return { date: new Uint32Array(cells.length).fill(date), at }
}

/** The number in each cell divided by `per`; `odd` hears of cells that hold none, which become NaN. */
function parse(cells: readonly string[], per: number, odd: (row: number, cell: string) => void): Float64Array {
  const out = new Float64Array(cells.length)
  for (let row = 0; row < cells.length; row++) {
    const cell = cells[row]!
    const value = +cell
    // `+` reads blanks as 0 and knows 0x1F; both are no numbers here. An infinity minus itself is NaN.
    if (value - value === 0 && (value !== 0 || cell.trim() !== '') && !(cell.charCodeAt(1) > 57 && /^\s*0[xob]/i.test(cell))) {
      out[row] = value / per
    } else {
      out[row] = NaN
      odd(row, cell)
    }
  }
  return out
}
