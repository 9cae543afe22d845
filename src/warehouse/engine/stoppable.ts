import { setTimeout as sleep } from 'node:timers/promises'
import { EngineError } from './engine.ts'

const REPEAT_MS = 100

/**
 * Run `work`. When `signal` aborts, ask the engine to `stop` it, again and again until the work has ended: a request can arrive before the
 * statement is in the engine's list. The promise settles when the work has, so after a rejection nothing of it goes on.
 * Work that ended well before it was stopped resolves. An aborted signal at the start rejects without starting it.
 */
export async function stoppable<T>(doing: string, signal: AbortSignal | undefined, stop: () => Promise<void>, work: () => Promise<T>): Promise<T> {
  if (signal === undefined) return work()
  if (signal.aborted) throw cancelled(doing)
  const ended = new AbortController()
  const stopUntilEnded = async () => {
    while (!ended.signal.aborted) {
      await stop().catch(() => {}) // the next round asks again
      await sleep(REPEAT_MS)
    }
  }
  const listener = () => void stopUntilEnded()
  signal.addEventListener('abort', listener, { once: true })
  try {
    return await work()
  } catch (error) {
    throw signal.aborted ? cancelled(doing, error) : error
  } finally {
    ended.abort()
    signal.removeEventListener('abort', listener)
  }
}

export function cancelled(doing: string, cause?: unknown): EngineError {
  return new EngineError('cancelled', `Cannot ${doing}: it was cancelled`, { code: 394, cause })
}
