import type { Column, Labels } from '#core/frame.ts'
import { dateOfDayNumber } from '#core/trade-date.ts'
import { MAX_WHOLE, type NativeType } from './native-type.ts'

export type Numbers = Exclude<Column, Labels>

interface FixedWidth {
  readonly width: number
  /** `bytes` holds exactly the column, aligned and owned by the caller. */
  read(bytes: ArrayBuffer, type: NativeType): Numbers
}

/**
 * The types whose cells all have the same number of bytes, and what they become: whole numbers up to 32 bits stay whole, 64-bit numbers become
 * doubles, `Date` becomes YYYYMMDD, `DateTime` epoch milliseconds (a fraction of one is kept), `Decimal` the nearest double. The format is
 * little-endian and so is every machine Node runs on with this engine.
 */
const fixedWidth: Readonly<Record<string, FixedWidth>> = {
  UInt8: { width: 1, read: (bytes) => new Uint8Array(bytes) },
  Bool: { width: 1, read: (bytes) => new Uint8Array(bytes) },
  Int8: { width: 1, read: (bytes) => new Int32Array(new Int8Array(bytes)) },
  UInt16: { width: 2, read: (bytes) => new Uint32Array(new Uint16Array(bytes)) },
  Int16: { width: 2, read: (bytes) => new Int32Array(new Int16Array(bytes)) },
  UInt32: { width: 4, read: (bytes) => new Uint32Array(bytes) },
  Int32: { width: 4, read: (bytes) => new Int32Array(bytes) },
  Float32: { width: 4, read: (bytes) => new Float64Array(new Float32Array(bytes)) },
  Float64: { width: 8, read: (bytes) => new Float64Array(bytes) },
  Int64: { width: 8, read: (bytes) => wholeNumbers(new Int32Array(bytes)) },
  UInt64: { width: 8, read: (bytes) => wholeNumbers(new Uint32Array(bytes)) },
  Date: { width: 2, read: (bytes) => new Uint32Array(new Uint16Array(bytes)).map(dateOfDayNumber) },
  Date32: { width: 4, read: (bytes) => new Int32Array(bytes).map(dateOfDayNumber) },
  DateTime: { width: 4, read: (bytes) => new Float64Array(new Uint32Array(bytes)).map((seconds) => seconds * 1000) },
  DateTime64: { width: 8, read: (bytes, type) => scaled(new Int32Array(bytes), 2, Number(type.arguments[0]) - 3) },
  Nothing: { width: 1, read: (bytes) => new Float64Array(bytes.byteLength).fill(NaN) },
}

/** The reader of a type, or nothing when it is not one of fixed width. A Decimal's width follows from its precision. */
export function fixedWidthOf(type: NativeType): FixedWidth | undefined {
  if (type.name !== 'Decimal') return fixedWidth[type.name]
  const words = Number(type.arguments[0]) <= 9 ? 1 : Number(type.arguments[0]) <= 18 ? 2 : Number(type.arguments[0]) <= 38 ? 4 : 8
  return { width: words * 4, read: (bytes) => scaled(new Int32Array(bytes), words, Number(type.arguments[1])) }
}

/**
 * The numbers of a nullable column: NaN where `missing` is not 0, always doubles. The values under a null are whatever the engine left there
 * and are not looked at.
 */
export function withMissing(values: Numbers, missing: Uint8Array): Float64Array {
  const known = values instanceof Float64Array ? values : new Float64Array(values)
  for (let row = 0; row < missing.length; row++) if (missing[row] !== 0) known[row] = NaN
  return known
}

/**
 * 64-bit whole numbers, given as pairs of words, as doubles. The sign lives in the upper word: pass Int32Array for signed columns.
 * Throws RangeError beyond ±2^53.
 */
function wholeNumbers(words: Int32Array | Uint32Array): Float64Array {
  const out = new Float64Array(words.length / 2)
  for (let row = 0; row < out.length; row++) {
    const value = words[2 * row + 1]! * 4_294_967_296 + (words[2 * row]! >>> 0)
    if (value > MAX_WHOLE || value < -MAX_WHOLE)
      throw new RangeError(`a whole number must lie within ±2^53 to be exact, row ${row} holds about ${value}. Select toString() or toFloat64() of it`)
    out[row] = value
  }
  return out
}

/** Signed whole numbers of `words` 32-bit words each, divided by 10^scale. */
function scaled(words: Int32Array, width: number, scale: number): Float64Array {
  const out = new Float64Array(words.length / width)
  const unit = 10 ** Math.abs(scale)
  for (let row = 0; row < out.length; row++) {
    let value = words[row * width + width - 1]!
    for (let word = width - 2; word >= 0; word--) value = value * 4_294_967_296 + (words[row * width + word]! >>> 0)
    out[row] = scale < 0 ? value * unit : value / unit
  }
  return out
}
