import { nearest, UsageError } from '#core/errors.ts'
import { engineTypeOf, type Label } from './column.ts'
import { orderOf, partitionExpression } from './ddl.ts'
import { upstreamOf } from './lineage.ts'
import { sqlOf } from './table-sql.ts'
import type { Table } from './table.ts'
import { findTable, tables } from './tables.ts'

/** Everything a person asks of a table: what a row is, where it comes from, who reads it, how it is checked and built. */
export interface TableExplanation {
  readonly name: string
  readonly layer: string
  readonly label: Label
  readonly about: string
  readonly grain: readonly string[]
  readonly order: readonly string[]
  readonly partition: string | undefined
  readonly builtBy: string
  readonly readyAt: string
  readonly inputs: readonly { readonly table: string; readonly lookback: string }[]
  readonly upstream: readonly string[]
  readonly readBy: readonly string[]
  readonly audits: readonly { readonly rule: string; readonly severity: string }[]
  readonly columns: readonly ColumnExplanation[]
  readonly sql: string | undefined
}

export interface ColumnExplanation {
  readonly name: string
  readonly type: string
  readonly unit: string
  readonly nullable: boolean
  readonly label: Label
  readonly about: string
}

/** Explain `table` or `table.column`. Throws UsageError with the nearest name when there is no such thing. */
export function explain(target: string): TableExplanation | { readonly table: string; readonly column: ColumnExplanation; readonly sql: string | undefined } {
  const [tableName = '', columnName] = target.split('.')
  const table = findTable(tableName)
  if (table === undefined)
    throw new UsageError(
      `Cannot explain ${tableName}: there is no such table${suggestion(
        tableName,
        tables.map(({ name }) => name),
      )}. List them with: fupan list tables`,
    )
  if (columnName === undefined) return explainTable(table)
  const column = table.columns[columnName]
  if (column === undefined)
    throw new UsageError(
      `Cannot explain ${target}: ${tableName} has no such column${suggestion(columnName, Object.keys(table.columns))}. See: fupan explain ${tableName}`,
    )
  return { table: table.name, column: explainColumn(columnName, table), sql: hasSql(table) ? sqlOf(table) : undefined }
}

function explainTable(table: Table): TableExplanation {
  return {
    name: table.name,
    layer: table.layer,
    label: table.label,
    about: table.about,
    grain: table.grain,
    order: orderOf(table),
    partition: partitionExpression(table),
    builtBy: table.build.by,
    readyAt: table.readyAt,
    inputs: table.inputs.map((input) => ({
      table: input.table.name,
      lookback: input.lookback === 'all' ? 'all earlier days' : input.lookback === 0 ? 'same day' : `${input.lookback} market days`,
    })),
    upstream: upstreamOf(table).map(({ name }) => name),
    readBy: tables.filter((other) => other.inputs.some((input) => input.table === table)).map(({ name }) => name),
    audits: table.audits.map(({ rule, severity }) => ({ rule, severity })),
    columns: Object.keys(table.columns).map((name) => explainColumn(name, table)),
    sql: hasSql(table) ? sqlOf(table) : undefined,
  }
}

function explainColumn(name: string, table: Table): ColumnExplanation {
  const column = table.columns[name]!
  return { name, type: engineTypeOf(column), unit: column.unit, nullable: column.nullable, label: column.label, about: column.about }
}

function hasSql(table: Table): boolean {
  return table.build.by === 'sql'
}

function suggestion(word: string, known: readonly string[]): string {
  const near = nearest(word, known)
  return near === undefined ? '' : ` (did you mean ${near}?)`
}
