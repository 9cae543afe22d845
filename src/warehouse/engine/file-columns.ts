import { open, type FileHandle } from 'node:fs/promises'
import { NativeDecoder } from './native-decoder.ts'

/**
 * The column names of a Parquet file, from its footer: a Thrift compact structure whose field 2 lists the schema, the root first
 * (Parquet format, FileMetaData and SchemaElement). Nested columns are named by their outermost field. Throws RangeError when it is not Parquet.
 */
export async function parquetColumns(path: string): Promise<readonly string[]> {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    const tail = await bytesAt(file, Math.max(0, size - 8), Math.min(8, size))
    const length = tail.length === 8 && tail.toString('latin1', 4) === 'PAR1' ? tail.readUInt32LE(0) : NaN
    if (!(length <= size - 12)) throw new RangeError(`Cannot read ${path}: a Parquet file ends with its footer and PAR1, this one does not`)
    return columnsOf(new ThriftReader(await bytesAt(file, size - 8 - length, length)))
  } finally {
    await file.close()
  }
}

/** The column names of a file in Native format, from its first block. Throws RangeError when it has none. */
export async function nativeColumns(path: string): Promise<readonly string[]> {
  const file = await open(path)
  try {
    const decoder = new NativeDecoder()
    for await (const chunk of file.createReadStream({ autoClose: false })) for (const block of decoder.push(chunk as Buffer)) return Object.keys(block.columns)
    throw new RangeError(`Cannot read ${path}: a Native file holds at least one whole block, this one does not`)
  } finally {
    await file.close()
  }
}

async function bytesAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position)
  return buffer.subarray(0, bytesRead)
}

function columnsOf(thrift: ThriftReader): readonly string[] {
  const names: string[] = []
  thrift.struct((field, type) => {
    if (field !== 2) return thrift.skip(type)
    const elements: { name: string; children: number }[] = []
    thrift.list(() => {
      const element = { name: '', children: 0 }
      thrift.struct((part, partType) => {
        if (part === 4) element.name = thrift.text()
        else if (part === 5) element.children = thrift.integer()
        else thrift.skip(partType)
      })
      elements.push(element)
    })
    // The tree is listed depth first; the children of the root are the columns.
    for (let i = 1; i < elements.length; i = afterTree(elements, i)) names.push(elements[i]!.name)
  })
  return names
}

function afterTree(elements: readonly { readonly children: number }[], i: number): number {
  let next = i + 1
  for (let child = 0; child < (elements[i]?.children ?? 0); child++) next = afterTree(elements, next)
  return next
}

/** As much of the Thrift compact protocol as a schema needs (Apache Thrift, thrift-compact-protocol.md). */
class ThriftReader {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  struct(read: (field: number, type: number) => void): void {
    for (let field = 0; ;) {
      const head = this.#byte()
      if (head === 0) return
      field = head >> 4 === 0 ? this.integer() : field + (head >> 4)
      read(field, head & 0x0f)
    }
  }

  list(read: (type: number) => void): void {
    const head = this.#byte()
    const size = head >> 4 === 15 ? this.#varint() : head >> 4
    for (let i = 0; i < size; i++) read(head & 0x0f)
  }

  text(): string {
    const length = this.#varint()
    this.#at += length
    return this.#bytes.toString('utf8', this.#at - length, this.#at)
  }

  integer(): number {
    const zigzag = this.#varint()
    return zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2
  }

  skip(type: number): void {
    // 1 and 2 are booleans, whose value is the type itself.
    if (type === 3) this.#at += 1
    else if (type >= 4 && type <= 6) this.#varint()
    else if (type === 7) this.#at += 8
    else if (type === 8) this.text()
    else if (type === 9 || type === 10) this.list((inner) => (inner <= 2 ? void this.#byte() : this.skip(inner)))
    else if (type === 12) this.struct((_, inner) => this.skip(inner))
    else if (type > 2) throw new RangeError(`Cannot read a Parquet footer: Thrift type ${type} is not in its schema`)
  }

  #byte(): number {
    if (this.#at >= this.#bytes.length) throw new RangeError('Cannot read a Parquet footer: it ends early')
    return this.#bytes[this.#at++]!
  }

  #varint(): number {
    let value = 0
    for (let unit = 1; ; unit *= 128) {
      const byte = this.#byte()
      value += (byte & 0x7f) * unit
      if (byte < 0x80) return value
    }
  }
}
