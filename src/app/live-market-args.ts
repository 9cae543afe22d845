import type { EpochMs } from '#core/trade-date.ts'
import { z } from 'zod'
import { dateText } from './night-args.ts'
import type { VerbContext } from './verb.ts'

/**
 * How a live market is asked for. `test` plays past sessions without waiting for the clock: `speed` seconds of the market per second, or as fast as it goes; `from` = the first
 * day of a test (by default where the last one stopped, else the last completed day); `until` ends it when the market has reached this instant; `night` brings the history in
 * before the first session and runs the night after each one.
 */
export const liveMarketArgs = z.strictObject({
  action: z.literal('run'),
  test: z.boolean().default(false),
  speed: z.union([z.literal('max'), z.number().positive().max(100_000)]).default(60),
  from: dateText.optional(),
  until: z
    .number()
    .transform((at) => at as EpochMs)
    .optional(),
  night: z.boolean().default(true),
})

export type LiveMarketArgs = z.output<typeof liveMarketArgs>

export type LiveMarketRequest = LiveMarketArgs & VerbContext
