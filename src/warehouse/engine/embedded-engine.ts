import { totalmem } from 'node:os'
import { ClientEngine, type Wire } from './client-engine.ts'
import type { EmbeddedWireOptions } from './embedded-wire.ts'
import type { Engine } from './engine.ts'
import { baseSettings } from './query-settings.ts'

export interface EmbeddedOptions {
  /** The engine's own directory, made when absent. One process owns it at a time. */
  readonly directory: string
  /** Where the engine listens when it gets a process of its own; without it the engine lives in this process. */
  readonly socket?: string
  /** Memory of the whole engine, bytes. Default: 60 % of the machine. One statement may take five sixths of it. */
  readonly memoryBytes?: number
  /** Statements that run at the same time. Default 4. */
  readonly poolSize?: number
  /** Threads of one statement. Default: the engine's choice, one per core. */
  readonly threads?: number
  /** UV_THREADPOOL_SIZE of this process, when known: statements wait on libuv's threads, and a process of the engine's own inherits it. */
  readonly threadPoolSize?: number
}

/**
 * Open the embedded ClickHouse engine (chDB) on a directory: in this process, or in one of its own that lives and ends with this one.
 * Throws as openEmbeddedWire does.
 */
export async function openEmbeddedEngine({ threads, socket, ...options }: EmbeddedOptions): Promise<Engine> {
  const memoryBytes = options.memoryBytes ?? Math.floor(totalmem() * 0.6)
  const wire = await openWire({ ...options, memoryBytes }, socket)
  return new ClientEngine(wire, baseSettings({ queryMemoryBytes: (memoryBytes * 5) / 6, ...(threads === undefined ? {} : { threads }) }))
}

/** Only what is used is loaded: a program beside an engine of its own process stays small. */
async function openWire(options: EmbeddedWireOptions, socket: string | undefined): Promise<Wire> {
  if (socket === undefined) return (await import('./embedded-wire.ts')).openEmbeddedWire(options)
  return (await import('./hosted-wire.ts')).openHostedWire({ ...options, socket })
}
