import type { AggregateCycle } from '#app/aggregate-klines.ts'
import { codeList, wholeNumber } from './option-values.ts'
import { counted, span } from './render.ts'

export interface AggregateReply {
  readonly action: 'aggregate'
  readonly cycles: readonly AggregateCycle[]
}

/** What `fupan sim aggregate` takes. */
export const AGGREGATE_OPTIONS = [
  { flags: '--interval <minutes>', about: 'aggregate: minutes between two cycles, default 5' },
  { flags: '--lookback-hours <hours>', about: 'aggregate: how far back days are looked at, default 24' },
  { flags: '--symbol <codes...>', about: 'aggregate: only these stocks' },
  { flags: '--once', about: 'aggregate: one cycle, then end' },
] as const

export function aggregateArgsOf(options: Readonly<Record<string, unknown>>): unknown {
  const symbols = codeList(options['symbol'])
  return {
    action: 'aggregate',
    once: options['once'] === true,
    ...(options['interval'] === undefined ? {} : { interval: wholeNumber('interval', options['interval'], 1) }),
    ...(options['lookbackHours'] === undefined ? {} : { lookbackHours: wholeNumber('lookback-hours', options['lookbackHours'], 1) }),
    ...(symbols === undefined ? {} : { symbols }),
  }
}

export function aggregateText({ cycles }: AggregateReply): string {
  const last = cycles.at(-1)
  if (last === undefined) return 'No cycle was completed.'
  const { from, to, rows, live, incomplete, milliseconds } = last
  const found = rows === 0 ? `no minutes of ${span(from, to)} had changed` : `${counted(rows)} buckets of ${span(from, to)} folded`
  return `${counted(cycles.length)} cycle${cycles.length === 1 ? '' : 's'}; in the last one ${found}, ${counted(live)} of the running session (${counted(incomplete)} not over), ${milliseconds} ms.`
}
