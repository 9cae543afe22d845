import { readCode } from '#core/code.ts'
import { UsageError } from '#core/errors.ts'
import { tradeDate, type TradeDate } from '#core/trade-date.ts'
import { z } from 'zod'
import type { App } from './app.ts'

const dateText = z.union([z.string(), z.number()]).transform((text, context): TradeDate => {
  try {
    return tradeDate(text)
  } catch (error) {
    // Expected: a date a person typed.
    context.addIssue({ code: 'custom', message: (error as Error).message })
    return z.NEVER
  }
})

const codeText = z.string().transform((text, context): string => {
  try {
    return readCode(text)
  } catch (error) {
    // Expected: a code a person typed.
    context.addIssue({ code: 'custom', message: (error as Error).message })
    return z.NEVER
  }
})

/** What `plan` and `run` take. Without dates: the last completed trade date, or the last one there are raw data for. */
export const nightArgs = z.strictObject({
  targets: z.array(z.string()).default([]),
  from: dateText.optional(),
  to: dateText.optional(),
  date: dateText.optional(),
  all: z.boolean().default(false),
  codes: z.array(codeText).optional(),
  scope: z.enum(['pool', 'all']).default('pool'),
  force: z.boolean().default(false),
})

export { codeText, dateText }

/** The days meant: from the flags, everything there are raw data for (`--all`), or the last day that has them. 'nothing' when the world is empty. */
export function rangeOf(app: App, args: z.output<typeof nightArgs>): { readonly from: TradeDate; readonly to: TradeDate } | 'nothing' {
  const last = app.calendar.lastCompleted(app.clock.now())
  const extent = rawExtent(app)
  const given = args.date ?? args.to ?? args.from
  if (given !== undefined && given > last) {
    throw new UsageError(`Cannot run for ${given}: the last completed trade date is ${last}, and no later day is ever built`)
  }
  if (args.from !== undefined && args.to !== undefined && args.from > args.to)
    throw new UsageError(`Cannot run from ${args.from} to ${args.to}: the range ends before it begins`)
  if (args.date !== undefined) return openDay(app, args.date)
  // A source fills an empty world, but has to be told from when on.
  if (extent === undefined) return app.source !== undefined && args.from !== undefined && args.to !== undefined ? { from: args.from, to: args.to } : 'nothing'
  if (args.all) return extent
  if (args.from === undefined && args.to === undefined) return { from: extent.to, to: extent.to }
  return { from: args.from ?? extent.from, to: args.to ?? extent.to }
}

function openDay(app: App, date: TradeDate): { readonly from: TradeDate; readonly to: TradeDate } {
  if (!app.calendar.isOpen(date))
    throw new UsageError(`Cannot run for ${date}: the exchange was closed. The trading day before is ${app.calendar.previous(date)}`)
  return { from: date, to: date }
}

/** First and last day with raw bars or ticks; a simulated world reaches from its first day to the last completed one. */
export function rawExtent(app: App): { readonly from: TradeDate; readonly to: TradeDate } | undefined {
  const last = app.calendar.lastCompleted(app.clock.now())
  if (app.simulatedFrom !== undefined) return { from: app.simulatedFrom, to: last }
  const covered = app.ledger.partitions
    .coverage()
    .filter(({ table, from }) => ['ods_daily', 'ods_daily_qfq', 'ods_tick', 'ods_minute_bar'].includes(table) && from > 0)
  if (covered.length === 0) return undefined
  const to = Math.max(...covered.map((table) => table.to))
  return { from: Math.min(...covered.map((table) => table.from)) as TradeDate, to: Math.min(to, last) as TradeDate }
}
