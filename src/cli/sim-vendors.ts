import { UsageError } from '#core/errors.ts'
import { wholeNumber } from './option-values.ts'

export interface VendorsReply {
  readonly action: 'vendors'
  readonly address: string
  readonly date: number
  readonly faults: number
  readonly log: string
}

/** What `fupan sim vendors` takes. */
export const vendorsOptions = [
  { flags: '--port <port>', about: 'vendors: default 8720, always on 127.0.0.1; 0 = any free one' },
  { flags: '--faults <file>', about: 'vendors: JSON with the rates of the faults to inject' },
  { flags: '--date <date>', about: 'vendors: the simulated day, default the last completed one' },
  { flags: '--at <HH:MM>', about: 'vendors: the time of day it begins at, default 09:15' },
  { flags: '--speed <factor>', about: 'vendors: how much faster than real time, default 1; 0 stands still' },
  { flags: '--rate <calls>', about: 'vendors: calls per minute and interface before TuShare says no, default no limit' },
] as const

export function vendorsArgsOf(options: Readonly<Record<string, unknown>>): unknown {
  const whole = (name: string, least: number) => (options[name] === undefined ? {} : { [name]: wholeNumber(name, options[name], least) })
  const text = (name: string) => (options[name] === undefined ? {} : { [name]: options[name] })
  const speed = options['speed'] === undefined || options['speed'] === '' ? NaN : Number(options['speed'])
  if (options['speed'] !== undefined && !(speed >= 0)) throw new UsageError(`Cannot use --speed ${JSON.stringify(options['speed'])}: it is a factor from 0 on`)
  return {
    action: 'vendors',
    ...whole('port', 0),
    ...text('faults'),
    ...whole('date', 0),
    ...text('at'),
    ...whole('rate', 1),
    ...(Number.isNaN(speed) ? {} : { speed }),
  }
}

export function vendorsText({ address, date, faults, log }: VendorsReply): string {
  return `Fake vendors at ${address} of ${date} stopped. Injected faults: ${faults}${faults === 0 ? '' : `, written to ${log}`}.`
}
