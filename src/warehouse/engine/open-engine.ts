import type { Engine } from './engine.ts'

export interface OpenEngineOptions {
  /** Where the embedded engine keeps its files. Not used with `url`. */
  readonly directory: string
  /** Where the embedded engine listens when it gets a process of its own; without it the engine lives in this process. */
  readonly socket?: string
  /** A ClickHouse server instead of the embedded engine. */
  readonly url?: string
  readonly username?: string
  readonly password?: string
  readonly memoryBytes?: number
  readonly poolSize?: number
  readonly threads?: number
  /** UV_THREADPOOL_SIZE of this process; libuv's own default is 4. The embedded engine needs its pool and 8 more. */
  readonly threadPoolSize: number
}

/**
 * The engine of this installation: a ClickHouse server when a URL is given, else the embedded one. Only the flavour in use is loaded, so that
 * with a URL nothing native is needed. Throws as openEmbeddedEngine and openServerEngine do.
 */
export async function openEngine(options: OpenEngineOptions): Promise<Engine> {
  if (options.url === undefined) {
    const { openEmbeddedEngine } = await import('./embedded-engine.ts')
    return openEmbeddedEngine(options)
  }
  const { openServerEngine } = await import('./server-engine.ts')
  return openServerEngine({ ...options, url: options.url })
}
