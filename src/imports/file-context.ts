import { basename, dirname } from 'node:path'
import type { Code } from '#core/code.ts'
import { UsageError } from '#core/errors.ts'
import type { FileContext } from '#core/import-kind.ts'
import type { TradeDate } from '#core/trade-date.ts'
import { codeFrom } from './instrument.ts'
import { dateFrom } from './timestamp.ts'

/** What the user said about a file. */
export interface Said {
  readonly code?: string
  readonly date?: string
  readonly today: TradeDate
}

/**
 * Where a file comes from: the code and the date the user gave, else those its name or the two folders above it carry
 * (`300027.SZ/2018-01-15.csv.gz`, `600519.SH_20230201/trade.csv.gz`). A name that carries two different ones says nothing.
 * Throws UsageError when `--code` or `--date` cannot be read.
 */
export function contextOf(path: string, said: Said): FileContext {
  const parts = [basename(path), basename(dirname(path)), basename(dirname(dirname(path)))]
  const code = said.code === undefined ? first(parts, codeIn) : saidCode(said.code)
  const date = said.date === undefined ? first(parts, dateIn) : saidDate(said.date)
  return { path, fileName: parts[0]!, today: said.today, ...(code === undefined ? {} : { code }), ...(date === undefined ? {} : { date }) }
}

function codeIn(name: string): Code | undefined {
  const written = [...name.matchAll(/(?<!\d)(?:(?:sh|sz|bj)\.?\d{6}|\d{6}\.(?:SH|SZ|BJ|CSI))(?![\da-z])/gi)].map((match) => match[0])
  // Six digits may be a month: 202603 is no code.
  const bare = [...name.matchAll(/(?<!\d)\d{6}(?!\d)/g)].map((match) => match[0]).filter((digits) => !/^(?:19|20)\d\d(?:0[1-9]|1[0-2])$/.test(digits))
  return only((written.length > 0 ? written : bare).map(codeFrom))
}

function dateIn(name: string): TradeDate | undefined {
  return only([...name.matchAll(/(?<!\d)(?:\d{8}|\d{4}-\d{2}-\d{2})(?!\d)/g)].map((match) => dateFrom(match[0])))
}

function only<T>(found: readonly (T | undefined)[]): T | undefined {
  const distinct = new Set(found.filter((each) => each !== undefined))
  return distinct.size === 1 ? [...distinct][0] : undefined
}

function first<T>(parts: readonly string[], find: (part: string) => T | undefined): T | undefined {
  for (const part of parts) {
    const found = find(part)
    if (found !== undefined) return found
  }
  return undefined
}

function saidCode(text: string): Code {
  const code = codeFrom(text)
  if (code === undefined) throw new UsageError(`Cannot use --code: it is six digits with an exchange, found ${JSON.stringify(text)}. Write it like 600519.SH`)
  return code
}

function saidDate(text: string): TradeDate {
  const date = dateFrom(text)
  if (date === undefined) throw new UsageError(`Cannot use --date: it is a calendar day, found ${JSON.stringify(text)}. Write it like 2026-01-05`)
  return date
}
