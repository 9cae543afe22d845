import { fork, type ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { Agent, request, type IncomingMessage } from 'node:http'
import { join, resolve as absolute } from 'node:path'
import { serialize } from 'node:v8'
import { ConfigError } from '#core/errors.ts'
import type { Statement, Wire } from './client-engine.ts'
import type { EmbeddedWireOptions } from './embedded-wire.ts'
import { engineFailure } from './engine-failure.ts'
import { EngineError } from './engine.ts'
import { FAILURE, MOST_HEADER_BYTES, unpackFailure, type HostedCall } from './hosted-call.ts'
import { stoppable } from './stoppable.ts'
import { throughFiles } from './through-files.ts'

export interface HostedWireOptions extends EmbeddedWireOptions {
  /** Path of the Unix socket between the two, in a folder only this user can enter. */
  readonly socket: string
}

/** Statements that are killed at the end stop within 20 s (pooled-chdb.ts); a process that has not ended then is killed. */
const CLOSE_MS = 25_000

/**
 * Open the embedded engine in a process of its own (engine-process.ts): its memory, its threads and its crashes are not this program's (spec
 * engine §13). It ends with this process, and is started anew by the next statement when it ended by itself.
 * Throws what openEmbeddedWire throws there.
 */
export async function openHostedWire(options: HostedWireOptions): Promise<Wire> {
  const agent = new Agent({ keepAlive: true })
  let host: Promise<ChildProcess> | undefined
  const running = (): Promise<ChildProcess> => {
    host ??= start(options, () => (host = undefined))
    return host
  }

  async function* read(call: HostedCall): AsyncGenerator<Uint8Array, void, undefined> {
    const child = await running()
    let failure: string | undefined
    try {
      const reply = await send(options.socket, agent, call)
      yield* reply as AsyncIterable<Uint8Array>
      failure = reply.trailers[FAILURE]
    } catch (error) {
      // Expected: it was killed, or crashed. What is left of it goes, so that the next statement starts another.
      child.kill('SIGKILL')
      await ended(child)
      throw new EngineError('unavailable', `Cannot run a statement: the engine's process ended before it answered. Run the same command again`, {
        cause: error,
      })
    }
    if (failure !== undefined) throw unpackFailure(failure)
  }

  const whole = (statement: Statement, does: 'text' | 'nativeWhole'): Promise<Buffer> => {
    const call = callOf(statement, does)
    return stoppable(
      'run a statement',
      statement.signal,
      () => cancel(options.socket, call.id),
      async () => Buffer.concat(await Array.fromAsync(read(call))),
    )
  }
  const text = async (statement: Statement): Promise<string> => (await whole(statement, 'text')).toString()

  await running()
  return {
    flavour: 'embedded',
    text,
    nativeWhole: (statement) => whole(statement, 'nativeWhole'),
    async *native(statement) {
      const call = callOf(statement, 'native')
      const reading = read(call)
      const stop = () => cancel(options.socket, call.id)
      try {
        for (;;) {
          const step = await stoppable('read a result', statement.signal, stop, () => reading.next())
          if (step.done === true) return
          yield step.value
        }
      } finally {
        await reading.return()
      }
    },
    ...throughFiles(absolute(options.directory), text),
    close: async () => {
      const child = await host?.catch(() => undefined)
      if (child !== undefined) {
        child.send({ type: 'close' })
        const late = setTimeout(() => child.kill('SIGKILL'), CLOSE_MS)
        await ended(child)
        clearTimeout(late)
      }
      agent.destroy()
    },
  }
}

function callOf({ query, params, settings }: Statement, does: HostedCall['does']): HostedCall {
  return { id: randomUUID(), does, query, params, settings }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
}

/** Settles when it serves, or has told why not. */
async function start(options: HostedWireOptions, gone: () => void): Promise<ChildProcess> {
  const child = fork(join(import.meta.dirname, 'engine-process.ts'), [JSON.stringify(options)], {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  return new Promise((resolve, reject) => {
    child.once('message', ({ failure }: { readonly failure?: string }) => {
      if (failure === undefined) return resolve(child)
      const error = unpackFailure(failure)
      reject(error instanceof ConfigError ? error : engineFailure('open the engine in a process of its own', error))
    })
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      gone()
      reject(new EngineError('unavailable', `Cannot open the engine: its process ended with ${signal ?? code} before it was ready`))
    })
  })
}

async function send(socket: string, agent: Agent, call: HostedCall): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request({ socketPath: socket, agent, method: 'POST', maxHeaderSize: MOST_HEADER_BYTES }, resolve).on('error', reject).end(serialize(call))
  })
}

/** On a connection of its own: the others may all be waiting. */
async function cancel(socket: string, id: string): Promise<void> {
  const asked = request({ socketPath: socket, agent: false, method: 'POST', path: '/cancel' }).end(id)
  const [reply] = (await once(asked, 'response')) as [IncomingMessage]
  reply.resume()
}
