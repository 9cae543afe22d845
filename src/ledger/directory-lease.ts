import type { Clock } from '#core/clock.ts'
import { LeaseLostError, type Database } from './database.ts'
import type { ProcessTable } from './process-mark.ts'

/** Who owns the data directory. */
export interface Holder {
  readonly pid: number
  readonly host: string
  /** UTC milliseconds. */
  readonly since: number
  readonly heartbeatAt: number
  /** Its lease ran out but its process lives on this machine: it hangs, or the machine slept. */
  readonly unresponsive: boolean
  readonly url?: string
  readonly socket?: string
  readonly port?: number
}

/** How others reach the owner: what `publish` makes known. */
export type Address = Pick<Holder, 'url' | 'socket' | 'port'>

export type Acquired =
  | { readonly type: 'acquired'; readonly lease: DirectoryLease; /** The dead owner it was taken from. */ readonly tookOver?: Holder }
  | { readonly type: 'held'; readonly by: Holder }

export interface LeaseOptions {
  readonly database: Database
  readonly clock: Clock
  readonly pid: number
  readonly host: string
  readonly processes: ProcessTable
}

/** A lease is good for 60 s and renewed every 15 s (spec pipeline §5.4). */
export const TTL_MS = 60_000
export const RENEW_MS = 15_000

const LOCK = 'directory'

interface OwnerRow {
  readonly pid: number
  readonly host: string
  readonly pid_space: string
  readonly process_mark: string
  readonly since: number
  readonly heartbeat_at: number
  readonly url: string | null
  readonly socket: string | null
  readonly port: number | null
  readonly lease_until: number
}

/**
 * Try to become the owner of the data directory. A live owner keeps it. An owner is dead when its process is gone (same machine and pid
 * space: the pid decides, a sleeping or busy owner is not robbed, since the engine's own lock would refuse us anyway), or, on a machine we
 * cannot look into, when its lease has run out.
 */
export function acquireLease(options: LeaseOptions): Acquired {
  const { database, clock, pid, host, processes } = options
  return database.unguarded(() => {
    const held = ownerOf(database)
    if (held !== undefined && isAlive(held, clock.now(), processes)) return { type: 'held', by: holderOf(held, clock.now()) }
    const now = clock.now()
    const { fencing_token: token } = database.all<{ fencing_token: number }>(
      `insert into meta_lock values (?, ?, 1, ?)
       on conflict (lock_name) do update set owner_run_id = excluded.owner_run_id, fencing_token = fencing_token + 1, lease_until = excluded.lease_until
       returning fencing_token`,
      LOCK,
      `${host}:${pid}`,
      now + TTL_MS,
    )[0]!
    database.run(
      'insert or replace into directory_owner values (1, ?, ?, ?, ?, ?, ?, null, null, null)',
      pid,
      host,
      processes.space,
      processes.markOf(pid) ?? 'unknown',
      now,
      now,
    )
    return { type: 'acquired', lease: new DirectoryLease(options, token), ...(held === undefined ? {} : { tookOver: holderOf(held, now) }) }
  })
}

/** The present owner, alive or not; nothing after a clean end. */
export function holderIn({ database, clock }: Pick<LeaseOptions, 'database' | 'clock'>): Holder | undefined {
  const held = ownerOf(database)
  return held === undefined ? undefined : holderOf(held, clock.now())
}

/** 数据目录租约: the right to write, with a fencing token that grows with every owner. */
export class DirectoryLease {
  readonly token: number
  readonly #database: Database
  readonly #clock: Clock
  readonly #stop = new AbortController()

  constructor({ database, clock }: LeaseOptions, token: number) {
    this.token = token
    this.#database = database
    this.#clock = clock
    database.guard(() => {
      if (!this.isOurs()) throw new LeaseLostError('Cannot write the ledger: another process has taken over the data directory. Stop this process.')
    })
  }

  isOurs(): boolean {
    const row = this.#database.all<{ fencing_token: number }>('select fencing_token from meta_lock where lock_name = ?', LOCK)[0]
    return row?.fencing_token === this.token
  }

  /** Prolong by 60 s; false when another process has the directory. */
  renew(): boolean {
    const now = this.#clock.now()
    return this.#database.unguarded(() => {
      if (!this.isOurs()) return false
      this.#database.run('update meta_lock set lease_until = ? where lock_name = ?', now + TTL_MS, LOCK)
      this.#database.run('update directory_owner set heartbeat_at = ?', now)
      return true
    })
  }

  /** Renew every 15 s until released ('released') or robbed ('lost': stop the process). */
  async keepAlive(): Promise<'released' | 'lost'> {
    for (;;) {
      await this.#clock.sleep(RENEW_MS, this.#stop.signal)
      if (this.#stop.signal.aborted) return 'released'
      if (!this.renew()) return 'lost'
    }
  }

  /** Tell others how to reach us. */
  publish({ url, socket, port }: Address): void {
    this.#database.run('update directory_owner set url = ?, socket = ?, port = ?', url ?? null, socket ?? null, port ?? null)
  }

  /** Give the directory back. Safe to call twice, and after it was lost. */
  release(): void {
    this.#stop.abort()
    this.#database.guard(undefined)
    this.#database.unguarded(() => {
      if (!this.isOurs()) return
      this.#database.run('update meta_lock set lease_until = 0, fencing_token = fencing_token + 1 where lock_name = ?', LOCK)
      this.#database.run('delete from directory_owner')
    })
  }
}

function ownerOf(database: Database): OwnerRow | undefined {
  return database.all<OwnerRow>('select owner.*, lock.lease_until from directory_owner as owner join meta_lock as lock on lock.lock_name = ?', LOCK)[0]
}

function isAlive(owner: OwnerRow, now: number, processes: ProcessTable): boolean {
  if (owner.pid_space !== processes.space) return owner.lease_until > now
  return processes.markOf(owner.pid) === owner.process_mark
}

function holderOf({ pid, host, since, heartbeat_at, lease_until, url, socket, port }: OwnerRow, now: number): Holder {
  return {
    pid,
    host,
    since,
    heartbeatAt: heartbeat_at,
    unresponsive: lease_until <= now,
    ...(url === null ? {} : { url }),
    ...(socket === null ? {} : { socket }),
    ...(port === null ? {} : { port }),
  }
}
