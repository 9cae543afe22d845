import type { Clock } from '#core/clock.ts'
import type { Database } from './database.ts'

/** A named lock within the data directory, such as `table:dwd_daily`. */
export interface NamedLock {
  readonly name: string
  readonly owner: string
  /** Grows with every owner of the name. */
  readonly token: number
  readonly until: number
}

export type LockResult = { readonly type: 'locked'; readonly lock: NamedLock } | { readonly type: 'held'; readonly by: NamedLock }

interface LockRow {
  readonly lock_name: string
  readonly owner_run_id: string
  readonly fencing_token: number
  readonly lease_until: number
}

/** `meta_lock`: leases of runs on tables and jobs. One that ran out is free; its former owner's token no longer checks. */
export class Locks {
  readonly #database: Database
  readonly #clock: Clock

  constructor(database: Database, clock: Clock) {
    this.#database = database
    this.#clock = clock
  }

  /** Take or prolong a lock. The owner that holds it keeps its token. */
  acquire(name: string, owner: string, ttlMs: number): LockResult {
    return this.#database.transaction(() => {
      const now = this.#clock.now()
      const held = this.#read(name)
      if (held !== undefined && held.until > now && held.owner !== owner) return { type: 'held', by: held }
      const token = held === undefined ? 1 : held.until > now ? held.token : held.token + 1
      this.#database.run('insert or replace into meta_lock values (?, ?, ?, ?)', name, owner, token, now + ttlMs)
      return { type: 'locked', lock: { name, owner, token, until: now + ttlMs } }
    })
  }

  /** Whether the lock is still ours: ask inside the transaction that writes. */
  isHeld({ name, token }: NamedLock): boolean {
    const held = this.#read(name)
    return held !== undefined && held.token === token && held.until > this.#clock.now()
  }

  /** Give it back; does nothing when it is no longer ours. */
  release({ name, token }: NamedLock): void {
    this.#database.run('update meta_lock set lease_until = 0 where lock_name = ? and fencing_token = ?', name, token)
  }

  #read(name: string): NamedLock | undefined {
    const row = this.#database.all<LockRow>('select * from meta_lock where lock_name = ?', name)[0]
    return row === undefined ? undefined : { name, owner: row.owner_run_id, token: row.fencing_token, until: row.lease_until }
  }
}
