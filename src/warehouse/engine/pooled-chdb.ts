import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { inspect } from 'node:util'
import { isMainThread } from 'node:worker_threads'
import type { ClickHouseClientConfigOptions } from '@clickhouse/client'
import type { Session } from 'chdb'
import { EngineError, type ParamValue } from './engine.ts'
import type { Settings } from './query-settings.ts'
import { cancelled, stoppable } from './stoppable.ts'

type Connection = NonNullable<ClickHouseClientConfigOptions['connection']>
type Request = Omit<Parameters<Connection['query']>[0], 'query_params' | 'clickhouse_settings'> & {
  readonly query_params?: unknown
  readonly clickhouse_settings?: unknown
}

/** One native connection: it runs one statement at a time and remembers its settings, so they are tracked here. */
interface Lane {
  session: Session
  /** Settings and parameters in force on it, as SQL literals. */
  state: ReadonlyMap<string, string>
  /** Set while a stream is open on it and nobody is fetching: what cancels it. */
  resting: (() => void) | undefined
}

const DRAIN_MS = 20_000
const TAG = 'fupan:'

/**
 * Exclusive connections to the one embedded engine, offered to `@clickhouse/client` as its connection (spec engine §7.1–7.5, §12).
 * - A statement gets a connection of its own, and exactly the settings it asked for: what the last user left is set back first, and a
 *   connection that cannot be set back is replaced.
 * - Parameters are given as `SET param_x`, not through the library's bind calls: those run one at a time in the whole process.
 * - Statements carry a tag in a comment. An abort kills by tag on the control connection, ASYNC (SYNC never returns in-process).
 * - A connection on which a statement failed is replaced: what the statement had written would come out before the next one's reply.
 * - When the process exits with statements running, it ends at once as a kill would, with its exit code: an ordinary exit waits for the
 *   statements, and where they are killed first, the library's own clean-up crashes one time in sixty. The directory survives a kill.
 */
export class PooledChdb implements Connection {
  readonly #open: () => Session
  readonly #control: Session
  readonly #lanes = new Set<Lane>()
  readonly #idle: Lane[] = []
  readonly #waiting: { take(lane: Lane): void; refuse(error: EngineError): void }[] = []
  readonly #onExit = (code: number) => this.#exit(code)
  readonly #onUncaught = (error: Error) => (this.#uncaught = error)
  #uncaught: Error | undefined
  readonly #retiring = new Set<Promise<void>>()
  #closing: Promise<void> | undefined

  /** `open` makes one more connection to the engine that the caller keeps alive. */
  constructor(open: () => Session, size: number) {
    this.#open = open
    this.#control = open()
    for (let i = 0; i < size; i++) this.#idle.push({ session: open(), state: new Map(), resting: undefined })
    for (const lane of this.#idle) this.#lanes.add(lane)
    process.on('exit', this.#onExit)
    process.on('uncaughtExceptionMonitor', this.#onUncaught)
  }

  query(request: Parameters<Connection['query']>[0]): ReturnType<Connection['query']> {
    const { default_format: format = 'JSONEachRow' } = (request.clickhouse_settings ?? {}) as { readonly default_format?: string }
    return this.#run(request, async (session, sql) => reply((await session.queryAsync(sql, { format })).bytes()))
  }

  async exec(request: Parameters<Connection['exec']>[0]): ReturnType<Connection['exec']> {
    if (request.values !== undefined) throw new TypeError('Cannot send a body to the embedded engine: it is decoded as text. Insert through a file')
    return this.query(request)
  }

  command(request: Parameters<Connection['command']>[0]): ReturnType<Connection['command']> {
    return this.#run(request, async (session, sql) => {
      await session.queryAsync(sql)
      return reply(new Uint8Array(0))
    })
  }

  insert(): Promise<never> {
    return Promise.reject(new TypeError('Cannot insert through the client into the embedded engine: use Engine.insert'))
  }

  ping(): ReturnType<Connection['ping']> {
    return this.#run({ query: 'select 1' }, async (session, sql) => {
      await session.queryAsync(sql)
      return { success: true as const }
    })
  }

  /** The result of a SELECT in chunks of whole Native blocks, as the engine makes them. The connection is leased until the end or an early return. */
  async *stream(request: Request): AsyncGenerator<Uint8Array, void, undefined> {
    const signal = request.abort_signal
    const lane = await this.#lease(signal)
    const tag = newTag()
    let ended = false
    try {
      await this.#prepare(lane, request)
      const stream = await unshifted(tag, () => lane.session.queryStream(`/*${tag}*/\n${request.query}`, { format: 'Native' }))
      const chunks = stream[Symbol.asyncIterator]()
      lane.resting = () => stream.cancel()
      for (;;) {
        const cancel: (() => void) | undefined = lane.resting
        lane.resting = undefined
        const step = await stoppable(
          'read a result',
          signal,
          () => this.#kill(tag),
          () => unshifted(tag, () => chunks.next()),
        )
        if (this.#closing !== undefined) throw closedError()
        ended = step.done === true
        if (step.done === true) return
        lane.resting = cancel
        yield step.value.raw()
        if (this.#closing !== undefined) throw closedError()
      }
    } finally {
      if (!ended && this.#closing === undefined) {
        // To cancel a stream only stops the reading of it.
        await this.#kill(tag).catch(() => {}) // closing the connection ends it as well
        lane.resting?.()
        this.#renew(lane)
      }
      lane.resting = undefined
      this.#release(lane)
    }
  }

  /** Refuses new statements, kills and awaits the running ones, closes the connections. Throws EngineError when they do not end. */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    for (const waiter of this.#waiting.splice(0)) waiter.refuse(closedError())
    const deadline = performance.now() + DRAIN_MS
    while (this.#busy().length > 0) {
      if (performance.now() > deadline)
        throw new EngineError(
          'unavailable',
          `Cannot close the engine: ${this.#busy().length} statements did not stop within ${DRAIN_MS / 1000} s. End the process with SIGKILL; the directory survives it`,
        )
      await this.#kill(TAG).catch(() => {}) // asked again in the next round
      await sleep(20)
    }
    await Promise.all(this.#retiring)
    process.off('exit', this.#onExit)
    process.off('uncaughtExceptionMonitor', this.#onUncaught)
    for (const lane of this.#lanes) {
      lane.resting?.()
      lane.session.close()
    }
    this.#control.close()
  }

  #busy(): readonly Lane[] {
    return [...this.#lanes].filter((lane) => !this.#idle.includes(lane) && lane.resting === undefined)
  }

  async #run<T>(request: Request, work: (session: Session, sql: string) => Promise<T>): Promise<T> {
    const lane = await this.#lease(request.abort_signal)
    const tag = newTag()
    try {
      await this.#prepare(lane, request)
      return await stoppable(
        'run a statement',
        request.abort_signal,
        () => this.#kill(tag),
        () => unshifted(tag, () => work(lane.session, `/*${tag}*/\n${request.query}`)),
      )
    } catch (error) {
      this.#renew(lane)
      throw error
    } finally {
      this.#release(lane)
    }
  }

  #lease(signal: AbortSignal | undefined): Promise<Lane> {
    if (this.#closing !== undefined) return Promise.reject(closedError())
    if (signal?.aborted === true) return Promise.reject(cancelled('run a statement'))
    const lane = this.#idle.pop()
    if (lane !== undefined) return Promise.resolve(lane)
    return new Promise((resolve, reject) => {
      const waiter = {
        take: (given: Lane) => {
          signal?.removeEventListener('abort', onAbort)
          resolve(given)
        },
        refuse: reject,
      }
      const onAbort = () => {
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1)
        reject(cancelled('run a statement'))
      }
      signal?.addEventListener('abort', onAbort, { once: true })
      this.#waiting.push(waiter)
    })
  }

  #release(lane: Lane): void {
    const waiter = this.#waiting.shift()
    if (waiter === undefined) this.#idle.push(lane)
    else waiter.take(lane)
  }

  /** Give the connection exactly the settings of the request. When that fails it may be the last user's doing: a new connection tells. */
  async #prepare(lane: Lane, request: Request): Promise<void> {
    const wanted = literalsOf(request)
    if (
      await this.#apply(lane, wanted).then(
        () => true,
        () => false,
      )
    )
      return
    this.#renew(lane)
    try {
      await this.#apply(lane, wanted)
    } catch (error) {
      this.#renew(lane)
      throw error
    }
  }

  async #apply(lane: Lane, wanted: ReadonlyMap<string, string>): Promise<void> {
    const changes = [...wanted].filter(([name, literal]) => lane.state.get(name) !== literal).map(([name, literal]) => `${name} = ${literal}`)
    // A parameter cannot be unset; the port refuses a statement that does not give a value to every hole, so an old one is never read.
    const unwanted = [...lane.state.keys()].filter((name) => !wanted.has(name) && !name.startsWith('param_'))
    const all = [...unwanted.map((name) => `${name} = DEFAULT`), ...changes]
    if (all.length > 0) await lane.session.queryAsync(`SET ${all.join(', ')}`)
    const parameters = [...lane.state].filter(([name]) => name.startsWith('param_'))
    lane.state = new Map([...parameters, ...wanted])
  }

  /** A new connection in place of one whose state is not known. The old one runs a last statement, which makes it let go of the failed one's memory. */
  #renew(lane: Lane): void {
    const old = lane.session
    lane.session = this.#open()
    lane.state = new Map()
    const retired = old
      .queryAsync('select 1')
      .catch(() => {}) // it is closed either way
      .then(() => old.close())
      .finally(() => this.#retiring.delete(retired))
    this.#retiring.add(retired)
  }

  async #kill(tag: string): Promise<void> {
    await this.#control.queryAsync(killStatement(tag))
  }

  #exit(code: number): void {
    if (this.#busy().length === 0 || !isMainThread) return
    // Node tells of what nobody caught after this event, which is too late here.
    if (this.#uncaught !== undefined && process.listenerCount('uncaughtException') === 0) process.stderr.write(`${inspect(this.#uncaught)}\n`)
    process.execve?.('/bin/sh', ['sh', '-c', `exit ${code}`], {})
  }
}

function killStatement(tag: string): string {
  return `KILL QUERY WHERE startsWith(query, '/*${tag}') ASYNC`
}

function newTag(): string {
  return `${TAG}${randomUUID()}`
}

/** Run `work`; in its error, places in the statement are counted without the tag line before it. */
async function unshifted<T>(tag: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Error)
      error.message = error.message
        .replace(/failed at position (\d+)/, (_, at: string) => `failed at position ${Number(at) - tag.length - 5}`)
        .replace(/\(line (\d+), col/, (_, line: string) => `(line ${Number(line) - 1}, col`)
    throw error
  }
}

function reply(bytes: Uint8Array) {
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return { stream: Readable.from([body], { objectMode: false }), query_id: '', response_headers: {}, http_status_code: 200 }
}

function closedError(): EngineError {
  return new EngineError('unavailable', 'Cannot run a statement: the engine is closed')
}

function literalsOf(request: Request): ReadonlyMap<string, string> {
  const literals = new Map<string, string>()
  for (const [name, value] of Object.entries((request.clickhouse_settings ?? {}) as Settings)) {
    if (name === 'default_format') continue // how the reply is written, not a setting of the engine
    if (!/^[a-z]\w*$/.test(name)) throw new RangeError(`Cannot use setting ${JSON.stringify(name)}: a name is letters, digits and _`)
    literals.set(name, typeof value === 'string' ? quoted(value) : String(Number(value)))
  }
  for (const [name, value] of Object.entries((request.query_params ?? {}) as Record<string, ParamValue>))
    literals.set(`param_${name}`, quoted(parameterText(value)))
  return literals
}

/** A parameter value in the form the engine reads it: escaped like a TSV cell, lists as SQL literals (ClickHouse docs, query parameters). */
function parameterText(value: ParamValue): string {
  if (value === null) return '\\N'
  if (typeof value === 'string')
    return value.replaceAll('\\', '\\\\').replaceAll('\t', '\\t').replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\0', '\\0')
  if (typeof value === 'object') return `[${value.map((item) => (typeof item === 'string' ? quoted(item) : String(item))).join(',')}]`
  return String(Number(value))
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}
