import { EngineError, type ParamValue } from './engine.ts'
import { holesOf, isBadSql, isSymbol, sqlTokens } from './sql-tokens.ts'

/** A statement that may be sent: one, without its closing semicolon, every hole with a value. */
export interface CheckedStatement {
  readonly query: string
  /** The given values of the holes it has. */
  readonly params: Readonly<Record<string, ParamValue>>
}

/**
 * Refuses what would behave differently on the two flavours or outlive the call: several statements, SET and USE, holes without a value.
 * Throws EngineError 'syntax'.
 */
export function checkStatement(sql: string, given: Readonly<Record<string, ParamValue>> = {}): CheckedStatement {
  const tokens = sqlTokens(sql)
  if (isBadSql(tokens)) throw refusal(`found ${tokens.reason} at position ${tokens.at}`)
  const last = tokens.findLastIndex((token) => !isSymbol(token, ';'))
  if (last < 0) throw refusal('it is empty')
  const inner = tokens.slice(0, last + 1)
  const border = inner.find((token) => isSymbol(token, ';'))
  if (border !== undefined) throw refusal(`only one at a time, found another after position ${border.at}`)
  if (/^(set|use)$/i.test(inner[0]!.text))
    throw refusal(`${inner[0]!.text.toUpperCase()} would outlive the call. Pass settings, and write tables as database.table`)
  const holes = holesOf(inner)
  const open = holes.filter((name) => given[name] === undefined)
  if (open.length > 0) throw refusal(`every {name:Type} needs a value, found none for ${open.join(', ')}. Pass params`)
  const end = tokens[last + 1]?.at
  return { query: end === undefined ? sql.trim() : sql.slice(0, end).trim(), params: Object.fromEntries(holes.map((name) => [name, given[name]!])) }
}

function refusal(found: string): EngineError {
  return new EngineError('syntax', `Cannot run a statement: ${found}`)
}
