import { UsageError, nearest } from '#core/errors.ts'
import type { Database } from './database.ts'

/** A table of the ledger as `fupan query` sees it. */
export interface LedgerTable {
  readonly name: string
  readonly kind: 'table' | 'view'
  readonly columns: readonly { readonly name: string; /** integer, real or text; '' for a computed column. */ readonly type: string }[]
}

export interface LedgerRows {
  readonly name: string
  readonly columns: readonly string[]
  /** Cells in the order of the columns: number, string or null. */
  readonly rows: readonly (readonly unknown[])[]
}

/** Every table and view, by name. */
export function ledgerTables(database: Database): readonly LedgerTable[] {
  return database
    .all<{ name: string; type: 'table' | 'view' }>(
      "select name, type from sqlite_schema where type in ('table', 'view') and name not like 'sqlite_%' order by name",
    )
    .map(({ name, type }) => ({
      name,
      kind: type,
      columns: database
        .all<{ name: string; type: string }>('select name, type from pragma_table_info(?)', name)
        .map((column) => ({ name: column.name, type: column.type.toLowerCase() })),
    }))
}

/** Rows of one table, newest first where rows have an order of arrival. Throws UsageError on an unknown name. */
export function readLedgerTable(database: Database, name: string, limit: number, offset = 0): LedgerRows {
  const table = database.all<{ name: string; type: string; wr: number }>(
    "select name, type, wr from pragma_table_list where schema = 'main' and name = ? and name not like 'sqlite_%'",
    name,
  )[0]
  if (table === undefined) {
    const meant = nearest(
      name,
      ledgerTables(database).map((known) => known.name),
    )
    throw new UsageError(`Cannot read "${name}": the ledger has no such table${meant === undefined ? '' : `; did you mean "${meant}"?`}`)
  }
  // The name comes from the schema, not from outside; quoted it cannot be anything but a name.
  const order = table.type === 'table' ? (table.wr === 1 ? 'order by 1 desc, 2 desc' : 'order by rowid desc') : ''
  return { name, ...database.table(`select * from "${table.name}" ${order} limit ? offset ?`, limit, offset) }
}
