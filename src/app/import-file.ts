import { createHash, randomUUID } from 'node:crypto'
import { createReadStream, existsSync, readdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { nearest, UsageError } from '#core/errors.ts'
import type { Rejection } from '#core/import-kind.ts'
import { openChunks, openFile, type OpenFile } from '#imports/decode-file.ts'
import { ImportError } from '#imports/import-error.ts'
import { EngineError } from '#warehouse/engine/engine.ts'
import { Load } from '#warehouse/load.ts'
import { findTable } from '#warehouse/tables.ts'
import type { App } from './app.ts'
import { parquetRows } from './parquet-rows.ts'
import { recordArrival } from './record-arrival.ts'
import type { VerbEvent } from './verb.ts'

/** What became of one file: every row read was written, was there already, repeated a key, or was rejected with a reason. */
export interface FileReport {
  readonly path: string
  readonly kind?: string
  readonly state: 'done' | 'failed' | 'refused' | 'cancelled'
  readonly read: number
  readonly written: number
  readonly unchanged: number
  readonly duplicates: number
  readonly rejected: number
  readonly reasons: Readonly<Record<string, number>>
  /** The first rejected rows. */
  readonly samples: readonly Rejection[]
  readonly tables: Readonly<Record<string, number>>
  /** Why it was not loaded and what to do, or what else there is to say. */
  readonly detail?: string
}

/** What the user said about the files. */
export interface ImportWords {
  readonly kind?: string | undefined
  readonly code?: string | undefined
  readonly date?: string | undefined
}

const SAMPLES = 20

/** A file of which more than this share is rejected is taken for another kind of file, not for a dirty one. */
const MOST_REJECTED = 0.5

/** Fewer rows than this prove nothing. */
const FEW_ROWS = 20

/** The importable files among some paths: a folder gives all below it, in name order. Throws UsageError for a path that does not exist. */
export function filesBelow(paths: readonly string[], folder: string): readonly string[] {
  return paths.flatMap((path) => {
    const full = resolve(folder, path)
    if (!existsSync(full)) throw new UsageError(`Cannot import ${path}: there is no such file or folder`)
    if (!statSync(full).isDirectory()) return [full]
    return readdirSync(full, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(?:csv|csv\.gz|parquet)$/i.test(name))
      .toSorted()
      .map((name) => join(full, name))
  })
}

/**
 * Import one file as one unit. Rows are staged first; only when the whole file was read and the audits of its tables agree is it published, and
 * a kill during that is finished at the next start. Foreseeable endings are reports; nothing half loaded is ever visible.
 */
export async function importFile(app: App, path: string, said: ImportWords, emit: (event: VerbEvent) => void, signal: AbortSignal): Promise<FileReport> {
  const empty = { path, read: 0, written: 0, unchanged: 0, duplicates: 0, rejected: 0, reasons: {}, samples: [], tables: {} }
  const version = app.ledger.nextVersion()
  const batchId = randomUUID()
  const load = new Load(app.engine, version)
  let begun = false
  let isPublishing = false
  try {
    const file = await open(app, path, said)
    app.ledger.imports.begin({ batchId, path, kind: file.kind.name, file: await fingerprintOf(path), version })
    begun = true
    const staged = await stage(app, path, file, load, batchId, emit, signal)
    if (staged === 'cancelled') {
      app.ledger.imports.abandon(batchId)
      return { ...empty, kind: file.kind.name, state: 'cancelled', detail: `${path}: interrupted; nothing of it was loaded` }
    }
    const broken = (await load.audit()).filter(({ severity, offending }) => severity === 'error' && offending > 0)
    if (broken.length > 0) {
      const [first] = broken
      const detail = `Cannot import ${path}: ${first!.offending} rows break "${first!.rule}" of ${first!.table}, the first: ${JSON.stringify(first!.sample[0])}. Nothing of it was loaded; correct the file and import it again`
      app.ledger.imports.fail(batchId, detail)
      return { ...empty, ...staged.report, kind: file.kind.name, state: 'failed', detail }
    }
    const { read, rejected, reasons } = staged.report
    if (read >= FEW_ROWS && rejected > read * MOST_REJECTED) {
      const why = Object.entries(reasons)
        .map(([reason, count]) => `${count} ${reason}`)
        .join(', ')
      const detail = `Cannot import ${path} as ${file.kind.name}: at most half of the rows may be unusable, ${rejected} of ${read} are (${why}). Nothing of it was loaded; is it another kind of file? Name it with --kind`
      app.ledger.imports.fail(batchId, detail)
      return { ...empty, ...staged.report, kind: file.kind.name, state: 'failed', detail }
    }
    app.ledger.imports.setTables(batchId, load.stagingTables)
    app.ledger.imports.publish(batchId)
    isPublishing = true
    let [written, unchanged, duplicates] = [0, 0, 0]
    const tables: Record<string, number> = {}
    for (const [table, published] of await load.publish()) {
      written += published.written
      unchanged += published.unchanged
      duplicates += published.duplicates
      tables[table.name] = published.written
      await recordArrival(app.engine, app.ledger, table, version, batchId, published.changed)
    }
    app.ledger.imports.finish(batchId, {
      rowsRead: staged.report.read,
      rowsWritten: written,
      rowsUnchanged: unchanged,
      rowsDuplicate: duplicates,
      rowsRejected: staged.report.rejected,
      reasons: staged.report.reasons,
    })
    isPublishing = false
    const nothing = staged.report.read > 0 && written + unchanged === 0 ? { detail: `${path}: no row of it could be used` } : {}
    return { path, kind: file.kind.name, state: 'done', ...staged.report, written, unchanged, duplicates, tables, ...nothing }
  } catch (error) {
    // Expected: a file that cannot be read or recognised, and the foreseeable endings of the engine.
    if (!(error instanceof ImportError) && !(error instanceof EngineError) && !(error instanceof UsageError)) throw error
    if (isPublishing)
      return {
        ...empty,
        state: 'failed',
        detail: `${error.message}. The file was read and checked; what of it is not visible yet becomes so at the next start of Fupan`,
      }
    if (begun) app.ledger.imports.fail(batchId, error.message)
    if (error instanceof EngineError && error.kind === 'cancelled')
      return { ...empty, state: 'cancelled', detail: `${path}: interrupted; nothing of it was loaded` }
    return { ...empty, state: error instanceof ImportError && error.kind === 'refused' ? 'refused' : 'failed', detail: error.message }
  } finally {
    // A publication that failed half-way is finished from what is staged.
    if (!isPublishing) await load.discard()
  }
}

async function open(app: App, path: string, said: ImportWords): Promise<OpenFile> {
  const request = {
    path,
    today: app.calendar.currentFor(app.clock.now()),
    ...(said.kind === undefined ? {} : { kind: said.kind }),
    ...(said.code === undefined ? {} : { code: said.code }),
    ...(said.date === undefined ? {} : { date: said.date }),
  }
  return /\.parquet$/i.test(path) ? openChunks(parquetRows(app.engine, path), request) : openFile(request)
}

interface Staged {
  readonly report: { readonly read: number; readonly rejected: number; readonly reasons: Record<string, number>; readonly samples: readonly Rejection[] }
}

async function stage(
  app: App,
  path: string,
  file: OpenFile,
  load: Load,
  batchId: string,
  emit: (event: VerbEvent) => void,
  signal: AbortSignal,
): Promise<Staged | 'cancelled'> {
  let [read, rejected] = [0, 0]
  const reasons: Record<string, number> = {}
  const samples: Rejection[] = []
  for await (const chunk of file.decoded) {
    if (signal.aborted) return 'cancelled'
    read += chunk.rowsRead
    rejected += chunk.rejected.length
    for (const rejection of chunk.rejected) reasons[rejection.reason] = (reasons[rejection.reason] ?? 0) + 1
    samples.push(...chunk.rejected.slice(0, SAMPLES - samples.length))
    for (const { table: name, frame } of chunk.frames) {
      const table = findTable(name)
      if (table === undefined) throw new TypeError(`Cannot load ${name}: no such table; nearest is ${nearest(name, file.kind.tables) ?? 'none'}`)
      if (frame.length > 0) await load.add(table, frame)
    }
    app.ledger.imports.setTables(batchId, load.stagingTables)
    emit({ type: 'progress', what: path.split('/').at(-1)!, done: read, total: undefined, unit: 'rows' })
  }
  emit({ type: 'progress', what: path.split('/').at(-1)!, done: read, total: read, unit: 'rows' })
  return { report: { read, rejected, reasons, samples } }
}

async function fingerprintOf(path: string): Promise<{ readonly size: number; readonly mtime: number; readonly sha256: string }> {
  const hash = createHash('sha256')
  for await (const piece of createReadStream(path)) hash.update(piece as Buffer)
  const { size, mtimeMs } = statSync(path)
  return { size, mtime: Math.floor(mtimeMs), sha256: hash.digest('hex') }
}
