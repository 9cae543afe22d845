import type { EpochMs } from '#core/trade-date.ts'
import { HandClock } from '#ledger/test-ledger.ts'

/** A clock put forward and back by hand; whoever sleeps looks at it again. For tests. */
export class MarketClock extends HandClock {
  #now: EpochMs
  readonly #waiting = new Set<{ readonly until: number; readonly wake: () => void }>()

  constructor(now: EpochMs) {
    super()
    this.#now = now
  }

  override now(): EpochMs {
    return this.#now
  }

  override async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true) return
    await new Promise<void>((resolve) => {
      const sleeper = { until: this.#now + ms, wake: resolve }
      this.#waiting.add(sleeper)
      signal?.addEventListener('abort', () => resolve(), { once: true })
    })
  }

  /** Like a computer that wakes up: everybody looks at the clock again. */
  set(now: EpochMs): void {
    this.#now = now
    for (const sleeper of this.#waiting) {
      this.#waiting.delete(sleeper)
      sleeper.wake()
    }
  }
}
