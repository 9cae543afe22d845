import { randomUUID } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { nearest } from '#core/errors.ts'
import type { Frame } from '#core/frame.ts'
import { concatFrames } from './concat-frames.ts'
import { engineFailure } from './engine-failure.ts'
import { DATABASE, EngineError, type Engine, type ParamValue, type QueryOptions } from './engine.ts'
import { nativeColumns, parquetColumns } from './file-columns.ts'
import { parseRows } from './json-rows.ts'
import { NativeDecoder } from './native-decoder.ts'
import { encodeHeader, encodeNative } from './native-encoder.ts'
import { batch, interactive, oneBlock, wholeFrame, type Settings } from './query-settings.ts'
import { checkStatement } from './statement.ts'

/** One statement as a wire takes it. */
export interface Statement {
  readonly query: string
  readonly params: Readonly<Record<string, ParamValue>>
  readonly settings: Settings
  readonly signal: AbortSignal | undefined
}

/**
 * What differs between the embedded engine and a server; everything else is ClientEngine. Failures are thrown as they come. When the signal
 * of a statement aborts, a wire stops the work in the engine and settles once it has stopped.
 */
export interface Wire {
  readonly flavour: Engine['flavour']
  /** A statement whose reply is small: JSONEachRow text, or nothing. */
  text(statement: Statement): Promise<string>
  /** A SELECT as Native blocks, in chunks cut anywhere. */
  native(statement: Statement): AsyncIterable<Uint8Array>
  /** The same with the whole result at once: for results that fit. */
  nativeWhole(statement: Statement): Promise<Uint8Array>
  /** `query` is `insert into t (…)`; `pieces` make one Native block. */
  insertNative(pieces: readonly Uint8Array[], statement: Statement): Promise<void>
  /** `query` is `insert into t (…)`, the columns of the file, all of which the table has. */
  insertFile(path: string, format: 'Parquet' | 'Native', statement: Statement): Promise<void>
  /** Write the SELECT `query` as Parquet to an absolute path where nothing is yet. */
  writeParquet(path: string, statement: Statement): Promise<void>
  close(): Promise<void>
}

/** The engine contract over a wire: profiles of settings, checks, formats, and every failure as an EngineError. */
export class ClientEngine implements Engine {
  readonly flavour: Engine['flavour']
  readonly #wire: Wire
  readonly #base: Settings
  #closing: Promise<void> | undefined

  constructor(wire: Wire, base: Settings) {
    this.flavour = wire.flavour
    this.#wire = wire
    this.#base = base
  }

  async exec(sql: string, options?: QueryOptions): Promise<void> {
    await this.#doing('run a statement', () => this.#wire.text(this.#statement(sql, batch, options)))
  }

  async rows<Row extends object>(sql: string, options?: QueryOptions): Promise<Row[]> {
    return this.#doing('read rows', async () => {
      return parseRows<Row>(await this.#wire.text(this.#statement(sql, interactive, options)))
    })
  }

  async frame(sql: string, options?: QueryOptions): Promise<Frame> {
    const blocks = await this.#doing('read a result', async () => {
      const decoder = new NativeDecoder()
      const decoded = [...decoder.push(await this.#wire.nativeWhole(this.#statement(sql, wholeFrame, options)))]
      decoder.end()
      return decoded.filter(({ length }) => length > 0)
    })
    return blocks.length > 0 ? concatFrames(blocks) : this.#emptyFrame(sql, options)
  }

  frames(sql: string, options?: QueryOptions): AsyncIterable<Frame> {
    return this.#blocks(this.#statement(sql, batch, options))
  }

  async insert(table: string, frame: Frame, options?: QueryOptions): Promise<void> {
    if (frame.length === 0) return
    const target = qualified(table)
    await this.#doing(`insert into ${target}`, async () => {
      const types = await this.#columnTypes(target, options)
      const names = Object.keys(frame.columns)
      for (const name of names) if (types[name] === undefined) throw unknownColumn(target, name, Object.keys(types))
      await this.#wire.insertNative(encodeNative(frame, types), this.#statement(insertHead(target, names), oneBlock, options))
    })
  }

  async ingest(table: string, path: string, format: 'Parquet' | 'Native', options?: QueryOptions): Promise<void> {
    const target = qualified(table)
    await this.#doing(`load ${path} into ${target}`, async () => {
      const types = await this.#columnTypes(target, options)
      // The engine would pass over a column it does not know, and fill ours with defaults.
      const found = format === 'Parquet' ? await parquetColumns(path) : await nativeColumns(path)
      for (const name of found) if (types[name] === undefined) throw unknownColumn(target, name, Object.keys(types))
      await this.#wire.insertFile(resolve(path), format, this.#statement(insertHead(target, found), batch, options))
    })
  }

  async describe(sql: string, options?: QueryOptions): Promise<readonly { readonly name: string; readonly type: string }[]> {
    const { query } = checkStatement(sql, options?.params)
    const rows = await this.rows<{ name: string; type: string }>(`describe table (\n${query}\n)`, options)
    return rows.map(({ name, type }) => ({ name, type }))
  }

  async exportParquet(sql: string, path: string, options?: QueryOptions): Promise<void> {
    const target = resolve(path)
    const partial = join(dirname(target), `.${basename(target)}.${randomUUID()}.partial`)
    await this.#doing(`write ${path}`, async () => {
      try {
        const statement = this.#statement(sql, { ...batch, output_format_parquet_compression_method: 'zstd' }, options)
        await this.#wire.writeParquet(partial, statement)
        await flushed(partial)
        await rename(partial, target)
      } finally {
        await rm(partial, { force: true })
      }
    })
  }

  async version(): Promise<string> {
    const [row] = await this.rows<{ version: string }>('select version() as version')
    return row?.version ?? ''
  }

  close(): Promise<void> {
    this.#closing ??= this.#wire.close()
    return this.#closing
  }

  #statement(sql: string, profile: Settings, options: QueryOptions | undefined): Statement {
    return { ...checkStatement(sql, options?.params), settings: { ...this.#base, ...profile, ...options?.settings }, signal: options?.signal }
  }

  async #doing<T>(doing: string, work: () => Promise<T>): Promise<T> {
    if (this.#closing !== undefined) throw new EngineError('unavailable', `Cannot ${doing}: the engine is closed`)
    try {
      return await work()
    } catch (error) {
      // Ours say what they are; what the client, the engine or the disk threw becomes an EngineError.
      throw error instanceof RangeError || error instanceof TypeError ? error : engineFailure(doing, error)
    }
  }

  async *#blocks(statement: Statement): AsyncGenerator<Frame, void, undefined> {
    if (this.#closing !== undefined) throw new EngineError('unavailable', 'Cannot read a result: the engine is closed')
    const decoder = new NativeDecoder()
    try {
      for await (const chunk of this.#wire.native(statement)) for (const block of decoder.push(chunk)) if (block.length > 0) yield block
      decoder.end()
    } catch (error) {
      throw error instanceof RangeError || error instanceof TypeError ? error : engineFailure('read a result', error)
    }
  }

  /** No block came: the columns still have names and types. */
  async #emptyFrame(sql: string, options: QueryOptions | undefined): Promise<Frame> {
    const header = encodeHeader(await this.describe(sql, options))
    const [frame] = new NativeDecoder().push(header)
    return frame!
  }

  /** Names and types of the columns that are stored, so not of aliases. */
  async #columnTypes(target: string, options: QueryOptions | undefined): Promise<Readonly<Record<string, string>>> {
    const rows = await this.rows<{ name: string; type: string; default_type: string }>(
      `describe table ${target}`,
      options?.signal === undefined ? {} : { signal: options.signal },
    )
    return Object.fromEntries(rows.filter(({ default_type }) => !/^(ALIAS|MATERIALIZED|EPHEMERAL)$/.test(default_type)).map(({ name, type }) => [name, type]))
  }
}

function qualified(table: string): string {
  if (!/^\w+(\.\w+)?$/.test(table)) throw new RangeError(`Cannot use table ${JSON.stringify(table)}: a name is database.table of letters, digits and _`)
  return table.includes('.') ? table : `${DATABASE}.${table}`
}

function insertHead(target: string, names: readonly string[]): string {
  return `insert into ${target} (${names.map((name) => `\`${name}\``).join(', ')})`
}

function unknownColumn(target: string, name: string, known: readonly string[]): RangeError {
  const near = nearest(name, known)
  return new RangeError(`Cannot insert into ${target}: it has no column "${name}".${near === undefined ? '' : ` Did you mean ${near}?`}`)
}

/** On disk, not only in the page cache: a renamed file must not be empty after a power cut. */
async function flushed(path: string): Promise<void> {
  const file = await open(path, 'r+')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}
