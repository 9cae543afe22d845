import type { Decoded, FileContext, ImportKind, RawTable } from '#core/import-kind.ts'
import { contextOf, type Said } from './file-context.ts'
import { Gathering, type DecodedChunk } from './gathering.ts'
import { ImportError } from './import-error.ts'
import { readTable, type FileChunk, type ReadOptions } from './read-file.ts'
import { kindFor, missingContext } from './recognise.ts'

/** What the user asked to import, and what they said about it. */
export interface ImportRequest extends Said, ReadOptions {
  readonly path: string
  /** `--kind`: needed only where the header does not decide. */
  readonly kind?: string
}

/** A file whose kind is known and whose rows come when asked for. Iterate `decoded` to its end, or break out of it: either closes the file. */
export interface OpenFile {
  readonly kind: ImportKind
  readonly context: FileContext
  readonly decoded: AsyncIterable<DecodedChunk>
}

/** Small pieces decode fastest, larger ones load fastest: decoded pieces are gathered to this many rows. */
const GATHERED_ROWS = 100_000

/** A file that must be seen whole to put its rows in order is held in memory: this many rows at most. */
const WHOLE_FILE_ROWS = 3_000_000

/** Open a text file and find out what it is. Throws ImportError (see `readTable`, `kindFor`) and UsageError for an unreadable --code or --date. */
export function openFile(request: ImportRequest): Promise<OpenFile> {
  return openChunks(readTable(request.path, request), request)
}

/** The same for rows that come from elsewhere (a Parquet file read by the engine). The first chunk must come, even without rows. */
export async function openChunks(chunks: AsyncIterable<RawTable | FileChunk>, request: ImportRequest): Promise<OpenFile> {
  const context = contextOf(request.path, request)
  const iterator = chunks[Symbol.asyncIterator]()
  try {
    const first = await iterator.next()
    if (first.done === true) throw new ImportError('empty', `Cannot import ${request.path}: a header line is needed, the file is empty. Fetch or copy it again`)
    const { header } = first.value
    const kind = kindFor(header, context, { sample: first.value, ...(request.kind === undefined ? {} : { kind: request.kind }) })
    const missing = missingContext(kind, header, context)
    if (missing.length > 0) {
      throw new ImportError(
        'missing-context',
        `Cannot import ${context.fileName} as ${kind.name}: the file does not say its ${missing.join(' and ')}, and neither does its path. Add ${missing.map((need) => (need === 'code' ? '--code 600519.SH' : '--date 2026-01-05')).join(' ')}`,
      )
    }
    return { kind, context, decoded: decoding(kind, context, first.value, iterator) }
  } catch (error) {
    await iterator.return?.()
    throw error
  }
}

async function* decoding(
  kind: ImportKind,
  context: FileContext,
  first: RawTable | FileChunk,
  rest: AsyncIterator<RawTable | FileChunk>,
): AsyncGenerator<DecodedChunk, void, undefined> {
  try {
    const gathering = new Gathering()
    const pieces: (RawTable | FileChunk)[] = []
    let rows = 0
    for (let chunk: RawTable | FileChunk | undefined = first; chunk !== undefined; chunk = await following(rest)) {
      if (!kind.whole) {
        gathering.add(decoded(kind, context, chunk, rejectedIn(chunk)))
        if (gathering.rowsRead >= GATHERED_ROWS) yield gathering.take()
        continue
      }
      pieces.push(chunk)
      rows += chunk.line.length
      if (rows > WHOLE_FILE_ROWS) {
        const limit = WHOLE_FILE_ROWS.toLocaleString('en')
        throw new ImportError(
          'too-large',
          `Cannot import ${context.fileName} as ${kind.name}: it is put in time order in memory, at most ${limit} rows. Split it by stock or by day`,
        )
      }
    }
    if (kind.whole) yield decoded(kind, context, joined(pieces), pieces.flatMap(rejectedIn))
    else if (gathering.rowsRead > 0) yield gathering.take()
  } finally {
    await rest.return?.()
  }
}

function decoded(kind: ImportKind, context: FileContext, table: RawTable, rejected: Decoded['rejected']): DecodedChunk {
  const result = kind.decode(table, context)
  return { frames: result.frames, rejected: [...rejected, ...result.rejected], rowsRead: table.line.length + rejected.length }
}

async function following(rest: AsyncIterator<RawTable | FileChunk>): Promise<RawTable | FileChunk | undefined> {
  const next = await rest.next()
  return next.done === true ? undefined : next.value
}

function rejectedIn(chunk: RawTable | FileChunk): Decoded['rejected'] {
  return 'rejected' in chunk ? chunk.rejected : []
}

function joined(chunks: readonly RawTable[]): RawTable {
  if (chunks.length === 1) return chunks[0]!
  const { header } = chunks[0]!
  return { header, columns: header.map((_, i) => chunks.flatMap((chunk) => chunk.columns[i]!)), line: chunks.flatMap((chunk) => chunk.line) }
}
