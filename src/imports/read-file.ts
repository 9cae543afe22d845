import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { createGunzip } from 'node:zlib'
import type { RawTable, Rejection } from '#core/import-kind.ts'
import { ImportError } from './import-error.ts'
import { splitCells, splitRecord } from './split-cells.ts'

/** A piece of a text file in file order: whole records, and the records that have another number of cells than the header (BAD_ROW). */
export interface FileChunk extends RawTable {
  readonly rejected: readonly Rejection[]
}

export interface ReadOptions {
  /** Decompressed bytes per chunk; default 512 KiB: the cells then die young, which halves the time of a long file. Memory stays at a few chunks. */
  readonly chunkBytes?: number
}

/** A record without its end is not kept longer than this: a quote that never closes must not swallow a large file. */
const LONGEST_RECORD = 16 << 20

/**
 * Read a `.csv` or `.csv.gz` file as chunks of raw cells: UTF-8 with or without a byte-order mark, LF or CRLF, cells separated by commas, the first
 * line naming the columns. Compression is told by the content, not by the name. At least one chunk comes, with no rows when there is only a header.
 * Ends with ImportError when the file is absent, empty, not text, without a header, cut off or damaged; chunks before the damage have come by then.
 */
export async function* readTable(path: string, options: ReadOptions = {}): AsyncGenerator<FileChunk, void, undefined> {
  const chunkBytes = Math.max(1, options.chunkBytes ?? 512 << 10)
  const bytes = await openBytes(path)
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const header = new HeaderLine(path)
  let text = ''
  let gathered = 0
  let line = 1
  let chunks = 0
  const cut = (last: boolean): FileChunk | undefined => {
    if (header.names === undefined) {
      const found = header.find(text, last)
      if (found === undefined) return undefined
      text = text.slice(found)
      line = header.lines + 1
    }
    const names = header.names!
    const split = splitting(path, () => splitCells(text, names.length, line, last))
    if (split.rest.length > LONGEST_RECORD)
      throw new ImportError(
        'broken-quotes',
        `Cannot read ${path}: a record ends within 16 MiB, found one from line ${split.nextLine} on that does not. Look for a quote that never closes`,
      )
    text = split.rest
    line = split.nextLine
    gathered = 0
    if (split.line.length === 0 && split.odd.length === 0 && !(last && chunks === 0)) return undefined
    chunks++
    return { header: names, columns: split.columns, line: split.line, rejected: split.odd.map(badRow) }
  }
  for await (const piece of bytes) {
    text += decoding(path, () => decoder.decode(piece, { stream: true }))
    gathered += piece.length
    if (gathered < chunkBytes) continue
    const chunk = cut(false)
    if (chunk !== undefined) yield chunk
  }
  text += decoding(path, () => decoder.decode())
  const chunk = cut(true)
  if (chunk !== undefined) yield chunk
}

function badRow(odd: { readonly line: number; readonly text: string }): Rejection {
  return { line: odd.line, reason: 'BAD_ROW', found: odd.text.slice(0, 200) }
}

/** Finds the first line that is not empty and takes it as the column names. */
class HeaderLine {
  names: readonly string[] | undefined
  /** Lines up to and including the header. */
  lines = 0
  readonly #path: string

  constructor(path: string) {
    this.#path = path
  }

  /** Where the records begin in `text`, or nothing when the first line is not complete yet. */
  find(text: string, last: boolean): number | undefined {
    const start = /^\s*\n/.exec(text)?.[0].length ?? 0
    const newline = text.indexOf('\n', start)
    if (newline < 0 && !last) return undefined
    const first = text.slice(start, newline < 0 ? undefined : newline).replace(/\r$/, '')
    if (first.trim() === '') throw new ImportError('empty', `Cannot import ${this.#path}: a header line is needed, the file is empty. Fetch or copy it again`)
    this.names = this.#named(splitRecord(first))
    this.lines = text.slice(0, start).split('\n').length
    return newline < 0 ? text.length : newline + 1
  }

  #named(cells: readonly string[]): readonly string[] {
    const names = cells.map((cell) => cell.trim())
    const shown = names.join(',').slice(0, 120)
    if (shown.includes('\0')) throw notText(this.#path)
    const numeric = names.find((name) => /^[-+]?\d[\d.:/ -]*$/.test(name))
    if (numeric !== undefined)
      throw new ImportError(
        'no-header',
        `Cannot import ${this.#path}: the first line must name the columns, found the value "${numeric}" in "${shown}". Add a header line`,
      )
    if (names.length === 1 && /[\t;|]/.test(names[0]!))
      throw new ImportError(
        'no-header',
        `Cannot import ${this.#path}: cells are separated by commas, found "${shown}". Save the file as comma-separated values`,
      )
    return names
  }
}

async function openBytes(path: string): Promise<AsyncIterable<Uint8Array>> {
  const isGzip = await startsLikeGzip(path)
  const file = createReadStream(path, { highWaterMark: 1 << 18 })
  if (!isGzip) return textBytes(path, file)
  const gunzip = createGunzip({ chunkSize: 1 << 18 })
  file.on('error', (error) => gunzip.destroy(error))
  gunzip.on('close', () => file.destroy())
  return inflated(path, file.pipe(gunzip))
}

async function* textBytes(path: string, pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const piece of pieces) {
    if (piece.indexOf(0) >= 0) throw notText(path)
    yield piece
  }
}

async function* inflated(path: string, pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* textBytes(path, pieces)
  } catch (error) {
    if (!isNodeError(error) || !error.code.startsWith('Z_')) throw error
    throw new ImportError('broken-gzip', `Cannot read ${path}: the gzip data must be complete, found "${error.message}". Copy or download the file again`, {
      cause: error,
    })
  }
}

/** Look at the first two bytes; the place where an absent or forbidden file is noticed. */
async function startsLikeGzip(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'r')
    try {
      if ((await file.stat()).isDirectory())
        throw new ImportError('unreadable', `Cannot import ${path}: a file is needed, found a folder. Name the files in it`)
      const { bytesRead, buffer } = await file.read(Buffer.alloc(2), 0, 2, 0)
      if (bytesRead === 0) throw new ImportError('empty', `Cannot import ${path}: a header line is needed, the file is empty. Fetch or copy it again`)
      const isGzip = buffer[0] === 0x1f && buffer[1] === 0x8b
      if (!isGzip && /\.gz$/i.test(path))
        throw new ImportError(
          'broken-gzip',
          `Cannot read ${path}: a .gz file begins with the bytes 1f 8b, found ${buffer.toString('hex', 0, bytesRead)}. Rename it, or copy it again`,
        )
      return isGzip
    } finally {
      await file.close()
    }
  } catch (error) {
    if (!isNodeError(error)) throw error
    const isAbsent = error.code === 'ENOENT'
    throw new ImportError(
      isAbsent ? 'not-found' : 'unreadable',
      `Cannot read ${path}: ${isAbsent ? 'the file must exist, found nothing there. Check the path' : `the file must be readable, found ${error.code}. Check its permissions`}`,
      { cause: error },
    )
  }
}

function decoding(path: string, decode: () => string): string {
  try {
    return decode()
  } catch (error) {
    throw notText(path, error)
  }
}

function splitting<T>(path: string, split: () => T): T {
  try {
    return split()
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new ImportError('broken-quotes', `Cannot read ${path}: every quote must close, found that ${error.message}. Repair the line`, { cause: error })
  }
}

function notText(path: string, cause?: unknown): ImportError {
  return new ImportError(
    'not-text',
    `Cannot read ${path}: text must be UTF-8, found bytes that are not. A Chinese spreadsheet is often GB18030: convert it with "iconv -f GB18030 -t UTF-8"`,
    { cause },
  )
}

function isNodeError(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
}
