import { codeList } from './option-values.ts'

/** The flags `plan` and `run` share. */
export const nightOptions = [
  { flags: '--from <date>', about: 'first trade date, YYYYMMDD' },
  { flags: '--to <date>', about: 'last trade date, YYYYMMDD' },
  { flags: '--date <date>', about: 'one trade date' },
  { flags: '--all', about: 'every day there are raw data for' },
  { flags: '--codes <codes...>', about: 'only these stocks are written, such as 600519.SH 300027.SZ' },
  { flags: '--scope <scope>', about: 'tick tables: pool (the work set, default) or all stocks with ticks' },
  { flags: '--force', about: 'build the named tables even when they are fresh' },
] as const

/** The verb's arguments from the flags. A range may also be written as one word, 20260101..20260131. */
export function nightArguments(positional: readonly unknown[], options: Readonly<Record<string, unknown>>): unknown {
  const words = (positional[0] as readonly string[] | undefined) ?? []
  const dates = words.filter((word) => /^\d{8}(?:\.\.\d{8})?$/.test(word)).flatMap((word) => word.split('..'))
  const codes = codeList(options['codes'])
  return {
    targets: words.filter((word) => !/^\d{8}(?:\.\.\d{8})?$/.test(word)),
    ...(dates.length > 0 ? { from: dates[0], to: dates.at(-1) } : {}),
    ...pick(options, ['from', 'to', 'date', 'all', 'scope', 'force']),
    ...(codes === undefined ? {} : { codes }),
  }
}

function pick(options: Readonly<Record<string, unknown>>, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(names.filter((name) => options[name] !== undefined).map((name) => [name, options[name]]))
}
