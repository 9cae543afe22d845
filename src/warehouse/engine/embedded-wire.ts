import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { buffer, text } from 'node:stream/consumers'
import { createClient } from '@clickhouse/client'
import type { Session } from 'chdb'
import { ConfigError } from '#core/errors.ts'
import type { Statement, Wire } from './client-engine.ts'
import { DATABASE, EngineError } from './engine.ts'
import { PooledChdb } from './pooled-chdb.ts'
import { clearSpool, throughFiles } from './through-files.ts'

export interface EmbeddedWireOptions {
  /** The engine's own directory, made when absent. One process owns it at a time. */
  readonly directory: string
  /** Memory of the whole engine, bytes. */
  readonly memoryBytes: number
  /** Statements that run at the same time. Default 4. */
  readonly poolSize?: number
  /** UV_THREADPOOL_SIZE of this process, when known: statements wait on libuv's threads and must leave some for files. */
  readonly threadPoolSize?: number
}

const SPARE_THREADS = 8

/** The engine binds one directory per process: the one that is open, or being opened. */
let openDirectory: string | undefined

/**
 * Load the embedded ClickHouse engine (chDB) into this process and open it on a directory.
 * Throws ConfigError when the platform has no chDB or the thread pool is too small, EngineError 'locked' when another process (or this one) has
 * the directory, 'unavailable' when the engine does not start.
 */
export async function openEmbeddedWire(options: EmbeddedWireOptions): Promise<Wire> {
  const directory = resolve(options.directory)
  const poolSize = options.poolSize ?? 4
  checkThreads(poolSize, options.threadPoolSize)
  if (openDirectory !== undefined)
    throw new EngineError('locked', `Cannot open the engine on ${directory}: this process has ${openDirectory} open. Close that one first`)
  openDirectory = directory
  try {
    const { Session: ChdbSession, drainPending } = await loadChdb()
    const anchor = start(ChdbSession, directory, options.memoryBytes)
    anchor.query(`create database if not exists ${DATABASE}`)
    const pool = new PooledChdb(() => {
      const session = new ChdbSession(directory)
      // The engine's own default database takes an unqualified name for a file in the working folder.
      session.query(`use ${DATABASE}`)
      return session
    }, poolSize)
    return wireOver(directory, pool, async () => {
      // Connections that were replaced close behind the statements of their time; the directory is free when they have.
      await drainPending()
      anchor.close()
      openDirectory = undefined
    })
  } catch (error) {
    openDirectory = undefined
    throw error
  }
}

function checkThreads(poolSize: number, threadPoolSize: number | undefined): void {
  const needed = poolSize + SPARE_THREADS
  if (threadPoolSize !== undefined && threadPoolSize < needed)
    throw new ConfigError(
      `Cannot open the embedded engine: ${poolSize} statements at a time need a thread pool of ${needed}, found ${threadPoolSize}. Set UV_THREADPOOL_SIZE=${needed} before the process starts`,
    )
}

async function loadChdb(): Promise<typeof import('chdb')> {
  try {
    return await import('chdb')
  } catch (error) {
    // Expected where the platform has no build of it: Windows, musl.
    throw new ConfigError(
      `Cannot open the embedded engine: chDB is not available on ${process.platform}-${process.arch} (${(error as Error).message.split('\n')[0]}). Set FUPAN_CLICKHOUSE_URL to a ClickHouse server`,
      { cause: error },
    )
  }
}

/** The first session decides the engine's own configuration and keeps it alive (spec engine §11.4). */
function start(ChdbSession: typeof Session, directory: string, memoryBytes: number): Session {
  mkdirSync(directory, { recursive: true })
  try {
    return new ChdbSession(directory, { connectionArgs: ['--background_pool_size=16', `--max_server_memory_usage=${memoryBytes}`] })
  } catch (error) {
    const owner = ownerOf(directory)
    if (owner !== undefined)
      throw new EngineError(
        'locked',
        `Cannot open the engine on ${directory}: one process owns a directory, process ${owner} has it. Stop that process, or send the command to it`,
        { cause: error },
      )
    throw new EngineError(
      'unavailable',
      `Cannot open the engine on ${directory}: ${(error as Error).message}. Check that the folder may be written and the disk is not full`,
      { cause: error },
    )
  }
}

/** The process named in the directory's status file, when it is alive and not this one. */
export function ownerOf(directory: string): number | undefined {
  const status = join(directory, 'status')
  const owner = existsSync(status) ? Number(/PID: (\d+)/.exec(readFileSync(status, 'utf8'))?.[1]) : NaN
  if (!Number.isInteger(owner) || owner === process.pid) return undefined
  try {
    process.kill(owner, 0)
    return owner
  } catch (error) {
    // ESRCH: no such process. EPERM: it lives and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? owner : undefined
  }
}

function wireOver(directory: string, pool: PooledChdb, released: () => Promise<void>): Wire {
  const client = createClient({ connection: pool })
  clearSpool(directory)

  const replyTo = async ({ query, params, settings, signal }: Statement, format: 'JSONEachRow' | 'Native') => {
    const { stream } = await client.exec({
      query,
      query_params: params,
      clickhouse_settings: {
        ...settings, // The client's list of formats leaves Native out; the engine knows it.
        default_format: format as 'JSONEachRow',
      },
      ...(signal === undefined ? {} : { abort_signal: signal }),
    })
    return stream
  }

  const run = async (statement: Statement): Promise<string> => text(await replyTo(statement, 'JSONEachRow'))

  return {
    flavour: 'embedded',
    text: run,
    native: ({ query, params, settings, signal }) =>
      pool.stream({ query, query_params: params, clickhouse_settings: settings, ...(signal === undefined ? {} : { abort_signal: signal }) }),
    // A stream holds the program's thread until its first block is there: after a sort that is nearly all of it. A whole result does not.
    nativeWhole: async (statement) => buffer(await replyTo(statement, 'Native')),
    ...throughFiles(directory, run),
    close: async () => {
      await client.close()
      await released()
    },
  }
}
