import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { ClickHouseLogLevel, createClient } from '@clickhouse/client'
import { ConfigError } from '#core/errors.ts'
import { ClientEngine, type Statement, type Wire } from './client-engine.ts'
import { engineFailure } from './engine-failure.ts'
import { DATABASE, type Engine } from './engine.ts'
import { withoutTrailingError } from './http-stream.ts'
import { baseSettings } from './query-settings.ts'
import { stoppable } from './stoppable.ts'

export interface ServerOptions {
  /** `http://host:8123`; may carry the user and password. */
  readonly url: string
  readonly username?: string
  readonly password?: string
  /** Threads of one statement. Default: the server's choice. */
  readonly threads?: number
}

type Client = ReturnType<typeof createClient>

/** Longer than any statement may run (query-settings.ts), so that the engine is the one that ends it. */
const REQUEST_TIMEOUT_MS = 1_900_000
/** A server that does not answer a kill for this long is taken as gone. */
const GONE_MS = 10_000
const DRAIN_MS = 5000

/**
 * Open a ClickHouse server or one node of a cluster over HTTP: the same contract as the embedded engine. Statements are killed by id on a second
 * request, which must reach the same server: give the address of one node, not of a balancer that spreads requests.
 * Throws ConfigError on an address that cannot be read, EngineError 'unavailable' when the server does not answer or refuses the user.
 */
export async function openServerEngine(options: ServerOptions): Promise<Engine> {
  const host = hostOf(options.url)
  const first = connect(options)
  try {
    await first.command({ query: `create database if not exists ${DATABASE}` })
  } catch (error) {
    throw engineFailure(`open the ClickHouse server at ${host}`, error)
  } finally {
    await first.close()
  }
  return new ClientEngine(
    serverWire(connect({ ...options, database: DATABASE })),
    baseSettings(options.threads === undefined ? {} : { threads: options.threads }),
  )
}

function connect({ url, username, password, database }: ServerOptions & { readonly database?: string }): Client {
  return createClient({
    url,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(database === undefined ? {} : { database }),
    request_timeout: REQUEST_TIMEOUT_MS,
    max_open_connections: 32,
    application: 'fupan',
    // Failures are thrown; the client would print them as well.
    log: { level: ClickHouseLogLevel.OFF },
  })
}

function hostOf(url: string): string {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new ConfigError(`Cannot open a ClickHouse server: FUPAN_CLICKHOUSE_URL is an address such as http://localhost:8123, found one that cannot be read`)
  return new URL(url).host
}

type Reply = Awaited<ReturnType<Client['exec']>>

function serverWire(client: Client): Wire {
  const running = new Set<string>()
  const kill = async (ids: Iterable<string>) => {
    await client.command({ query: 'kill query where query_id in {ids:Array(String)} async', query_params: { ids: [...ids] } })
  }

  /** One request under an id of its own: how to send it and how to stop what it started. */
  const begin = (statement: Statement, body?: Readable) => {
    const id = `fupan-${randomUUID()}`
    const hangUp = new AbortController()
    let since: number | undefined
    running.add(id)
    return {
      send: () =>
        client.exec({
          query: statement.query,
          query_params: statement.params,
          clickhouse_settings: statement.settings,
          query_id: id,
          abort_signal: hangUp.signal,
          ...(body === undefined ? {} : { values: body }),
        }),
      stop: () => {
        since ??= performance.now()
        if (performance.now() - since > GONE_MS) hangUp.abort()
        return kill([id])
      },
      ended: () => running.delete(id),
    }
  }

  const whole = async <T>(statement: Statement, use: (reply: Reply) => Promise<T>, body?: Readable): Promise<T> => {
    const { send, stop, ended } = begin(statement, body)
    return stoppable('run a statement', statement.signal, stop, async () => use(await send())).finally(ended)
  }

  /** The server holds the reply back until the statement has ended, so that a failure is the status of the reply. */
  const small = (statement: Statement, body?: Readable) =>
    whole({ ...statement, settings: { ...statement.settings, default_format: 'JSONEachRow', wait_end_of_query: 1 } }, ({ stream }) => text(stream), body)

  return {
    flavour: 'server',
    text: (statement) => small(statement),
    async nativeWhole(statement) {
      return Buffer.concat(await Array.fromAsync(this.native(statement)))
    },
    async *native(statement) {
      const { send, stop, ended } = begin({ ...statement, settings: { ...statement.settings, default_format: 'Native' } })
      let reply: Reply | undefined
      try {
        const opened = await stoppable('read a result', statement.signal, stop, send)
        reply = opened
        const chunks = withoutTrailingError(opened.stream, tagOf(opened))
        for (;;) {
          const step = await stoppable('read a result', statement.signal, stop, () => chunks.next())
          if (step.done === true) return
          yield step.value
        }
      } finally {
        ended()
        // Left early: the server would go on until it noticed.
        if (reply?.stream.readableEnded === false) {
          reply.stream.destroy()
          await stop().catch(() => {})
        }
      }
    },
    insertNative: async (pieces, statement) => {
      await small({ ...statement, query: `${statement.query} format Native` }, Readable.from(pieces, { objectMode: false }))
    },
    insertFile: async (path, format, statement) => {
      const file = await open(path)
      try {
        await small({ ...statement, query: `${statement.query} format ${format}` }, file.createReadStream({ autoClose: false }))
      } finally {
        await file.close()
      }
    },
    writeParquet: (path, statement) =>
      whole({ ...statement, settings: { ...statement.settings, default_format: 'Parquet' } }, (reply) =>
        pipeline(withoutTrailingError(reply.stream, tagOf(reply)), createWriteStream(path, { flags: 'wx' })),
      ),
    close: async () => {
      const deadline = performance.now() + DRAIN_MS
      while (running.size > 0 && performance.now() < deadline) {
        await kill(running).catch(() => {}) // asked again in the next round
        await sleep(50)
      }
      await client.close()
    },
  }
}

function tagOf({ response_headers }: Reply): string | undefined {
  const tag = response_headers['x-clickhouse-exception-tag']
  return typeof tag === 'string' ? tag : undefined
}
