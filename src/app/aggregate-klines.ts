import { dateOf, instantOf } from '#core/shanghai-time.ts'
import { marketPhaseAt } from '#core/market-phase.ts'
import type { EpochMs, TradeDate } from '#core/trade-date.ts'
import { EXIT } from '#dag/outcome.ts'
import { marketKlineBuckets } from '#warehouse/dws/market_kline_buckets.ts'
import { z } from 'zod'
import { aggregateSession } from './aggregate-session.ts'
import type { App } from './app.ts'
import { nightArgs } from './night-args.ts'
import type { VerbContext, VerbReply } from './verb.ts'
import { run } from './verbs/run.ts'

const HOUR = 3_600_000
const MINUTE = 60_000

export const aggregateArgs = z.strictObject({
  action: z.literal('aggregate'),
  /** Minutes between two cycles. */
  interval: z.number().int().min(1).max(240).default(5),
  lookbackHours: z
    .number()
    .int()
    .min(1)
    .max(24 * 400)
    .default(24),
  once: z.boolean().default(false),
  symbols: z.array(z.string()).min(1).max(200).optional(),
})

/** What one cycle did. */
export interface AggregateCycle {
  readonly from: TradeDate
  readonly to: TradeDate
  /** Rows of days whose minutes were new or had changed; 0 when nothing had. */
  readonly rows: number
  /** Buckets of the session that runs, and how many of them are not over. */
  readonly live: number
  readonly incomplete: number
  readonly milliseconds: number
}

/**
 * 聚合: every `interval` minutes and at the end of each half of the day, the days of the look-back whose minutes changed are folded again, all intervals of them, and so are the buckets
 * of the session that runs. A day that did not change is not touched (its fingerprint tells). `once` does one cycle.
 */
export async function aggregateKlines(app: App, args: z.output<typeof aggregateArgs>, context: VerbContext): Promise<VerbReply> {
  const cycles: AggregateCycle[] = []
  for (;;) {
    const cycle = await aggregateOnce(app, args, context)
    if (cycle === undefined) return { exitCode: EXIT.data, data: { action: 'aggregate', cycles } }
    cycles.splice(0, cycles.length - 99, cycle)
    if (args.once) break
    const text = `${cycle.rows} rows of ${cycle.from} to ${cycle.to}, ${cycle.live} of the running session (${cycle.incomplete} not over), ${cycle.milliseconds} ms`
    context.emit({ type: 'message', level: 'note', text })
    await app.clock.sleep(nextCycle(app, args.interval) - app.clock.now(), context.signal)
    if (context.signal.aborted) break
  }
  return { exitCode: EXIT.success, data: { action: 'aggregate', cycles } }
}

/** One cycle; nothing when the build did not end well. */
async function aggregateOnce(app: App, { lookbackHours, symbols }: z.output<typeof aggregateArgs>, context: VerbContext): Promise<AggregateCycle | undefined> {
  const started = app.clock.now()
  const to = app.calendar.lastCompleted(started)
  const reached = dateOf((started - lookbackHours * HOUR) as EpochMs)
  const from = reached < to ? (app.calendar.dates(reached < app.calendar.from ? app.calendar.from : reached, to)[0] ?? to) : to
  const args = { targets: [marketKlineBuckets.name], from, to, ...(symbols === undefined ? {} : { codes: symbols }) }
  const { exitCode, data } = await run.run(app, nightArgs.parse(args), context)
  if (exitCode !== EXIT.success) return undefined
  const live = await aggregateSession(app, symbols)
  const milliseconds = app.clock.now() - started
  app.liveMarket.aggregated(milliseconds / 1000, live.incomplete)
  return { from, to, rows: foldedBy(data), live: live.buckets, incomplete: live.incomplete, milliseconds }
}

/** Rows of buckets that a run has built. */
function foldedBy(data: unknown): number {
  const { tasks } = data as { readonly tasks: readonly { readonly task: string; readonly rows?: number }[] }
  return tasks.find(({ task }) => task === marketKlineBuckets.name)?.rows ?? 0
}

/** The next multiple of the interval after midnight, or the end of a half of the day when that comes first. */
function nextCycle({ clock }: App, interval: number): number {
  const now = clock.now()
  const midnight = instantOf(dateOf(now), 0)
  const regular = midnight + (Math.floor((now - midnight) / (interval * MINUTE)) + 1) * interval * MINUTE
  return Math.min(regular, marketPhaseAt(now).nextAt) + 1000
}
