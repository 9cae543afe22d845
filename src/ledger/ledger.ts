import { join } from 'node:path'
import type { Clock } from '#core/clock.ts'
import { Backtests } from './backtests.ts'
import { Database } from './database.ts'
import { acquireLease, holderIn, type Address, type DirectoryLease, type Holder } from './directory-lease.ts'
import { ImportBatches, type ImportBatch } from './import-batches.ts'
import { LiveMarketState } from './live-market-state.ts'
import { Locks } from './locks.ts'
import { OpportunityLog } from './opportunity-log.ts'
import { PartitionStates } from './partition-states.ts'
import { processTable, type ProcessTable } from './process-mark.ts'
import { QualityChecks } from './quality-checks.ts'
import { RunLog } from './run-log.ts'
import { ledgerTables, readLedgerTable, type LedgerRows, type LedgerTable } from './table-reader.ts'
import { lastVersion, nextVersion } from './version-sequence.ts'
import { Watermarks } from './watermarks.ts'

export interface LedgerOptions {
  /** The data directory; the ledger lives in `ledger/ledger.sqlite` below it. */
  readonly directory: string
  readonly clock: Clock
  /** Pid of this process. */
  readonly processId: number
  readonly hostName: string
  /** How processes are looked up; the machine's own by default. */
  readonly processes?: ProcessTable
}

/** What the new owner finds. */
export type Ownership =
  | {
      readonly type: 'acquired'
      readonly lease: DirectoryLease
      /** The dead owner, when the directory was not given back. */
      readonly tookOver?: Holder
      /** Runs it left running; they are closed now. */
      readonly abandonedRuns: readonly string[]
      /** Imports it left: 'staging' ones are to be cleaned, 'publishing' ones to be rolled forward, before anything else is imported. */
      readonly unfinishedImports: readonly ImportBatch[]
    }
  | { readonly type: 'held'; readonly by: Holder }

/**
 * 账本: the operational state of one data directory in SQLite. Reading is open to every process; the owner of the directory writes.
 * Throws ConfigError when the place cannot be used or was written by a newer program.
 */
export function openLedger(options: LedgerOptions): Ledger {
  return new Ledger(Database.open(join(options.directory, 'ledger', 'ledger.sqlite')), options)
}

export class Ledger {
  readonly watermarks: Watermarks
  readonly runs: RunLog
  readonly checks: QualityChecks
  readonly partitions: PartitionStates
  readonly imports: ImportBatches
  readonly opportunities: OpportunityLog
  readonly backtests: Backtests
  readonly locks: Locks
  readonly liveMarket: LiveMarketState
  readonly #database: Database
  readonly #options: LedgerOptions
  #lease: DirectoryLease | undefined

  constructor(database: Database, options: LedgerOptions) {
    const { clock, hostName, processId } = options
    this.#database = database
    this.#options = options
    this.watermarks = new Watermarks(database, clock)
    this.runs = new RunLog(database, clock, hostName, processId)
    this.checks = new QualityChecks(database, clock)
    this.partitions = new PartitionStates(database, clock)
    this.imports = new ImportBatches(database, clock)
    this.opportunities = new OpportunityLog(database)
    this.backtests = new Backtests(database, clock)
    this.locks = new Locks(database, clock)
    this.liveMarket = new LiveMarketState(database)
  }

  /** Become the owner of the data directory, or learn who is. Then call `lease.keepAlive()`. */
  acquireDirectory(): Ownership {
    const { clock, processId, hostName, processes = processTable(hostName) } = this.#options
    const acquired = acquireLease({ database: this.#database, clock, pid: processId, host: hostName, processes })
    if (acquired.type === 'held') return acquired
    this.#lease = acquired.lease
    return { ...acquired, abandonedRuns: this.runs.closeAbandoned(), unfinishedImports: this.imports.unfinished() }
  }

  /** The owner and how to reach it, without trying to become one; nothing after a clean end. It may be dead: `acquireDirectory` finds out. */
  directoryHolder(): Holder | undefined {
    return holderIn({ database: this.#database, clock: this.#options.clock })
  }

  /** Make known how this owner is reached. Throws RangeError without a lease. */
  publishAddress(address: Address): void {
    if (this.#lease === undefined) throw new RangeError('Cannot publish an address: only the owner of the data directory has one, call acquireDirectory first')
    this.#lease.publish(address)
  }

  /** The next version for rows and partitions: growing, unique, on disk before it is used. Not inside `transaction`. */
  nextVersion(): number {
    return nextVersion(this.#database)
  }

  lastVersion(): number {
    return lastVersion(this.#database)
  }

  /** Several changes of the parts, all or nothing: states, watermark and batch of one import, for example. */
  transaction<T>(work: () => T): T {
    return this.#database.transaction(work)
  }

  tables(): readonly LedgerTable[] {
    return ledgerTables(this.#database)
  }

  /** Rows of any table or view of the ledger, newest first. Throws UsageError on an unknown name. */
  readTable(name: string, limit: number, offset?: number): LedgerRows {
    return readLedgerTable(this.#database, name, limit, offset)
  }

  /** Give the directory back and close the file. Safe to call twice. */
  close(): void {
    this.#lease?.release()
    this.#lease = undefined
    this.#database.close()
  }
}
