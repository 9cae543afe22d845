import { frameOf, MISSING, type Column, type Frame, type Labels } from '#core/frame.ts'
import { ByteDictionary } from './byte-dictionary.ts'
import { ByteFeed } from './byte-feed.ts'
import { fixedWidthOf, withMissing } from './native-numbers.ts'
import { readNativeType, type NativeType } from './native-type.ts'

/** Yields `undefined` when it needs more bytes, and a frame when a block is complete. */
type Blocks = Generator<Frame | undefined, void, undefined>
type Part<T> = Generator<undefined, T, undefined>

/**
 * Decodes ClickHouse's Native format (client revision 0, as HTTP and chDB write it) into frames, one per block: feed it chunks cut anywhere.
 * Numbers are copied column by column; text becomes a dictionary holding exactly the values that occur, in order of first appearance, without
 * a JavaScript string per row. A nullable number becomes NaN where null, a nullable text MISSING.
 * Throws RangeError on a type it cannot read and on a whole number beyond ±2^53, naming the column.
 */
export class NativeDecoder {
  readonly #feed = new ByteFeed()
  readonly #blocks: Blocks = decodeBlocks(this.#feed)

  /** To be called after the last chunk. Throws RangeError when a block is cut off. */
  end(): void {
    if (this.#feed.left > 0) throw new RangeError(`Cannot decode a native block: it ends early, ${this.#feed.left} bytes are left over`)
  }

  /** The blocks that are complete with this chunk. The chunk must not be changed afterwards. */
  *push(chunk: Uint8Array): Iterable<Frame> {
    this.#feed.push(chunk)
    for (;;) {
      const step = this.#blocks.next()
      if (step.done === true || step.value === undefined) return
      yield step.value
    }
  }
}

function* decodeBlocks(feed: ByteFeed): Blocks {
  for (;;) {
    while (!feed.has(1)) yield undefined
    const width = yield* varint(feed)
    const rows = yield* varint(feed)
    const columns: Record<string, Column> = {}
    for (let column = 0; column < width; column++) {
      const name = yield* shortText(feed)
      const typeName = yield* shortText(feed)
      columns[name] = yield* columnOf(feed, name, typeName, rows)
    }
    yield frameOf(columns)
  }
}

function* columnOf(feed: ByteFeed, name: string, typeName: string, rows: number): Part<Column> {
  const type = readNativeType(typeName)
  try {
    if (type.lowCardinality) return type.name === 'String' ? yield* dictionaryText(feed, type.nullable, rows) : unreadable(type)
    const missing = type.nullable ? new Uint8Array(yield* bytesOf(feed, rows)) : undefined
    if (type.name === 'String') return yield* plainText(feed, rows, missing)
    const fixed = fixedWidthOf(type) ?? unreadable(type)
    const values = fixed.read(yield* bytesOf(feed, rows * fixed.width), type)
    return missing === undefined ? values : withMissing(values, missing)
  } catch (error) {
    throw new RangeError(`Cannot read column "${name}" (${typeName}): ${(error as Error).message}`, { cause: error })
  }
}

function unreadable(type: NativeType): never {
  throw new RangeError(`columns of type ${type.name} have no place in a frame. Select toString() or toFloat64() of it`)
}

/** `String`: a length and the bytes, row after row. */
function* plainText(feed: ByteFeed, rows: number, missing: Uint8Array | undefined): Part<Labels> {
  const dictionary = new ByteDictionary()
  const index = new Uint32Array(rows)
  let row = 0
  yield* texts(feed, rows, (bytes, start, end) => {
    index[row] = missing !== undefined && missing[row] !== 0 ? MISSING : dictionary.indexOf(bytes, start, end)
    row++
  })
  return { index, values: dictionary.values }
}

/**
 * `LowCardinality(String)`: keys, then one key number per row. A nullable column keeps null as key 0. Keys that no row uses (the engine always
 * sends the empty text) are left out of the result. ClickHouse source, SerializationLowCardinality.
 */
function* dictionaryText(feed: ByteFeed, nullable: boolean, rows: number): Part<Labels> {
  const index = new Uint32Array(rows)
  const values: string[] = []
  if (rows === 0) return { index, values }
  yield* bytesOf(feed, 8)
  for (let done = 0; done < rows;) {
    const [width, , keyCount] = new Uint32Array(yield* bytesOf(feed, 16)) as unknown as [number, number, number]
    const keys: string[] = []
    yield* texts(feed, keyCount, (bytes, start, end) => keys.push(Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8')))
    const [count] = new Uint32Array(yield* bytesOf(feed, 8)) as unknown as [number]
    const numbers = yield* keyNumbers(feed, width & 0xff, count)
    const seen = new Int32Array(keyCount).fill(-1)
    if (nullable && keyCount > 0) seen[0] = -2
    for (let row = 0; row < count; row++) {
      const key = numbers[row]!
      let value = seen[key]!
      if (value === -1) seen[key] = value = values.push(keys[key]!) - 1
      index[done + row] = value === -2 ? MISSING : value
    }
    done += count
  }
  return { index, values }
}

function* keyNumbers(feed: ByteFeed, width: number, count: number): Part<Uint8Array | Uint16Array | Uint32Array> {
  const bytes = yield* bytesOf(feed, count * 2 ** width)
  if (width === 0) return new Uint8Array(bytes)
  if (width === 1) return new Uint16Array(bytes)
  if (width === 2) return new Uint32Array(bytes)
  throw new RangeError('its dictionary has more than 2^32 values')
}

/** Show `count` texts to `take`, which must not keep the bytes. */
function* texts(feed: ByteFeed, count: number, take: (bytes: Uint8Array, start: number, end: number) => void): Part<void> {
  for (let done = 0; done < count;) {
    const { bytes } = feed
    let at = feed.at
    // As many as lie whole in the bytes at hand.
    for (; done < count; done++) {
      let cursor = at
      let length = bytes[cursor++]!
      if (length >= 0x80) {
        length &= 0x7f
        for (let unit = 128; cursor < bytes.length; unit *= 128) {
          const byte = bytes[cursor++]!
          length += (byte & 0x7f) * unit
          if (byte < 0x80) break
        }
      }
      // Past the end, or an unfinished length, or nothing there: all leave less than a whole text.
      if (!(cursor + length <= bytes.length) || bytes[cursor - 1]! >= 0x80) break
      take(bytes, cursor, cursor + length)
      at = cursor + length
    }
    feed.at = at
    if (done === count) return
    // One that crosses a border: ask for its length, then for the whole of it.
    const length = yield* varint(feed)
    while (!feed.has(length)) yield undefined
    take(feed.bytes, feed.at, feed.at + length)
    feed.at += length
    done++
  }
}

function* shortText(feed: ByteFeed): Part<string> {
  const length = yield* varint(feed)
  while (!feed.has(length)) yield undefined
  const bytes = feed.take(length)
  return Buffer.from(bytes.buffer, bytes.byteOffset, length).toString('utf8')
}

function* bytesOf(feed: ByteFeed, count: number): Part<ArrayBuffer> {
  while (!feed.has(count)) yield undefined
  return feed.copy(count)
}

function* varint(feed: ByteFeed): Part<number> {
  let value = 0
  for (let shift = 0; ; shift += 7) {
    while (!feed.has(1)) yield undefined
    const byte = feed.bytes[feed.at++]!
    value += (byte & 0x7f) * 2 ** shift
    if (byte < 0x80) return value
  }
}
