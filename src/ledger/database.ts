import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { ConfigError } from '#core/errors.ts'
import { migrations } from './schema.ts'

/** The owner of the data directory is another process now: nothing of the transaction was written. The process should end. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError'
}

/**
 * One SQLite file in WAL mode. `synchronous = NORMAL`: a killed process loses nothing that was committed; a power cut may lose the last
 * moments, never the consistency. Statements are prepared once.
 */
export class Database {
  readonly #db: DatabaseSync
  readonly #statements = new Map<string, StatementSync>()
  #guard: (() => void) | undefined
  #rollbacks = 0

  private constructor(db: DatabaseSync) {
    this.#db = db
  }

  /** Open, create and migrate. Throws ConfigError when the place cannot be used or the file was written by a newer program. */
  static open(path: string): Database {
    let db: DatabaseSync | undefined
    try {
      mkdirSync(dirname(path), { recursive: true })
      db = new DatabaseSync(path, { timeout: BUSY_MS })
      useWal(db)
      db.exec('pragma synchronous = normal')
      migrate(db, path)
      return new Database(db)
    } catch (error) {
      // Expected: no such place, no permission, a full disk, a file that is not a database. All are for the user to settle.
      if (db?.isOpen === true) db.close()
      if (error instanceof ConfigError || !(error instanceof Error)) throw error
      throw new ConfigError(`Cannot open the ledger at ${path}: it must be a writable SQLite file, found "${error.message}". Check FUPAN_DATA_DIR.`, {
        cause: error,
      })
    }
  }

  /** Run a statement that changes something; the number of rows changed. Outside a transaction it is its own. */
  run(sql: string, ...values: SQLInputValue[]): number {
    return this.transaction(() => Number(this.#prepared(sql).run(...values).changes))
  }

  /** All rows. The caller names the row type, which the statement must deliver. */
  all<Row extends object>(sql: string, ...values: SQLInputValue[]): Row[] {
    return this.#prepared(sql).all(...values) as Row[]
  }

  /** Rows one at a time. */
  iterate<Row extends object>(sql: string, ...values: SQLInputValue[]): IterableIterator<Row> {
    return this.#prepared(sql).iterate(...values) as IterableIterator<Row>
  }

  /** Names and cells as they come, for readers that do not know the table. */
  table(sql: string, ...values: SQLInputValue[]): { readonly columns: readonly string[]; readonly rows: readonly (readonly unknown[])[] } {
    const statement = this.#db.prepare(sql)
    statement.setReturnArrays(true)
    return { columns: statement.columns().map(({ name }) => name), rows: statement.all(...values) as unknown as unknown[][] }
  }

  /**
   * All or nothing; inside another transaction it becomes part of it. Throws LeaseLostError before anything is written when the data
   * directory has gone to another process.
   */
  transaction<T>(work: () => T): T {
    return this.#within(work, this.#guard)
  }

  /** A transaction that does not ask for the lease: taking it is one. */
  unguarded<T>(work: () => T): T {
    return this.#within(work, undefined)
  }

  /** A transaction that has reached the disk when this returns, with everything committed before it. Not inside another one. */
  durably<T>(work: () => T): T {
    this.#db.exec('pragma synchronous = full')
    try {
      return this.transaction(work)
    } finally {
      this.#db.exec('pragma synchronous = normal')
    }
  }

  /** From now on `check` is asked inside every transaction before it writes. */
  guard(check: (() => void) | undefined): void {
    this.#guard = check
  }

  /** Changes when another connection has written. */
  get stamp(): string {
    return String(this.all<{ data_version: number }>('pragma data_version')[0]!.data_version)
  }

  /** How many transactions were taken back: what was read inside one of them does not hold. */
  get rollbacks(): number {
    return this.#rollbacks
  }

  close(): void {
    this.#statements.clear()
    if (this.#db.isOpen) this.#db.close()
  }

  #within<T>(work: () => T, guard: (() => void) | undefined): T {
    if (this.#db.isTransaction) return work()
    this.#db.exec('begin immediate')
    try {
      guard?.()
      const result = work()
      this.#db.exec('commit')
      return result
    } catch (error) {
      // Whatever went wrong is for the caller; here it only must not stay half done.
      this.#rollbacks++
      if (this.#db.isTransaction) this.#db.exec('rollback')
      throw error
    }
  }

  #prepared(sql: string): StatementSync {
    let statement = this.#statements.get(sql)
    if (statement === undefined) {
      statement = this.#db.prepare(sql)
      this.#statements.set(sql, statement)
    }
    return statement
  }
}

/** A writer waits this long for another one. */
const BUSY_MS = 5_000

/** Turning a new file to WAL needs it alone for a moment, and SQLite does not wait for that by itself. */
function useWal(db: DatabaseSync): void {
  for (let tries = BUSY_MS / 20; ; tries--) {
    try {
      db.exec('pragma journal_mode = wal')
      return
    } catch (error) {
      // Expected: "database is locked" while another process opens the same new file.
      if (tries <= 0 || !/locked/.test(String(error))) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20)
    }
  }
}

function migrate(db: DatabaseSync, path: string): void {
  db.exec('begin immediate')
  try {
    const version = Number(db.prepare('pragma user_version').get()!['user_version'])
    if (version > migrations.length)
      throw new ConfigError(
        `Cannot open the ledger at ${path}: this program knows its schema up to ${migrations.length}, found ${version}. Update Fupan, or use another FUPAN_DATA_DIR.`,
      )
    for (const sql of migrations.slice(version)) db.exec(sql)
    if (version < migrations.length) db.exec(`pragma user_version = ${migrations.length}`)
    db.exec('commit')
  } catch (error) {
    // Back to how it was; the reason is reported by `open`.
    if (db.isTransaction) db.exec('rollback')
    throw error
  }
}
