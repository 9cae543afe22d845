import type { LiveMarketReport } from '#app/live-market.ts'
import { UsageError } from '#core/errors.ts'
import { clockTime, dateOf, formatClock, instantOf } from '#core/shanghai-time.ts'
import { tradeDate, type EpochMs } from '#core/trade-date.ts'
import { wholeNumber } from './option-values.ts'
import { counted } from './render.ts'

export interface RunReply extends LiveMarketReport {
  readonly action: 'run'
}

/** What `fupan sim run` takes. */
export const RUN_OPTIONS = [
  { flags: '--test', about: 'run: play past sessions instead of living through the ones to come' },
  { flags: '--speed <factor>', about: 'run --test: seconds of the market per second, default 60, or max' },
  { flags: '--from <date>', about: 'run --test: first day to play; default where the last test stopped, else the last completed day' },
  { flags: '--until <time>', about: 'run: end when the market has reached it: 20260105, or 20260105-10:30' },
  { flags: '--no-night', about: 'run: neither bring the history in nor run the night after a session' },
  { flags: '--port <port>', about: 'run: default 8710 (FUPAN_PORT)' },
  { flags: '--host <host>', about: 'run: default 127.0.0.1; any other address needs FUPAN_TOKEN' },
] as const

export function runArgsOf(options: Readonly<Record<string, unknown>>): unknown {
  const isTest = options['test'] === true
  if (!isTest && (options['speed'] !== undefined || options['from'] !== undefined))
    throw new UsageError('Cannot choose the speed or the first day of a market that lives with the clock: play past sessions with --test')
  return {
    action: 'run',
    test: isTest,
    night: options['night'] !== false,
    ...(options['speed'] === undefined ? {} : { speed: speedOf(options['speed']) }),
    ...(options['from'] === undefined ? {} : { from: wholeNumber('from', options['from'], 1) }),
    ...(options['until'] === undefined ? {} : { until: instantIn(options['until']) }),
  }
}

const ENDINGS = { stopped: 'stopped', until: 'reached the time asked for', 'caught-up': 'played up to the last completed day' } as const

export function runText({ ended, days, minutes, ticks, events, lastBarAt, milliseconds }: RunReply): string {
  const last = lastBarAt === undefined ? '' : `, the last at ${clockText(lastBarAt)}`
  return `Live market ${ENDINGS[ended]}: ${counted(minutes)} minutes${last}, ${counted(days)} whole days, ${counted(ticks)} ticks, ${counted(events)} events in ${(milliseconds / 1000).toFixed(1)} s.`
}

function clockText(at: number): string {
  const date = dateOf(at as EpochMs)
  return `${date} ${formatClock(at - instantOf(date, 0)).slice(0, 5)}`
}

function speedOf(text: unknown): number | 'max' {
  if (text === 'max') return text
  const speed = Number(text)
  if (!(speed > 0 && speed <= 100_000)) throw new UsageError(`Cannot use --speed ${JSON.stringify(text)}: it is max, or a number up to 100000`)
  return speed
}

/** An instant in exchange time: a date (its last moment) or a date and a minute. */
function instantIn(text: unknown): number {
  const found = /^(\d{8})(?:[-T ](\d{2}:\d{2}))?$/.exec(String(text))
  try {
    if (found !== null)
      return found[2] === undefined ? instantOf(tradeDate(Number(found[1])), 86_399_000) : instantOf(tradeDate(Number(found[1])), clockTime(found[2]))
  } catch (error) {
    // Expected: no such day or minute, told below as any other text.
    if (!(error instanceof RangeError)) throw error
  }
  throw new UsageError(
    `Cannot use --until ${JSON.stringify(text)}: it is a date such as 20260105, or a date and a minute of the exchange such as 20260105-10:30`,
  )
}
