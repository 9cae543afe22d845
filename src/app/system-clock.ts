import type { Clock } from '#core/clock.ts'
import type { EpochMs } from '#core/trade-date.ts'
import { setTimeout as wait } from 'node:timers/promises'

/** The real clock: made here once and handed to every machine. */
export const systemClock: Clock = {
  now: () => Date.now() as EpochMs,
  async sleep(ms, signal) {
    try {
      await wait(ms, undefined, signal === undefined ? {} : { signal })
    } catch (error) {
      // Expected: AbortError when the signal fires; sleeping is then over.
      if (signal?.aborted !== true) throw error
    }
  },
}
