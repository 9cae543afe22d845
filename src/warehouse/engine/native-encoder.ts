import { isLabels, MISSING, type Column, type Frame, type Labels } from '#core/frame.ts'
import type { Numbers } from './native-numbers.ts'
import { MAX_WHOLE, readNativeType, type NativeType } from './native-type.ts'

interface WholeType {
  readonly low: number
  readonly high: number
  readonly make: new (length: number) => Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array | BigInt64Array
}

const wholeTypes: Readonly<Record<string, WholeType>> = {
  UInt8: { low: 0, high: 0xff, make: Uint8Array },
  Bool: { low: 0, high: 1, make: Uint8Array },
  Int8: { low: -0x80, high: 0x7f, make: Int8Array },
  UInt16: { low: 0, high: 0xffff, make: Uint16Array },
  Int16: { low: -0x8000, high: 0x7fff, make: Int16Array },
  UInt32: { low: 0, high: 0xffff_ffff, make: Uint32Array },
  Int32: { low: -0x8000_0000, high: 0x7fff_ffff, make: Int32Array },
  Int64: { low: -MAX_WHOLE, high: MAX_WHOLE, make: BigInt64Array },
  UInt64: { low: 0, high: MAX_WHOLE, make: BigInt64Array },
}

/**
 * Encode a frame as one block of the Native format, as the pieces to write one after the other. `types` gives the table's type of each column.
 * A column whose memory already is what the table wants is passed through, not copied.
 * NaN and MISSING become NULL. Throws RangeError where a value does not fit its column: missing in a column that is not nullable,
 * a fraction in a whole-number column, out of range; and TypeError when numbers meet a text column.
 */
export function encodeNative(frame: Frame, types: Readonly<Record<string, string>>): Uint8Array[] {
  const entries = Object.entries(frame.columns)
  const pieces: Uint8Array[] = [varints(entries.length, frame.length)]
  for (const [name, column] of entries) {
    const typeName = types[name]
    if (typeName === undefined) throw new RangeError(`Cannot encode column "${name}": the table has no such column`)
    pieces.push(sized(name), sized(typeName))
    if (frame.length > 0) pieces.push(...encodeColumn(name, typeName, column))
  }
  return pieces
}

/** A block without rows: what an empty result looks like. */
export function encodeHeader(columns: readonly { readonly name: string; readonly type: string }[]): Uint8Array {
  return Buffer.concat([varints(columns.length, 0), ...columns.flatMap(({ name, type }) => [sized(name), sized(type)])])
}

function encodeColumn(name: string, typeName: string, column: Column): Uint8Array[] {
  const type = readNativeType(typeName)
  const refuse = (found: string): never => {
    throw new RangeError(`Cannot insert column "${name}": it is ${typeName}, ${found}`)
  }
  if (type.name === 'String') {
    if (!isLabels(column)) throw new TypeError(`Cannot insert column "${name}": it is ${typeName}, found numbers`)
    checkLabels(column, type, refuse)
    return type.lowCardinality ? dictionaryText(column, type.nullable) : plainText(column, type.nullable)
  }
  if (isLabels(column)) throw new TypeError(`Cannot insert column "${name}": it is ${typeName}, found text`)
  if (type.lowCardinality) return refuse('which only ad-hoc tables have. Make it a plain number')
  const flags = type.nullable ? [missingFlags(column)] : []
  if (type.name === 'Float64') return [...flags, bytesOf(doubles(column, type, refuse))]
  if (type.name === 'Float32') return [...flags, bytesOf(new Float32Array(doubles(column, type, refuse)))]
  const whole = wholeTypes[type.name]
  return whole === undefined ? refuse('a type our tables do not use. See column.ts') : [...flags, bytesOf(wholeNumbers(column, whole, type, refuse))]
}

function doubles(column: Numbers, type: NativeType, refuse: (found: string) => never): Float64Array {
  if (!(column instanceof Float64Array)) return new Float64Array(column)
  if (!type.nullable) for (let row = 0; row < column.length; row++) if (Number.isNaN(column[row])) refuse(`row ${row} is missing (NaN). Make it nullable`)
  return column
}

function wholeNumbers(column: Numbers, whole: WholeType, type: NativeType, refuse: (found: string) => never): ArrayBufferView {
  if (column.constructor === whole.make && whole.high !== 1) return column
  const { low, high } = whole
  const wide = whole.make === BigInt64Array
  const out = wide ? new Float64Array(column.length) : (new whole.make(column.length) as Int32Array)
  const words = wide ? new Int32Array(out.buffer) : undefined
  for (let row = 0; row < column.length; row++) {
    let value = column[row]!
    if (!(value >= low && value <= high) || Math.floor(value) !== value) {
      if (!Number.isNaN(value)) refuse(`row ${row} holds ${value}`)
      if (!type.nullable) refuse(`row ${row} is missing (NaN). Make it nullable`)
      value = 0
    }
    if (words === undefined) out[row] = value
    else {
      words[2 * row] = value % 4_294_967_296
      words[2 * row + 1] = Math.floor(value / 4_294_967_296)
    }
  }
  return out
}

function missingFlags(column: Numbers): Uint8Array {
  const flags = new Uint8Array(column.length)
  if (column instanceof Float64Array) for (let row = 0; row < flags.length; row++) if (Number.isNaN(column[row])) flags[row] = 1
  return flags
}

function checkLabels({ index, values }: Labels, type: NativeType, refuse: (found: string) => never): void {
  for (let row = 0; row < index.length; row++) {
    if (index[row]! < values.length) continue
    if (index[row] !== MISSING) refuse(`row ${row} points at value ${index[row]} of ${values.length}`)
    if (!type.nullable) refuse(`row ${row} is missing. Make it nullable`)
  }
}

function plainText({ index, values }: Labels, nullable: boolean): Uint8Array[] {
  const encoded = values.map(sized)
  const empty = Uint8Array.of(0)
  let size = 0
  for (let row = 0; row < index.length; row++) size += (encoded[index[row]!] ?? empty).length
  const out = new Uint8Array(size)
  let at = 0
  for (let row = 0; row < index.length; row++) {
    const text = encoded[index[row]!] ?? empty
    if (text.length < 24) for (let i = 0; i < text.length; i++) out[at + i] = text[i]!
    else out.set(text, at)
    at += text.length
  }
  return nullable ? [labelFlags(index), out] : [out]
}

/** Version 1, then "additional keys follow, update the dictionary" with the width of key numbers; key 0 of a nullable column is null. */
function dictionaryText({ index, values }: Labels, nullable: boolean): Uint8Array[] {
  const shift = nullable ? 1 : 0
  const keyCount = values.length + shift
  const width = keyCount <= 0x100 ? 0 : keyCount <= 0x1_0000 ? 1 : 2
  const numbers = width === 0 ? new Uint8Array(index.length) : width === 1 ? new Uint16Array(index.length) : new Uint32Array(index.length)
  if (!nullable) numbers.set(index)
  else for (let row = 0; row < index.length; row++) numbers[row] = index[row] === MISSING ? 0 : index[row]! + 1
  const head = new Uint32Array([1, 0, 0x600 | width, 0, keyCount, 0])
  return [
    bytesOf(head),
    ...(nullable ? [Uint8Array.of(0)] : []),
    Buffer.concat(values.map(sized)),
    bytesOf(new Uint32Array([index.length, 0])),
    bytesOf(numbers),
  ]
}

function labelFlags(index: Uint32Array): Uint8Array {
  const flags = new Uint8Array(index.length)
  for (let row = 0; row < index.length; row++) if (index[row] === MISSING) flags[row] = 1
  return flags
}

function bytesOf(view: ArrayBufferView): Uint8Array {
  return new Uint8Array(view.buffer as ArrayBuffer, view.byteOffset, view.byteLength)
}

/** A text with its length before it. */
function sized(text: string): Uint8Array {
  const bytes = Buffer.from(text, 'utf8')
  return Buffer.concat([varints(bytes.length), bytes])
}

function varints(...numbers: readonly number[]): Uint8Array {
  const bytes: number[] = []
  for (const number of numbers) {
    let rest = number
    for (; rest >= 0x80; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80)
    bytes.push(rest)
  }
  return Uint8Array.from(bytes)
}
